"""Export of a release: the graph in the other formats, with a manifest, a readme and a description.

Each RDF file is parsed again and compared with the graph.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pyoxigraph import Quad, RdfFormat, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.dcat import ReleasedFile, describe
from jhaan_kg.export.formats import FORMATS, export, export_files
from jhaan_kg.export.request import RULES, ReleaseMetadata, Request
from jhaan_kg.query.reports import join_words
from jhaan_kg.results.jsonld import CONTEXT_IRI
from jhaan_kg.templates import load_templates

_NO_CHOICE: Final[Mapping[str, Any]] = MappingProxyType({})

_RDF: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld-dataset": RdfFormat.JSON_LD,
}
_NESTED: Final = ("Agency", "Event")
"""The classes with a document of nested JSON-LD."""

_DATASETS: Final = ("nquads", "trig", "jsonld-dataset")
_MARKS: Final = {
    "ics": {"events": b"\nBEGIN:VEVENT"},
    "graphml": {"agencies": b"<node ", "links": b"<edge "},
    "gexf": {"agencies": b"<node ", "links": b"<edge "},
}
"""Byte strings that occur once in a file for each counted object.

The keys are the format and the type of object.
"""


class ReleasePart(NamedTuple):
    """A file of a release, or a folder of files.

    Attributes:
        path: the path in the release; folders end in `/`.
        form: the name of the format.
        choices: the other options, as attributes of a Request.
        dataset: the name of the dataset in the description for catalogues.
    """

    path: str
    form: str
    choices: Mapping[str, Any] = _NO_CHOICE
    dataset: str = "graph"

    def write(self, request: Request) -> Iterator[tuple[str, bytes]]:
        """Yield the path within the release and the content of each file."""
        if self.path.endswith("/"):
            for path, data in export_files(request.snapshot, self.form, **self.choices):
                yield self.path + path, data
        else:
            is_compressed = self.path.endswith(".gz")
            yield self.path, export(request.snapshot, self.form, gzip=is_compressed, **self.choices)


def parts() -> Iterator[ReleasePart]:
    """Yield the parts of a release, starting with those for people."""
    yield ReleasePart("tables.xlsx", "xlsx")
    yield ReleasePart("tables/", "csv")
    yield ReleasePart("calendar.ics", "ics")
    for rule in RULES:
        yield ReleasePart(f"networks/{rule}.graphml", "graphml", {"counting": rule})
        yield ReleasePart(f"networks/{rule}.gexf", "gexf", {"counting": rule})
    for name in _NESTED:
        yield ReleasePart(f"nested/{name}.jsonld", "jsonld-framed", {"frame": name})
    yield ReleasePart("graph/jhaan.ttl", "turtle")
    yield ReleasePart("graph/jhaan.nt.gz", "ntriples")
    yield ReleasePart("graph/jhaan.rdf.gz", "rdfxml")
    yield ReleasePart("graph/jhaan.jsonld", "jsonld")
    yield ReleasePart("dataset/jhaan.nq.gz", "nquads")
    yield ReleasePart("dataset/jhaan.trig.gz", "trig")
    yield ReleasePart("dataset/jhaan.jsonld.gz", "jsonld-dataset")
    yield ReleasePart("context/v2.jsonld", "jsonld-context")
    yield ReleasePart("ontology/", "ontology", dataset="ontology")


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a release.

    Yields:
        The path and the content of each file: first the parts, then the manifest, the readme and the description.

    Raises:
        JhaanError: a part differs from the graph when it is parsed again.
    """
    check, flat = Check(request), request._replace(evidence=False)
    entries: list[dict[str, Any]] = []
    released: list[ReleasedFile] = []
    for part in parts():
        written = list(part.write(request))
        entries.append(_entry(part, written, check.counts(part, written)))
        released += _describe(part, written)
        yield from written
    release = ReleaseMetadata.of(flat.triples())
    about = {
        "version": release.version,
        "issued": release.issued.isoformat(),
        "statements": check.statements,
        "snapshot": request.snapshot.key,
    }
    yield (
        "manifest.json",
        (json.dumps({**about, "parts": entries}, ensure_ascii=False, indent=1) + "\n").encode(),
    )
    template = load_templates(Path(__file__).with_name("templates"), autoescape=False).get_template(
        "release.md"
    )
    readme = template.render(
        **about,
        rows=_table(entries),
        reports=join_words(release.titles),
        is_alone=len(release.titles) == 1,
    ).encode()
    yield "README.md", readme
    released.append(_file("README.md", readme, "text/markdown", "What the release contains", page=True))
    yield "description.ttl", describe(flat, released)


