"""Comparison of curators' texts with their passages.

It finds additional words, and missing qualifiers and modal verbs.

Summaries and findings are in the curators' own words, so a difference is not an error. But a word that is in no passage
may differ in meaning from the report's term, and without its modal verb a plan looks like a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode
from snowballstemmer.english_stemmer import EnglishStemmer

from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.proof.lexicon import NAMES
from jhaan_kg.proof.passage import AnnotatedReport, PassageText
from jhaan_kg.proof.words import Words, tokenise
from jhaan_kg.reports import locator

_SUMMARY: Final = jhaan("summary")
_BASED_ON: Final = jhaan("basedOn")

_FUNCTION_WORDS: Final = """
a about after against all also although among an and another any are as at be because been before being between both
but by did do does each for from had has have having how if in into is it its itself more no nor not of on or other
others out own per same since so such than that the their them then there these they this those through to towards
under until upon was were what when where whether which while who whom whose why with within without
one two three four five six seven eight nine ten eleven twelve first second third fourth fifth
"""
_EDITORIAL: Final = """
call came come concern cover describe example express foreword gave give given held hold include list made make
mention name part purpose report section stand state take took use
"""
_EDITORIAL_IN_FINDINGS: Final = """
abbreviation accent according add again already announce another apart apostrophe article audience author begin behind
belong beside body bracket capital caption chapter close colon comma contain date day define different elsewhere end
entry enumeration event explain expressly figure footnote format full heading illustrate inconsistent instead
introduce item join lack language last legend link many mark mean meant missing month neither new note noun number
omit only order organiser paragraph passage people phrase place plural precede preposition print question quotation
reader refer relate replace reply result role row say semicolon sentence separate show singular some spell spelt
standard stop superfluous table term text themselves timeline title topic twice unlike vary venue verb version whole
word write written year
"""
_MODALITY: Final = (
    "may, might, could, can, possible, possibly, potential, potentially",
    "aim, aims, aimed, aiming, goal, objective, purpose, seek, seeks, is to, are to",
    "intend, intends, intended, plan to, plans to, planned",
    "will, would, shall",
    "expected, foresee, foreseen",
    "should",
    "likely",
)
_QUALIFIERS: Final = (
    "around #, about #, approximately, roughly",
    "over #, more than",
    "almost, nearly",
    "up to #, at most, maximum",
    "at least, minimum",
    "mainly, mostly, largely, primarily",
    "particularly, in particular, especially, notably, specifically",
    "some",
    "several",
    "various",
    "many",
    "most",
    "all, every",
    "further, additional",
    "only, solely",
)
"""Groups of equivalent qualifiers; # is a number."""
_REACH: Final = 3
"""The maximum number of words from a qualifier or modal verb to the word that it limits."""
_MOSTLY: Final = 0.6
"""The share of a text's content words above which a modal verb applies to the text.

Only content words that follow the verb in the passage count.
"""
_stemmer: Final = EnglishStemmer()


class OwnText(NamedTuple):
    """A text by curators: subject, text, IRIs of passages, and whether it is a finding."""

    node: NamedNode
    text: str
    passages: tuple[str, ...]
    is_finding: bool = False


@dataclass(frozen=True)
class Drift:
    """Differences between a text and its passages.

    Attributes:
        own: the text.
        added: its words that are neither in the passages nor in names of mentioned entities.
        left_out: the qualifiers and modal verbs that it lacks.
    """

    own: OwnText
    added: tuple[str, ...]
    left_out: tuple[str, ...]

    def __str__(self) -> str:
        """Return the differences as an entry of the list for curators."""
        where = "; ".join(map(locator, self.own.passages))
        kinds = (("added", self.added), ("left out", self.left_out))
        words = "; ".join(f"{kind}: {', '.join(found)}" for kind, found in kinds if found)
        return f"{where}: {compact(self.own.node.value)}\n  “{self.own.text}”\n  {words}"


class _Sentence(NamedTuple):
    printed: str
    stems: frozenset[str]


