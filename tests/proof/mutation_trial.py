"""The mutation trial: how many errors in the sources the verification detects, by operator.

`python tests/proof/mutation_trial.py` writes the results into docs/verification.md; `JHAAN_REPORT` names the text.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from mutations import OPERATORS, TEXT_OPERATORS, Mutant, Mutator  # noqa: E402

from jhaan_kg.build.assemble import assemble  # noqa: E402
from jhaan_kg.build.graphs import Layer  # noqa: E402
from jhaan_kg.build.read import Sources, read_sources  # noqa: E402
from jhaan_kg.namespaces import GRAPH, REPORT_ID  # noqa: E402
from jhaan_kg.passages import Report, read_document  # noqa: E402
from jhaan_kg.proof.proof import Proof, prove  # noqa: E402
from jhaan_kg.proof.statements import Statements, fact_of  # noqa: E402

MOST: Final = 50
PAGE: Final = ROOT / "docs/verification.md"
MARKS: Final = ("<!-- mutation trial -->\n", "<!-- end of mutation trial -->\n")


@dataclass(frozen=True)
class Trial:
    """The result of the mutants of one operator.

    Attributes:
        operator: the kind of change.
        tried: the number of mutants.
        escaped: the mutants without a new finding, in words.
        escaped_raw: the number of mutants without a new finding if curation made no exceptions.
    """

    operator: str
    tried: int
    escaped: tuple[str, ...]
    escaped_raw: int

    @property
    def caught(self) -> int:
        """The number of detected mutants."""
        return self.tried - len(self.escaped)


class Bench:
    """The sources, the report's text, and the verification of the unchanged sources."""

    def __init__(self, text: str) -> None:
        self.sources = read_sources(ROOT)
        own = f"{GRAPH}document/{REPORT_ID}"
        graphs = assemble(self.sources).graphs
        tree = (triple for graph, triples in graphs.items() if graph.value == own for triple in triples)
        self.report = Report(read_document(tree), text)
        self.proof = self.prove(self.sources)
        self.texts = {(own.node, own.text): own for own in self.proof.texts.own}

    def prove(self, sources: Sources) -> Proof:
        """Assemble sources, and verify their statements."""
        assembled = assemble(sources)
        statements = [
            (fact, [passage.value for passage in assertion.passages])
            for assertion in assembled.assertions.values()
            if assertion.layer is Layer.REPORT and (fact := fact_of(assertion.triple))
        ]
        background = (
            triple
            for graph, triples in assembled.graphs.items()
            if assembled.layers[graph] is not Layer.REPORT
            for triple in triples
        )
        return prove(Statements.of(statements, background), self.report)

    def try_operator(self, operator: str, most: int) -> Trial:
        """Try at most a number of an operator's mutants, the first ones of the full trial."""
        mutants = Mutator(self.sources).mutants(operator, MOST)[:most]
        if operator in TEXT_OPERATORS:
            unnoticed = tuple(mutant.what for mutant in mutants if not self._is_noticed(mutant))
            return Trial(operator, len(mutants), unnoticed, len(unnoticed))
        escaped: list[Mutant] = []
        escaped_raw = 0
        for mutant in mutants:
            proof = self.prove(mutant.apply(self.sources))
            if not missed(proof) - missed(self.proof):
                escaped.append(mutant)
            escaped_raw += not (missed(proof, raw=True) - missed(self.proof, raw=True))
        return Trial(operator, len(mutants), tuple(mutant.what for mutant in escaped), escaped_raw)

    def _is_noticed(self, mutant: Mutant) -> bool:
        """Whether the list for curators contains new words for a changed text."""
        sides = (mutant.removed, mutant.added)
        before, after = (fact for one in sides if one and (fact := fact_of(one.triple)))
        own = self.texts[before.subject, before.object.value]
        old, new = (
            {*found.added, *found.left_out} if (found := self.proof.texts.drift(one)) else set()
            for one in (own, own._replace(text=after.object.value))
        )
        return not new <= old


def missed(proof: Proof, *, raw: bool = False) -> set[tuple[str, ...]]:
    """Return the discrepancies of a verification, by passage, subject and property, or by words.

    Args:
        proof: the verification.
        raw: whether to include those that curation excepts.
    """
    claims = [one for one in proof.claims if one.problem] if raw else proof.not_proven
    mentions = [one for one in proof.mentions if not one.taken] if raw else proof.not_taken
    counts = Counter((one.passage, one.kind.value, one.words) for one in mentions)
    return {
        *((one.passage, str(one.fact.subject), str(one.fact.predicate)) for one in claims),
        *((*one, str(number)) for one, count in counts.items() for number in range(count)),
        *((passage, "unread") for passage in proof.unread),
    }


@cache
def _bench() -> Bench:
    return Bench(Path(os.environ["JHAAN_REPORT"]).read_bytes().decode())


def _try(operator: str, most: int) -> Trial:
    return _bench().try_operator(operator, most)


def trials(most: int = MOST) -> list[Trial]:
    """Try all operators, each in a separate process, with at most a number of mutants."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(_try, OPERATORS | TEXT_OPERATORS, repeat(most)))


def page(found: Sequence[Trial]) -> Iterator[str]:
    """Return the results as lines of Markdown."""
    yield "| Error | Tried | Noticed | Share | Without exceptions |\n|---|---|---|---|---|\n"
    for one in found:
        shares = (_share(count, one.tried) for count in (one.caught, one.tried - one.escaped_raw))
        yield f"| {one.operator} | {one.tried} | {one.caught} | {' | '.join(shares)} |\n"
    yield "\n<details>\n<summary>Errors that were not noticed</summary>\n\n"
    for one in found:
        yield from (f"- {one.operator}: `{what}`\n" for what in one.escaped)
    yield "\n</details>\n"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def noticed() -> dict[str, tuple[int, int]]:
    """Return the numbers in the page: for each operator, the detected and the tried mutants."""
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| [\d.]+ % \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {operator: (int(caught), int(tried)) for operator, tried, caught in rows}


def write(found: Sequence[Trial]) -> None:
    """Write the results into the page, with the date."""
    text = PAGE.read_text("utf-8")
    start, end = MARKS
    results = f"Results of {date.today():%-d %B %Y}.\n\n{''.join(page(found))}"
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: f"{start}\n{results}\n{end}", text), "utf-8")


if __name__ == "__main__":
    if "JHAAN_REPORT" not in os.environ:
        sys.exit("JHAAN_REPORT is not set. Set it to the file with the report's text.")
    write(trials())