class Check:
    """Verification of a release: its RDF files are parsed again and compared with the graph.

    Attributes:
        statements: the number of statements in the flat graph.
    """

    def __init__(self, request: Request) -> None:
        """Load the expected statements from the snapshot of the request."""
        self._dataset = set(request.quads())
        self._graph = {Quad(*triple) for triple in request._replace(evidence=False).triples()}
        self.statements = len(self._graph)

    def counts(self, part: ReleasePart, written: Iterable[tuple[str, bytes]]) -> dict[str, int]:
        """Parse a part again, and return the numbers of its statements or other objects, by name.

        Raises:
            JhaanError: the statements differ from those of the graph.
        """
        opened = ((path, gzip.decompress(data) if path.endswith(".gz") else data) for path, data in written)
        if part.form not in _RDF:
            counted: Counter[str] = Counter()
            for path, data in opened:
                if part.form == "jsonld-framed":
                    counted["things"] += len(json.loads(data)["@graph"])
                elif path.endswith(".csv"):
                    counted["rows"] += sum(1 for _ in csv.reader(StringIO(data.decode(), newline=""))) - 1
                for what, mark in _MARKS.get(part.form, {}).items():
                    counted[what] += data.count(mark)
            return dict(counted)
        read: set[Quad] = set()
        for _, data in opened:
            read.update(parse(data, format=_RDF[part.form]))
        expected = self._dataset if part.form in _DATASETS else self._graph
        if read != expected:
            raise JhaanError(
                f"Internal error: {part.path} has {len(expected - read)} missing and {len(read - expected)} wrong "
                "statements. No release was written. Please report it."
            )
        return {"statements": len(read)}


def _entry(part: ReleasePart, written: list[tuple[str, bytes]], counts: dict[str, int]) -> dict[str, Any]:
    """Return the manifest's entry for a part."""
    form = FORMATS[part.form]
    if part.path.endswith("/"):
        size: dict[str, Any] = {"files": len(written)}
    else:
        size = {"sha256": sha256(written[0][1]).hexdigest()}
    return {
        "path": part.path,
        "format": part.form,
        "chosen": "".join(part.choices.values()),
        "what": form.what,
        "mediaType": form.media_type,
        "bytes": sum(len(data) for _, data in written),
        **size,
        "counts": counts,
    }


def _describe(part: ReleasePart, written: Iterable[tuple[str, bytes]]) -> Iterator[ReleasedFile]:
    """Yield the files of a part that are listed in the description for catalogues.

    A folder is listed as one file, and so are files that differ only in an option, such as the rule of a network.
    """
    form = FORMATS[part.form]
    title, _, use = form.what.partition(", for ")
    use = use and f"For {use}."
    if part.form == "jsonld-context":
        return
    if part.path.endswith("/") or part.choices:
        folder = part.path.rpartition("/")[0] + "/"
        yield ReleasedFile(
            folder, form.media_type, 0, "", title, use, part.dataset, _standards(form.media_type)
        )
    else:
        for path, data in written:
            yield _file(path, data, form.media_type, title, use)


def _file(
    path: str,
    data: bytes,
    media_type: str,
    title: str,
    description: str = "",
    *,
    dataset: str = "graph",
    page: bool = False,
) -> ReleasedFile:
    digest, standards = sha256(data).hexdigest(), _standards(media_type)
    return ReleasedFile(path, media_type, len(data), digest, title, description, dataset, standards, page)


def _standards(media_type: str) -> tuple[str, ...]:
    return (CONTEXT_IRI,) if media_type == "application/ld+json" else ()


def _table(entries: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table in the readme: path, description, size, and content."""
    for entry in entries:
        size = entry["bytes"]
        shown = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} kB"
        counts = ", ".join(f"{number:,} {what}" for what, number in entry["counts"].items())
        yield f"`{entry['path']}`", entry["what"], shown, counts