class Texts:
    """The curators' texts of a graph, with their passages in a report."""

    def __init__(self, report: AnnotatedReport) -> None:
        self.statements, self.passages = report.statements, report.passages
        self._names: dict[NamedNode, frozenset[str]] = {}
        self._read: dict[Words, tuple[_Sentence, ...]] = {}

    @cached_property
    def own(self) -> tuple[OwnText, ...]:
        """The summaries of passages' statements, followed by the findings."""
        summaries: dict[tuple[NamedNode, str], list[str]] = {}
        for passage in self.passages:
            for fact in self.statements.by_passage.get(passage, ()):
                if fact.predicate == _SUMMARY:
                    summaries.setdefault((fact.subject, fact.object.value), []).append(passage)
        texts = [OwnText(node, text, tuple(iris)) for (node, text), iris in summaries.items()]
        for node in self.statements.graph.subjects(_BASED_ON):
            places = [place.value for place in self.statements.graph.nodes(node, _BASED_ON)]
            if iris := tuple(iri for place in places for iri in self._leaves(place)):
                texts += (
                    OwnText(node, text, iris, True) for text in self.statements.graph.texts(node, _SUMMARY)
                )
        return tuple(texts)

    def _leaves(self, place: str) -> list[str]:
        """Return a passage, or the passages of a section and of its subsections."""
        if place in self.passages:
            return [place]
        return [iri for iri in self.passages if iri.startswith((f"{place}/", f"{place}."))]

    @cached_property
    def drifts(self) -> tuple[Drift, ...]:
        """The differences of all texts that have some."""
        return tuple(filter(None, map(self.drift, self.own)))

    def drift(self, own: OwnText) -> Drift | None:
        """Return the differences between a text and its passages; None if there are none."""
        area = [one for iri in own.passages for one in self.passages[iri].area]
        tokens = tokenise(own.text)
        stems = _stems(tokens)
        known = self._collect_known(own.node, area) | (_ALLOWED_IN_FINDINGS if own.is_finding else _ALLOWED)
        added = dict.fromkeys(
            token
            for token, stem in zip(tokens, stems, strict=True)
            if len(token) > 1 and token.isalpha() and stem not in known
        )
        content = frozenset(stems) - _ALLOWED
        shared = {one: len(content & one.stems) for text in area for one in self._sentences(text.words)}
        near = [one.printed for one, size in shared.items() if size > max(shared.values()) / 2]
        # A finding comments on its passages, so it need not repeat their qualifiers and modal verbs.
        left_out = (
            {}
            if own.is_finding
            else dict.fromkeys(one for text in near for one in _find_omissions(text, stems))
        )
        return Drift(own, tuple(added), tuple(left_out)) if added or left_out else None

    def _collect_known(self, node: NamedNode, area: Sequence[PassageText]) -> set[str]:
        """Return the stems of passages, headings, and names of mentioned or linked entities."""
        read = [*area, *(heading for one in area for heading in one.headings)]
        things = {node, *(thing for one in read for name in one.names for thing in name.things)}
        linked = (triple.object for triple in self.statements.graph.triples(node))
        things.update(value for value in linked if isinstance(value, NamedNode))
        sentences = [sentence.stems for one in read for sentence in self._sentences(one.words)]
        return set().union(*sentences, *map(self._names_of, things))

    def _names_of(self, thing: NamedNode) -> frozenset[str]:
        if thing not in self._names:
            names = [name for predicate in NAMES for name in self.statements.graph.texts(thing, predicate)]
            self._names[thing] = frozenset(stem for name in names for stem in _stems(tokenise(name)))
        return self._names[thing]

    def _sentences(self, words: Words) -> tuple[_Sentence, ...]:
        if words not in self._read:
            found, last = [], 0
            while last < len(words.tokens):
                first, last = words.sentence_around(last)
                tokens = words.tokens[first:last]
                found.append(_Sentence(" ".join(map(_fold_token, tokens)), frozenset(_stems(tokens))))
            self._read[words] = tuple(found)
        return self._read[words]


def _find_omissions(printed: str, stems: Sequence[str]) -> Iterator[str]:
    """Yield qualifiers and modal verbs of a sentence that apply to a text but are missing."""
    text, content = " ".join(stems), frozenset(stems) - _ALLOWED
    for limit, alike, is_modal in _LIMITS:
        for found in limit.finditer(printed):
            if alike.search(text):
                break
            after = _stems(printed[found.end() :].split())
            limited = next((stem for stem in after[:_REACH] if stem not in _ALLOWED), None)
            if limited in content or (is_modal and len(content.intersection(after)) > _MOSTLY * len(content)):
                yield found.group()


def _fold_token(token: str) -> str:
    return token if token in ("May", "MAY") else token.casefold()  # the month, not the modal verb


@cache
def _stem(token: str) -> str:
    return str(_stemmer.stemWord(_fold_token(token)))


def _stems(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_stem, tokens))


def _compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    found = "|".join(phrase.replace(" #", r"(?= \d)") for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{found})(?!\S)")


def _compile_line(line: str) -> re.Pattern[str]:
    """Return the pattern of a line's words as stems."""
    return _compile_phrases(
        " ".join(_stems(phrase.removesuffix(" #").split())) for phrase in line.split(", ")
    )


_LIMITS: Final = [
    (_compile_phrases(line.split(", ")), _compile_line(line), line in _MODALITY)
    for line in (*_MODALITY, *_QUALIFIERS)
]
_ALLOWED: Final = frozenset(_stems(f"{_FUNCTION_WORDS} {_EDITORIAL}".split()))
_ALLOWED_IN_FINDINGS: Final = _ALLOWED | frozenset(_stems(_EDITORIAL_IN_FINDINGS.split()))
