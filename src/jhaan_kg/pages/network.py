"""The network page: a matrix with the number of joint activities of each pair of agencies."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final, NamedTuple
from urllib.parse import urlencode

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import QUESTION, RULES, CountingRule
from jhaan_kg.namespaces import compact
from jhaan_kg.near import suggest
from jhaan_kg.pages.links import Link, agencies, ask, rows
from jhaan_kg.pages.templates import page
from jhaan_kg.pictures.drawing import Picture, describe_source
from jhaan_kg.pictures.matrix import Cell, draw_matrix, shade_of
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import Engine

USUAL: Final = "meetings"
"""The default counting rule."""

TITLES: Final[Mapping[str, str]] = {
    "meetings": "Meetings",
    "meetings-all-agencies": "Meetings, including those of all agencies",
    "joint-work": "Joint work",
    "cooperations": "Cooperations",
    "empact": "EMPACT",
}
"""The titles of counting rules, in the order of the menu."""

_COOPERATIONS: Final = "cooperations"

_MEMBERS: Final = (
    "SELECT DISTINCT ?one ?other "
    "WHERE { ?one jhaan:listedAsMemberIn ?report . ?other jhaan:listedAsMemberIn ?report }"
)
"""The pairs of agencies that one report lists as members of its network."""


class Pair(NamedTuple):
    """A pair of agencies.

    Attributes:
        one: the CURIE of the agency that comes first by label.
        other: the CURIE of the other agency.
        activities: the number of joint activities, according to the counting rule.
        cooperates: whether the agencies have a cooperation (Section 9 of the report).
    """

    one: str
    other: str
    activities: int
    cooperates: bool


class NetworkMatrix(NamedTuple):
    """The network of the agencies, according to a counting rule.

    Attributes:
        rule: the name of the rule.
        counting: the counting rule.
        agencies: the labels of the agencies by CURIE, sorted by label.
        pairs: all pairs of agencies of one network; each pair occurs once.
    """

    rule: str
    counting: CountingRule
    agencies: Mapping[str, str]
    pairs: tuple[Pair, ...]

    def names(self, pair: Pair) -> str:
        """Return the labels of a pair, such as "EUAA and FRA"."""
        return f"{self.agencies[pair.one]} and {self.agencies[pair.other]}"

    def words(self, pair: Pair) -> str:
        """Return the number of activities of a pair in words.

        An example is "21 meetings, with a cooperation".
        """
        counted = self.counting.one if pair.activities == 1 else self.counting.many
        number = f"{pair.activities} {counted}"
        return f"{number}, with a cooperation" if pair.cooperates and self.rule != _COOPERATIONS else number

    def level(self, pair: Pair) -> int:
        """Return the shade of a pair, from 0 for no activities to 4 for the largest number."""
        largest = max(each.activities for each in self.pairs)
        return shade_of(pair.activities, largest)


def network_matrix(engine: Engine, catalogue: Catalogue, rule: str) -> NetworkMatrix:
    """Return the network of the agencies.

    Args:
        engine: the graph.
        catalogue: the stored questions; the numbers come from their answers.
        rule: the name of a counting rule.

    Raises:
        JhaanError: the rule does not exist.
    """
    if rule not in RULES:
        raise JhaanError(f'Unknown counting rule "{rule[:100]}".{suggest(rule[:100], RULES)}')

    def count(type_: str) -> dict[tuple[str, str], int]:
        return {
            (compact(row["agency"]), compact(row["partner"])): int(row["jointActivities"])
            for row in ask(catalogue, engine, QUESTION, type=[type_])
        }

    counts, cooperations = count(RULES[rule].type), count(RULES[_COOPERATIONS].type)
    labels = {compact(agency.value): label for agency, label in agencies(engine)}
    of_one_network = {(compact(one), compact(other)) for one, other in rows(engine, _MEMBERS)}
    pairs = (
        Pair(*both, counts.get(both, 0), both in cooperations)
        for both in combinations(labels, 2)
        if both in of_one_network or both in counts
    )
    return NetworkMatrix(rule, RULES[rule], labels, tuple(pairs))


def network_page(engine: Engine, catalogue: Catalogue, rule: str, root: str) -> bytes:
    """Return the network page for a counting rule; an empty name means the default rule.

    Raises:
        JhaanError: the rule does not exist.
    """
    matrix = network_matrix(engine, catalogue, rule.strip() or USUAL)
    found = {frozenset((pair.one, pair.other)): pair for pair in matrix.pairs}
    asked = urlencode({"type": matrix.counting.type})
    return page(
        "network.html",
        root=root,
        title="Network",
        current="network",
        matrix=matrix,
        lines=[
            (label, [found.get(frozenset((one, other))) for other in matrix.agencies])
            for one, label in matrix.agencies.items()
        ],
        ordered=sorted(matrix.pairs, key=lambda pair: -pair.activities),
        rules=[(name, title, RULES[name].words) for name, title in TITLES.items()],
        question=Link(catalogue.get(QUESTION).summary, f"{root}/questions/{QUESTION}?{asked}"),
        file=f"{root}/questions/{QUESTION}.csv?{asked}&cite=yes&iris=no",
        picture=f"{root}/network.svg?rule={matrix.rule}",
    )


def network_file(engine: Engine, catalogue: Catalogue, rule: str) -> str:
    """Return the matrix as an SVG file; see `network_page`."""
    matrix = network_matrix(engine, catalogue, rule.strip() or USUAL)
    has_rings = matrix.rule != _COOPERATIONS
    cells = {
        (matrix.agencies[one], matrix.agencies[other]): Cell(
            row, str(pair.activities), is_ringed=pair.cooperates and has_rings
        )
        for row, pair in enumerate(matrix.pairs)
        for one, other in ((pair.one, pair.other), (pair.other, pair.one))
    }
    names = list(matrix.agencies.values())
    found = f"Number of {matrix.counting.many} that join two agencies; 0: none is on record. {matrix.counting.words}"
    if has_rings:
        found += " A ring marks pairs with a cooperation in Section 9 of the report."
    drawing = draw_matrix(names, names, cells)
    return Picture(
        f"Which agencies work together? {TITLES[matrix.rule]}", found, drawing, describe_source(engine)
    ).svg
