"""The official shapes of DCAT-AP 3.0.1."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import SH

SHAPES = ("dcat-ap-3.0.1-shacl", "dcat-ap-3.0.1-shapes", "dcat-ap-3.0.1-mdr-vocabularies.shape")


def results(graph: rdflib.Graph, folder: Path) -> set[tuple[str, str, str]]:
    """Severity, node and path of each result; details of a result are no results of their own."""
    found = set()
    for name in SHAPES:
        shapes = rdflib.Graph().parse(folder / f"{name}.ttl")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        assert isinstance(report, rdflib.Graph)
        for result in report.objects(None, SH.result):
            severity = report.value(result, SH.resultSeverity)
            place = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
            found.add((str(severity).partition("#")[2], *map(str, place)))
    return found
