"""The account of a proof for readers: how much is proven word by word, how much rests on its place alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import compact
from jhaan_kg.passages import locator
from jhaan_kg.proof import wording
from jhaan_kg.proof.completeness import Kind
from jhaan_kg.proof.exceptions import Curated
from jhaan_kg.proof.grounding import Ground
from jhaan_kg.proof.proof import Proof
from jhaan_kg.proof.texts import Drift

_KINDS: Final[Mapping[str, tuple[NamedNode, ...]]] = {
    "dates and periods": (wording.BY_DATE,),
    "numbers, units, qualifiers": (wording.BY_NUMBER, wording.BY_QUANTITY),
    "names of who, where and what": (wording.BY_NAME,),
    "titles and words as printed": (wording.BY_WORDS,),
    "kinds and formats": (wording.BY_WORDING,),
    "roles": (wording.BY_ROLE,),
    "places in a list": (wording.BY_ORDER, wording.BY_PASSAGE),
}


@dataclass(frozen=True)
class Share:
    """How many of some things are proven.

    Attributes:
        what: the things.
        proven: how many are.
        total: how many there are.
    """

    what: str
    proven: int
    total: int

    def __str__(self) -> str:
        """Give it as a line of a table.

        >>> print(Share("roles", 3, 4))
        roles                               3 of     4   75.0 %
        """
        return f"{self.what:<31} {self.proven:>5} of {self.total:>5}  {_percent(self.proven, self.total)}"


@dataclass(frozen=True)
class Account:
    """What a proof comes to.

    Attributes:
        statements: how many statements passages make; one that two passages make counts twice.
        assertions: how many different ones they are.
        proven: how many of the statements are proven word by word.
        by_place: how many have no form in a text, by property; they rest on the passage that they cite.
        by_curation: how many stand by an exception of curation.
        kinds: what is proven of each kind that can be.
        found: how many of the dates, numbers, names and roles of the text the graph takes.
        exceptions: what curation excepts, in words.
        common: at how many places words stand that curation calls common.
        excepted: the share of them that curation excepts.
        texts: how many texts in our own words there are.
        drifts: how texts differ in their words from their passages, for curators to look at.
    """

    statements: int
    assertions: int
    proven: int
    by_place: Mapping[str, int]
    by_curation: int
    kinds: tuple[Share, ...]
    found: tuple[Share, ...]
    exceptions: tuple[str, ...]
    common: int
    excepted: float
    texts: int
    drifts: tuple[Drift, ...]

    @staticmethod
    def of(proof: Proof) -> Account:
        """Sum a proof up."""
        claims = proof.claims
        declared = Counter(
            compact(claim.fact.predicate.value) for claim in claims if claim.ground is Ground.DECLARED
        )
        excepted = {(one.passage, one.participation, one.role) for one in proof.exceptions if one.role}
        return Account(
            statements=len(claims),
            assertions=len({claim.fact for claim in claims}),
            proven=sum(claim.ground is Ground.PROVEN for claim in claims),
            by_place=dict(declared.most_common()),
            by_curation=sum(
                claim.by == wording.BY_ROLE
                and claim.ground is Ground.NOT_PROVEN
                and (claim.passage, claim.fact.subject, claim.fact.object) in excepted
                for claim in claims
            ),
            kinds=tuple(
                Share(what, sum(one.ground is Ground.PROVEN for one in of_kind), len(of_kind))
                for what, ways in _KINDS.items()
                for of_kind in [[claim for claim in claims if claim.by in ways]]
            ),
            found=tuple(
                Share(f"{kind.value}s", sum(one.taken for one in of_kind), len(of_kind))
                for kind in Kind
                for of_kind in [[one for one in proof.occurrences if one.kind is kind]]
            ),
            exceptions=tuple(map(_told, proof.exceptions)),
            common=proof.common,
            excepted=proof.excepted_share,
            texts=len(proof.texts.own),
            drifts=proof.texts.drifts,
        )

    def lines(self) -> Iterator[str]:
        """Give the account in lines for people."""
        by_place = sum(self.by_place.values())
        rest = self.statements - self.proven - by_place - self.by_curation
        yield f"What the passages state: {self.statements} statements ({self.assertions} different ones)"
        yield f"  proven word by word   {self.proven:>5}  {_percent(self.proven, self.statements)}"
        yield f"  by their place alone  {by_place:>5}  {_percent(by_place, self.statements)}"
        yield f"  by curation           {self.by_curation:>5}  {_percent(self.by_curation, self.statements)}"
        yield f"  not proven            {rest:>5}  {_percent(rest, self.statements)}"
        yield ""
        yield "From graph to text: proven, of those that can be"
        yield from (f"  {share}" for share in self.kinds)
        yield ""
        yield "By their place alone, since their values have no form in a text (the lexicon says why)"
        yield "  " + ", ".join(f"{name} {count}" for name, count in self.by_place.items())
        yield ""
        yield "From text to graph: taken, of those that stand in the passages that were read"
        yield from (f"  {share}" for share in self.found)
        yield f"  common words with capitals, such as EU, which name no body of their own: {self.common} places"
        yield ""
        yield f"Excepted by curation ({self.excepted:.1%} of what stands in the passages; at most 5 % are allowed)"
        yield from (f"  {one}" for one in self.exceptions)
        yield ""
        yield "Summaries and findings whose words differ from their passages, for curators (--words lists them)"
        added = sum(bool(one.added) for one in self.drifts)
        left_out = sum(bool(one.left_out) for one in self.drifts)
        yield f"  {Share('by words of their own', added, self.texts)}"
        yield f"  {Share('without a qualifier or modality', left_out, self.texts)}"


def _told(exception: Curated) -> str:
    what = f"“{exception.printed}”"
    if exception.participation and exception.role:
        what = f"{compact(exception.role.value)} in {compact(exception.participation.value)}"
    return f"{locator(exception.passage)}: {what} ({compact(exception.kind.value)})"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "      -"
