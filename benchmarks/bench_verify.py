"""Benchmark of the verification, which should be linear in the size of the report: 1, 10 and 100 copies.

Each copy has its own passages and local nodes. All copies share the register, as reports of several years do. The
benchmark prints the time of each run, and the ratio of the time per copy to that of a single copy.

Run with: JHAAN_REPORT=REPORT.txt python benchmarks/bench_verify.py
"""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, REPORT_ID
from jhaan_kg.passages import Document, Report, read_document
from jhaan_kg.proof.proof import prove
from jhaan_kg.proof.statements import Fact, Statements

COPIES: Final = (1, 10, 100)
AnyTerm = TypeVar("AnyTerm", NamedNode, NamedNode | Literal)
_OWN: Final = re.compile(f"/{REPORT_ID}(?=/)")


def main() -> None:
    """Verify reports of increasing length, and print the times."""
    if "JHAAN_REPORT" not in os.environ:
        print(
            "Left out: JHAAN_REPORT is not set. Set it to the file with the report's text.", file=sys.stderr
        )
        return
    text = Path(os.environ["JHAAN_REPORT"]).read_bytes().decode()
    graph = Graph.of(open_snapshot().quads(evidence=True, context=False))
    own = NamedNode(f"{GRAPH}document/{REPORT_ID}")
    document = read_document(graph.store.quads_for_pattern(None, None, None, own))
    statements = Statements.read(graph, REPORT_ID)
    single = 0.0
    for copies in COPIES:
        many, report = repeat(statements, copies), Report(repeat_document(document, copies), text * copies)
        start = time.perf_counter()
        proof = prove(many, report)
        taken = time.perf_counter() - start
        single = single or taken
        print(
            f"{copies:>4} copies, {len(text) * copies:>9,} characters, {len(proof.claims):>7,} statements: "
            f"{taken:7.2f} s, per copy {taken / copies / single:.2f} times a single one"
        )


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
    """Return the term for a copy; local nodes and passages get new names, registered entities do not."""
    return type(term)(_own(term.value, copy)) if isinstance(term, NamedNode) else term


def _own(iri: str, copy: int) -> str:
    return _OWN.sub(f"/{REPORT_ID}x{copy}", iri)


if __name__ == "__main__":
    main()
