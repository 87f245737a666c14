"""A random sample of statements as a sheet for reviewers: `PYTHONPATH=tests python tests/reviews/sample.py SEED COUNT`.

The sheet has the statements in labels, the definitions of their terms, and the words of their passages with lead-ins.
It needs the text of the report (JHAAN_REPORT); the same seed produces the same sample.
"""

from __future__ import annotations

import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from jhaan_kg.build.assemble import Assertion
from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.build.graphs import Layer
from jhaan_kg.namespaces import ID, RDF_TYPE, RDFS, REPORT_ID, SKOS, compact, jhaan
from jhaan_kg.passages import normalise, read_document
from jhaan_kg.reports import locator
from real_sources import ROOT, assembled

LABEL = NamedNode(RDFS + "label")
DEFINITION = NamedNode(SKOS + "definition")
MOST = 15
"""The maximum number of other statements about a subject in an entry."""


def stated() -> list[Assertion]:
    """Return the assertions of the report and of curation, in the order of the files."""
    return [
        one
        for one in assembled().assertions.values()
        if one.passages
        and one.layer in (Layer.REPORT, Layer.CURATION)
        and one.triple.predicate != jhaan("basedOn")
    ]


class Sheet:
    """The sheet that a reviewer fills in."""

    def __init__(self, store: Store, text: str) -> None:
        self.store, self.text = store, text
        tree = parse(path=ROOT / "data" / "reports" / REPORT_ID / "document.ttl", format=RdfFormat.TURTLE)
        self.passages = read_document(quad.triple for quad in tree).by_iri
        self.of_subject: dict[object, list[Assertion]] = defaultdict(list)
        for one in stated():
            self.of_subject[one.triple.subject].append(one)

    def literal(self, term: object, what: NamedNode) -> str:
        """Return the value of a text property of a term; empty if it has none."""
        found = self.store.quads_for_pattern(term, what, None, None)  # type: ignore[arg-type]
        return next((quad.object.value for quad in found), "")  # type: ignore[union-attr]

    def called(self, term: object) -> str:
        """Return the label or CURIE of a term, or the value of a literal."""
        return term.value if isinstance(term, Literal) else self.literal(term, LABEL) or compact(term.value)  # type: ignore[attr-defined]

    def words(self, passage: str) -> str:
        """Return the locator and the words of a passage."""
        place = self.passages[passage]
        return f"{locator(passage)}: {normalise(self.text[place.start : place.end])}"

    def context(self, one: Assertion) -> Iterator[str]:
        """Yield other statements about the subject of a statement, those of the same passages first."""
        others = [other for other in self.of_subject[one.triple.subject] if other.triple != one.triple]
        same = [other for other in others if set(other.passages) & set(one.passages)]
        for other in (*same, *(other for other in others if other not in same)):
            places = ", ".join(locator(passage.value) for passage in other.passages)
            where = "" if other in same else f" ({places})"
            yield f"CONTEXT: {self.called(other.triple.predicate)} = {self.called(other.triple.object)}{where}"

    def entry(self, one: Assertion) -> Iterator[str]:
        """Yield the lines on a statement."""
        subject, predicate, value = one.triple
        yield f"{subject.value.removeprefix(ID)} {compact(predicate.value)}"  # type: ignore[union-attr]
        yield f"STATES: {self.called(subject)} | {self.called(predicate)} | {self.called(value)}"
        for term in (predicate, value):
            if not isinstance(term, Literal) and (definition := self.literal(term, DEFINITION)):
                yield f"  {self.called(term)}: {definition}"
        if predicate != RDF_TYPE:
            yield from islice(self.context(one), MOST)
        for passage in one.passages:
            yield f"PASSAGE {self.words(passage.value)}"
            section = self.passages[passage.value].parent
            yield f"  in the section “{self.passages[section].title or locator(section)}”"
            for lead in self.passages[passage.value].lead_in:
                yield f"  introduced by {self.words(lead)}"


def main(seed: str, count: int) -> None:
    sheet = Sheet(
        store_for(open_snapshot(), evidence=False, context=False),
        Path(os.environ["JHAAN_REPORT"]).read_text("utf-8"),
    )
    for number, one in enumerate(random.Random(seed).sample(stated(), count), 1):
        sys.stdout.write(f"\n## {number}. " + "\n".join(sheet.entry(one)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
