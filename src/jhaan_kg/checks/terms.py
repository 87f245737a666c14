"""Undefined terms and terms in the wrong place: in the ontology, the data, the shapes and the queries.

RDF lets everybody say anything with any IRI, so a slip of the pen is valid, and silently finds nothing. Here
each predicate, each class, each IRI of the project's own namespaces and of the reused vocabularies must be
declared in ontology/, be built in, or be a thing that the data describe.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.languages import LANGUAGE_NAMESPACES
from jhaan_kg.checks.query_patterns import patterns
from jhaan_kg.checks.stated import QueryText, Stated, iri_of
from jhaan_kg.checks.vocabulary import Vocabulary, nearest
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import BASE, ID, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SH, compact
from jhaan_kg.query.sparql_text import line_at, query_file_mentions, sparql_mentions

SHAPES: Final = BASE + "shapes#"
LABEL_TEMPLATE: Final = ONTOLOGY + "labelTemplate"
CURIE_IN_TEMPLATE: Final = re.compile(r"\{(\w+:[\w-]+)\s*\}")

_PROPERTIES: Final = tuple(kind for kind in Kind if kind.is_property)
_CLASS: Final = (Kind.CLASS,)
_KINDS_OF_VALUE: Final[dict[str, tuple[Kind, ...]]] = {
    **dict.fromkeys(
        (
            RDF + "type",
            RDFS + "subClassOf",
            RDFS + "domain",
            OWL + "equivalentClass",
            OWL + "disjointWith",
            OWL + "onClass",
            SH + "class",
            SH + "targetClass",
        ),
        _CLASS,
    ),
    RDFS + "range": (Kind.CLASS, Kind.DATATYPE),
    SH + "datatype": (Kind.DATATYPE,),
    **dict.fromkeys(
        (
            RDF + "predicate",
            ONTOLOGY + "contestedProperty",
            RDFS + "subPropertyOf",
            OWL + "equivalentProperty",
            OWL + "inverseOf",
            OWL + "onProperty",
            OWL + "propertyDisjointWith",
            SH + "path",
            SH + "inversePath",
            SH + "targetSubjectsOf",
            SH + "targetObjectsOf",
            SH + "equals",
            SH + "disjoint",
            SH + "lessThan",
            SH + "lessThanOrEquals",
            ONTOLOGY + "onProperty",
            ONTOLOGY + "notStated",
        ),
        _PROPERTIES,
    ),
}
"""The kinds that the values of a predicate must have."""


def check_terms(
    ontology: Collection[Stated],
    data: Collection[Stated],
    shapes: Collection[Stated],
    queries: Collection[QueryText],
) -> list[Finding]:
    """Find undefined terms and terms in the wrong place.

    Args:
        ontology: the triples of the files in ontology/.
        data: those of data/, all layers.
        shapes: those of shapes/.
        queries: the files of queries/.

    Returns:
        The findings, sorted; a term that is wrong several times in one file is reported once, with its first
        line.
    """
    checker = _Checker(Vocabulary(ontology), data, shapes)
    for statement in (*ontology, *data, *shapes):
        checker.statement(statement)
    for query in queries:
        checker.query(query)
    return checker.findings()


@dataclass(frozen=True)
class _Fault:
    """What is wrong with a term, wherever it stands.

    Attributes:
        code: the code of the finding.
        iri: the term; a prefixed name whose prefix is unknown, as written.
        message: what was found and what was expected.
        fix: what to do about it.
    """

    code: str
    iri: str
    message: str
    fix: str


class _Checker:
    """Looks at each place of a term, and gathers the faults with their places."""

    def __init__(self, vocabulary: Vocabulary, data: Iterable[Stated], shapes: Iterable[Stated]) -> None:
        self.vocabulary = vocabulary
        self.things = {iri_of(statement.triple.subject) for statement in data}
        self.shapes = {iri_of(statement.triple.subject) for statement in shapes}
        self.places: dict[tuple[str, _Fault], list[int]] = defaultdict(list)

    def findings(self) -> list[Finding]:
        found = []
        for (path, fault), lines in self.places.items():
            more = len(set(lines)) - 1
            repeated = f" The same in {more} more line{'s' * (more > 1)} of this file." if more else ""
            subject = compact(fault.iri) if "//" in fault.iri else fault.iri
            fix = f"{fault.fix}{repeated}"
            found.append(Finding(path, min(lines), Severity.ERROR, fault.code, subject, fault.message, fix))
        return sorted(found)

    def report(self, path: str, line: int, faults: Iterable[_Fault | None]) -> None:
        for fault in faults:
            if fault:
                self.places[path, fault].append(line)

    # --- where terms stand ----------------------------------------------------------------------------------

    def statement(self, statement: Stated) -> None:
        triple, path, line = statement.triple, statement.path, statement.line
        self.report(path, line, self.use(triple.predicate.value, triple.object))
        self.report(path, line, [self.mention(iri_of(triple.subject))])
        if isinstance(triple.object, Literal):
            literal = triple.object
            if triple.predicate.value in (SH + "select", SH + "ask"):
                for mention in sparql_mentions(literal.value):
                    self.report(path, line, [self.word(mention.iri, mention.text, typed=mention.typed)])
            elif triple.predicate.value == LABEL_TEMPLATE:
                self.report(path, line, map(self.templated, CURIE_IN_TEMPLATE.findall(literal.value)))

    def query(self, query: QueryText) -> None:
        mentions = list(query_file_mentions(query.text))
        first: dict[str, int] = {}
        for mention in mentions:
            first.setdefault(mention.iri, line_at(query.text, mention.offset))
        # Where a pattern tells in which role a term stands, the pattern is looked at, else the bare term.
        in_role: set[str] = set()
        for predicate, value in patterns(query):
            in_role.add(predicate)
            if predicate in _KINDS_OF_VALUE:
                in_role.add(iri_of(value))
            for fault in self.use(predicate, value):
                if fault:
                    self.report(query.path, first.get(fault.iri, first.get(predicate, 1)), [fault])
        for mention in mentions:
            if mention.iri not in in_role:
                line = line_at(query.text, mention.offset)
                self.report(query.path, line, [self.word(mention.iri, mention.text, typed=mention.typed)])

    # --- what may be wrong ----------------------------------------------------------------------------------

    def use(self, predicate: str, term: object) -> Iterator[_Fault | None]:
        """Look at the predicate of a triple and at its object; None stands for one that isn't known."""
        kinds = self.vocabulary.kinds(predicate)
        yield self.expected(predicate, _PROPERTIES, "as a predicate")
        if isinstance(term, Literal):
            yield self.literal(predicate, kinds, term)
        elif term is not None:
            yield from self.thing(predicate, kinds, iri_of(term))

    def thing(self, predicate: str, kinds: frozenset[Kind], value: str) -> Iterator[_Fault | None]:
        """Look at an object that is no literal; a blank node has no IRI."""
        if kinds == {Kind.DATATYPE_PROPERTY}:
            yield _Fault(
                "wrong-use",
                predicate,
                "is a datatype property, but its value is no literal.",
                "Write a literal, or use an object property.",
            )
        if not value:
            return
        wanted = _KINDS_OF_VALUE.get(predicate)
        if wanted:
            yield self.expected(value, wanted, f"as a value of {compact(predicate)}")
            return
        yield self.mention(value)
        if kinds == {Kind.OBJECT_PROPERTY} and Kind.CLASS in self.vocabulary.kinds(value):
            yield _Fault(
                "wrong-use",
                value,
                f"is a class, but stands as a value of {compact(predicate)}, which takes individuals.",
                "Name an individual, such as a term of a code list.",
            )

    def literal(self, predicate: str, kinds: frozenset[Kind], literal: Literal) -> _Fault | None:
        """Look at a literal and its datatype."""
        if kinds == {Kind.OBJECT_PROPERTY} or predicate in _KINDS_OF_VALUE:
            return _Fault(
                "wrong-use",
                predicate,
                "takes a thing, but its value is a literal.",
                "Write the IRI of a thing, or use a datatype property.",
            )
        datatype = literal.datatype.value
        unknown = self.expected(datatype, (Kind.DATATYPE,), "as a datatype")
        allowed = self.vocabulary.datatypes(predicate)
        if unknown or not allowed or datatype in allowed or RDFS + "Literal" in allowed:
            return unknown
        written = f"@{literal.language}" if literal.language else f"a literal of type {compact(datatype)}"
        return _Fault(
            "wrong-datatype",
            predicate,
            f"takes {' and '.join(map(compact, sorted(allowed)))}, but the value is "
            + (f"tagged {written}." if literal.language else f"{written}."),
            "Correct the literal.",
        )

    def word(self, iri: str, text: str, *, typed: bool) -> _Fault | None:
        """Look at an IRI in a SPARQL text."""
        if not iri:
            prefix = text.partition(":")[0]
            return _Fault(
                "undefined-prefix",
                text,
                f"the prefix {prefix}: is not declared.",
                f"Declare it: PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>.",
            )
        return self.expected(iri, _CLASS, "behind `a`") if typed else self.mention(iri)

    def templated(self, curie: str) -> _Fault | None:
        """Look at a property in the template of a label."""
        prefix, _, name = curie.partition(":")
        if prefix not in PREFIXES:
            message = f"the prefix of {{{curie}}} is not in the project's table."
            return _Fault("undefined-prefix", LABEL_TEMPLATE, message, "Use a prefix of the table.")
        return self.expected(PREFIXES[prefix] + name, _PROPERTIES, "in a template of labels")

    def expected(self, iri: str, wanted: tuple[Kind, ...], place: str) -> _Fault | None:
        """Look at a term that must be declared and be of certain kinds."""
        kinds = self.vocabulary.kinds(iri)
        if kinds & frozenset(wanted):
            return None
        if kinds:
            what = " and ".join(sorted(kind.value for kind in kinds))
            fix = self.guess(iri, wanted) or f"Use {wanted[-1].value}."
            return _Fault("wrong-use", iri, f"stands {place}, but it is {what}.", fix)
        return self.undefined(iri, wanted)

    def mention(self, iri: str) -> _Fault | None:
        """Look at a term that may be anything, as long as it is declared or described."""
        if iri.startswith(ID):
            return None if iri in self.things else self.undescribed(iri)
        if iri.startswith(SHAPES):
            return None if iri in self.shapes else self.undefined(iri, tuple(Kind))
        watched = iri.startswith((ONTOLOGY, *LANGUAGE_NAMESPACES, *_REUSED_NAMESPACES))
        return self.undefined(iri, tuple(Kind)) if watched and not self.vocabulary.is_known(iri) else None

    def undefined(self, iri: str, wanted: tuple[Kind, ...]) -> _Fault:
        """Say that a term isn't declared."""
        what = wanted[0].value.partition(" ")[2] if len(wanted) == 1 else "property"
        what = "term" if len(wanted) == len(Kind) else what
        if iri.startswith(LANGUAGE_NAMESPACES):
            return _Fault(
                "undefined-term", iri, f"the standard defines no such {what}.", self.guess(iri, wanted)
            )
        fix = self.guess(iri, wanted)
        if iri.startswith(ONTOLOGY):
            fix = fix or "Declare it, or correct the spelling."
        elif iri.startswith(_REUSED_NAMESPACES):
            fix = f"{fix} If it is a term of that vocabulary, run `python -m jhaan_kg.reused_terms`.".lstrip()
        elif not fix:
            fix = "Use a term of the ontology or of a reused vocabulary."
        return _Fault("undefined-term", iri, f"no file in ontology/ declares this {what}.", fix)

    def undescribed(self, iri: str) -> _Fault:
        """Say that nothing is known of a thing."""
        near = nearest(iri, tuple(sorted(self.things)))
        fix = (
            f"Did you mean {near}?" if near else "Register it in data/register/, or describe it in a section."
        )
        return _Fault("undescribed-thing", iri, "no source says anything of this thing.", fix)

    def guess(self, iri: str, wanted: tuple[Kind, ...]) -> str:
        near = self.vocabulary.like(iri, wanted)
        return f"Did you mean {near}?" if near else ""


_REUSED_NAMESPACES: Final = tuple(
    namespace
    for namespace in PREFIXES.values()
    if not namespace.startswith(BASE) and namespace not in LANGUAGE_NAMESPACES
)
