"""The account of a proof for readers: how much is proven word by word, how much rests on its place alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import compact
from jhaan_kg.proof import wordings
from jhaan_kg.proof.completeness import MentionKind
from jhaan_kg.proof.grounding import Ground
from jhaan_kg.proof.proof import Proof
from jhaan_kg.proof.texts import Drift
from jhaan_kg.reports import locator

_KINDS: Final[Mapping[str, tuple[NamedNode, ...]]] = {
    "dates and periods": (wordings.BY_DATE,),
    "numbers, units, qualifiers": (wordings.BY_NUMBER, wordings.BY_QUANTITY),
    "names of who, where and what": (wordings.BY_NAME,),
    "titles and words as printed": (wordings.BY_WORDS,),
    "kinds and formats": (wordings.BY_WORDING,),
    "roles": (wordings.BY_ROLE,),
    "places in a list": (wordings.BY_ORDER, wordings.BY_PASSAGE),
}


class Share(NamedTuple):
    """How many of some things are proven."""

    what: str
    proven: int
    total: int

    def __str__(self) -> str:
        """Return it as a line of a table.

        >>> print(Share("roles", 3, 4))
        roles                               3 of     4   75.0 %
        """
        return f"{self.what:<31} {self.proven:>5} of {self.total:>5}  {_percent(self.proven, self.total)}"


class Account:
    """What a proof comes to."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    @property
    def statements(self) -> int:
        """How many statements passages make; one that two passages make counts twice."""
        return len(self._proof.claims)

    @cached_property
    def proven(self) -> int:
        """How many of the statements are proven word by word."""
        return sum(claim.ground is Ground.PROVEN for claim in self._proof.claims)

    @cached_property
    def by_place(self) -> Mapping[str, int]:
        """How many have no form in a text, by property; they rest on the passage that they cite."""
        declared = (claim for claim in self._proof.claims if claim.ground is Ground.DECLARED)
        return dict(Counter(compact(claim.fact.predicate.value) for claim in declared).most_common())

    @cached_property
    def by_curation(self) -> int:
        """How many stand by an exception of curation."""
        return sum(map(self._proof.is_excepted, self._proof.claims))

    @cached_property
    def kinds(self) -> list[Share]:
        """How many are proven of each kind that can be."""
        return [
            Share(what, sum(one.ground is Ground.PROVEN for one in of_kind), len(of_kind))
            for what, ways in _KINDS.items()
            for of_kind in [[claim for claim in self._proof.claims if claim.by in ways]]
        ]

    @cached_property
    def found(self) -> list[Share]:
        """How many of the dates, numbers, names and roles of the text the graph takes."""
        return [
            Share(f"{kind.value}s", sum(one.taken for one in of_kind), len(of_kind))
            for kind in MentionKind
            for of_kind in [[one for one in self._proof.mentions if one.kind is kind]]
        ]

    @property
    def excepted(self) -> float:
        """The share of what could be found that curation excepts."""
        return self._proof.excepted_share

    @property
    def drifts(self) -> tuple[Drift, ...]:
        """How texts differ in their words from their passages, for curators to look at."""
        return self._proof.texts.drifts

    def lines(self) -> Iterator[str]:
        """Yield the account in lines for people."""
        total, by_place = self.statements, sum(self.by_place.values())
        different = len({claim.fact for claim in self._proof.claims})
        parts = {
            "proven word by word": self.proven,
            "by their place alone": by_place,
            "by curation": self.by_curation,
            "not proven": total - self.proven - by_place - self.by_curation,
        }
        yield f"What the passages state: {total} statements ({different} different ones)"
        yield from (f"  {what:<21} {count:>5}  {_percent(count, total)}" for what, count in parts.items())
        yield ""
        yield "From graph to text: proven, of those that can be"
        yield from (f"  {share}" for share in self.kinds)
        yield ""
        yield "By their place alone, since their values have no form in a text (the lexicon says why)"
        yield "  " + ", ".join(f"{name} {count}" for name, count in self.by_place.items())
        yield ""
        yield "From text to graph: taken, of those that stand in the passages that were read"
        yield from (f"  {share}" for share in self.found)
        yield (
            "  common words with capitals, such as EU, which name no body of their own: "
            f"{self._proof.common} places"
        )
        yield ""
        yield f"Excepted by curation ({self.excepted:.1%} of what stands in the passages; at most 5 % are allowed)"
        for one in self._proof.exceptions:
            yield f"  {locator(one.passage)}: {one} ({compact(one.kind.value)})"
        yield ""
        yield "Summaries and findings whose words differ from their passages, for curators (--words lists them)"
        texts = len(self._proof.texts.own)
        added = sum(bool(one.added) for one in self.drifts)
        left_out = sum(bool(one.left_out) for one in self.drifts)
        yield f"  {Share('by words of their own', added, texts)}"
        yield f"  {Share('without a qualifier or modality', left_out, texts)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "      -"
