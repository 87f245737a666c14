"""The verification of a longer report against its text: the time per copy should stay the same.

The report is repeated. Each copy has its own passages and local nodes; the register is shared, as by the reports of
several years. The peer is the verification of one copy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode
from timing import NotRun, Row, compared, elapsed, in_turn, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, REPORT_ID
from jhaan_kg.passages import Document, Report, read_document
from jhaan_kg.proof.proof import prove
from jhaan_kg.proof.statements import Fact, Statements

COPIES: Final = 10
AnyTerm = TypeVar("AnyTerm", NamedNode, NamedNode | Literal)
_OWN: Final = re.compile(f"/{REPORT_ID}(?=/)")


def copies_of_the_report(rounds: int) -> Iterator[Row]:
    if "JHAAN_REPORT" not in os.environ:
        raise NotRun("JHAAN_REPORT does not name the file with the report's text")
    text = Path(os.environ["JHAAN_REPORT"]).read_bytes().decode()
    graph = Graph.of(open_snapshot().quads(evidence=True, context=False))
    own = NamedNode(f"{GRAPH}document/{REPORT_ID}")
    document = read_document(graph.store.quads_for_pattern(None, None, None, own))
    statements = Statements.read(graph, REPORT_ID)

    def verified(copies: int) -> float:
        many, report = repeat(statements, copies), Report(repeat_document(document, copies), text * copies)
        return elapsed(lambda: prove(many, report))() / copies

    works = {"many": lambda: verified(COPIES), "one copy": lambda: verified(1)}
    what = f"verification of {COPIES} copies, per copy"
    yield from compared(what, "ms", in_turn(rounds, works, warm=False))


def repeat(statements: Statements, copies: int) -> Statements:
    """Return the statements of passages, repeated a number of times."""
    copied = [
        (
            Fact(_copied(fact.subject, copy), fact.predicate, _copied(fact.object, copy)),
            [_own(passage, copy)],
        )
        for copy in range(copies)
        for passage, facts in statements.by_passage.items()
        for fact in facts
    ]
    return Statements.of(copied, statements.graph.triples())


def repeat_document(document: Document, copies: int) -> Document:
    """Return the tree of a repeated text."""
    return replace(
        document,
        passages=tuple(
            replace(
                passage,
                iri=_own(passage.iri, copy),
                parent=_own(passage.parent, copy),
                lead_in=tuple(_own(one, copy) for one in passage.lead_in),
                start=passage.start + copy * document.length,
                end=passage.end + copy * document.length,
                position=passage.position + copy * len(document.passages),
            )
            for copy in range(copies)
            for passage in document.passages
        ),
    )


def _copied(term: AnyTerm, copy: int) -> AnyTerm:
    """Return the term of a copy: local nodes and passages differ, registered entities do not."""
    return type(term)(_own(term.value, copy)) if isinstance(term, NamedNode) else term


def _own(iri: str, copy: int) -> str:
    return _OWN.sub(f"/{REPORT_ID}x{copy}", iri)


if __name__ == "__main__":
    run(3, copies_of_the_report)
