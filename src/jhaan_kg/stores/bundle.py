"""Bundles: folders of files from which a triple store's own tools load the graph offline.

The folder `bundles` contains Jinja2 templates: the shared README and check, and a folder for each type of store with
its section of the README and additional files. Each template of a README lists its sources at the top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jhaan_kg.namespaces import GRAPH, RDF_TYPE
from jhaan_kg.stores.kinds import BUNDLES

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

FLAT_GRAPH: Final = GRAPH + "flat"
"""The IRI of the flat graph in some stores.

The default graph of these stores is the union of the named graphs.
"""

_TEMPLATES: Final = Path(__file__).with_name("bundles")
_ONTOLOGY: Final = GRAPH + "ontology"
_TRIPLE: Final = re.compile(rb"<([^>]*)> <([^>]*)> (?:<([^>]*)>|.*) \.")


def bundle(snapshot: Snapshot, kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a bundle.

    It contains a whole snapshot, with evidence, inferred statements and external facts.

    Yields:
        The path of each file within the folder, and its bytes, which depend only on the arguments.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the ontology's header has no version or no date.
    """
    from pyoxigraph import RdfFormat, parse

    from jhaan_kg.export import export
    from jhaan_kg.export.formats import compress
    from jhaan_kg.export.request import ReleaseMetadata
    from jhaan_kg.query.reports import name_reports
    from jhaan_kg.report_text import titles_in
    from jhaan_kg.templates import load_templates

    yield "jhaan.nq.gz", export(snapshot, "nquads", gzip=True)
    flat = export(snapshot, "ntriples")
    yield "jhaan.nt.gz", compress(flat)
    graphs = snapshot.files(evidence=True, context=True)
    rows = (f"{file.graph}\t{file.triples}\n" for file in graphs)
    yield "counts.tsv", ("graph\ttriples\n" + "".join(rows)).encode()

    store, reports = BUNDLES[kind], titles_in(snapshot)
    (ontology,) = (file for file in graphs if file.graph == _ONTOLOGY)
    release = ReleaseMetadata.of(parse(ontology.read(), format=RdfFormat.N_QUADS))
    values: dict[str, Any] = {
        **store._asdict(),
        "kind": kind,
        "version": release.version,
        "issued": release.issued.isoformat(),
        "snapshot": snapshot.key,
        "graphs": [file.graph for file in graphs],
        "total": sum(file.triples for file in graphs),
        "flat": flat.count(b"\n"),
        "namespace": GRAPH,
        "flat_graph": FLAT_GRAPH,
        "reports": name_reports(reports),
        "is_alone": len(reports) == 1,
    }
    if not store.endpoint:
        values["nodes"], values["relationships"] = _property_graph(flat)
    templates = load_templates(_TEMPLATES, autoescape=False)
    for path in ("check.sh", *store.files):
        yield path, templates.select_template([f"{kind}/{path}", path]).render(values).encode()
    yield "README.md", templates.get_template(f"{kind}/README.md.j2").render(values).encode()


def _property_graph(flat: bytes) -> tuple[int, int]:
    """Return the numbers of nodes and relationships that neosemantics creates from N-Triples.

    It creates a node for each resource, and a relationship for each link between resources except `rdf:type`.
    """
    nodes, links = set(), 0
    for subject, predicate, value in _TRIPLE.findall(flat):
        nodes.add(subject)
        if value and predicate != RDF_TYPE.value.encode():
            nodes.add(value)
            links += 1
    return len(nodes), links
