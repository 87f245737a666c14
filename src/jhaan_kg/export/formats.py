"""The formats of `jhaan export`, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot


class Format(NamedTuple):
    """A format.

    Attributes:
        what: what a file holds and who wants it, in few words.
        suffix: of its files.
        media_type: as registered with IANA, or as the programs call it that read it.
        module: the module of this package that writes it: `write(request)` gives the bytes of a file, or
            `files(request)` the paths and bytes of a folder.
        options: the options that it takes, beside those about what goes out.
        evidence: whether the evidence goes out where the user says nothing.
        folder: whether it is a folder of files.
        whole: whether it is always of all of the graph.
    """

    what: str
    suffix: str
    media_type: str
    module: str
    options: tuple[str, ...] = ()
    evidence: bool = False
    folder: bool = False
    whole: bool = False

    def refusal(self, name: str, *, part: bool, options: Iterable[str]) -> str:
        """Say why this format can't be written so; empty if it can.

        Args:
            name: of the format.
            part: whether something of the graph is to be left out, or brought along that is usually left out.
            options: what else is chosen.
        """
        if part and self.whole:
            return f"{name} is always of the whole graph: it takes no option about what of it goes out."
        for option in options:
            if option not in self.options:
                takers = ", ".join(other for other, form in FORMATS.items() if option in form.options)
                return f"{flag(option)} says nothing about {name}, but about {takers}."
        return ""


FLAGS: Final = {"frame": "--class"}
"""The options whose flags on the command line have another name."""


def flag(option: str) -> str:
    """Give the flag of an option.

    >>> flag("by_reference"), flag("frame")
    ('--by-reference', '--class')
    """
    return FLAGS.get(option, "--" + option.replace("_", "-"))


FORMATS: Final = {
    "jsonld": Format(
        "the flat graph in JSON-LD 1.1: for programs that know JSON",
        ".jsonld",
        "application/ld+json",
        "jsonld",
        ("gzip", "by_reference"),
    ),
    "jsonld-dataset": Format(
        "the dataset in JSON-LD 1.1, with its named graphs and its evidence",
        ".jsonld",
        "application/ld+json",
        "jsonld",
        ("gzip", "by_reference"),
        evidence=True,
    ),
    "jsonld-lines": Format(
        "the flat graph in JSON-LD 1.1, one node a line: for streams, and for tools that work line by line",
        ".ndjsonld",
        "application/x-ld+ndjson",
        "jsonld",
        ("gzip", "by_reference"),
    ),
    "jsonld-things": Format(
        "a document in JSON-LD 1.1 for each thing, at the path of its IRI: for web servers",
        ".jsonld",
        "application/ld+json",
        "jsonld.things",
        ("by_reference",),
        folder=True,
    ),
    "jsonld-context": Format(
        "the context of all our JSON-LD: for those who read documents that name it, without the network",
        ".jsonld",
        "application/ld+json",
        "jsonld.published",
        whole=True,
    ),
    "jsonld-framed": Format(
        "all things of one class in JSON-LD 1.1, each with what belongs to it inside: for programs that know no RDF",
        ".jsonld",
        "application/ld+json",
        "jsonld.framed",
        ("gzip", "by_reference", "frame"),
    ),
    "jsonld-schema": Format(
        "the JSON Schema of a framed document: for checking, and for making types in a programming language",
        ".json",
        "application/schema+json",
        "jsonld.schemas",
        ("frame",),
        whole=True,
    ),
    "turtle": Format(
        "the flat graph in Turtle: for reading",
        ".ttl",
        "text/turtle",
        "rdf.turtle",
        ("gzip",),
    ),
    "ntriples": Format(
        "the flat graph in N-Triples, sorted: for loading in bulk, and for comparing",
        ".nt",
        "application/n-triples",
        "rdf.lines",
        ("gzip",),
    ),
    "rdfxml": Format(
        "the flat graph in RDF/XML: for tools that know nothing else",
        ".rdf",
        "application/rdf+xml",
        "rdf.rdfxml",
        ("gzip",),
    ),
    "nquads": Format(
        "the dataset in N-Quads, sorted: for loading in bulk, with passages and evidence",
        ".nq",
        "application/n-quads",
        "rdf.lines",
        ("gzip",),
        evidence=True,
    ),
    "trig": Format(
        "the dataset in TriG: for reading, one block for each named graph",
        ".trig",
        "application/trig",
        "rdf.turtle",
        ("gzip",),
        evidence=True,
    ),
    "asserted": Format(
        "what the sources state, in Turtle, without what is inferred: for validating with the shapes",
        ".ttl",
        "text/turtle",
        "rdf.turtle",
        ("gzip",),
        whole=True,
    ),
    "lexicon": Format(
        "the words by which jhaan verify finds statements in a text, in Turtle: for checking how it does",
        ".ttl",
        "text/turtle",
        "rdf.turtle",
        ("gzip",),
        whole=True,
    ),
    "csv": Format(
        "a folder of tables in CSV with metadata (CSVW), one a class and one a relation: for joining",
        "",
        "text/csv",
        "tables.folder",
        folder=True,
    ),
    "xlsx": Format(
        "the tables as a workbook, with links from sheet to sheet: for spreadsheet programs",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "tables.workbook",
    ),
    "graphml": Format(
        "the network of the agencies in GraphML: for networkx, igraph and Cytoscape",
        ".graphml",
        "application/graphml+xml",
        "networks.graphml",
        ("gzip", "counting"),
        evidence=True,
    ),
    "gexf": Format(
        "the network of the agencies in GEXF: for Gephi",
        ".gexf",
        "application/gexf+xml",
        "networks.gexf",
        ("gzip", "counting"),
        evidence=True,
    ),
    "ics": Format(
        "the events as a calendar (iCalendar): for Outlook, Thunderbird and calendars on the web",
        ".ics",
        "text/calendar",
        "calendar.ics",
        ("gzip",),
        evidence=True,
    ),
    "void": Format(
        "VoID: what the flat graph holds, counted by class and property, for editors and query planners",
        ".ttl",
        "text/turtle",
        "description.void",
        ("gzip",),
    ),
    "provenance": Format(
        "PROV-O: what each named graph was made of, with the digest of each source file",
        ".ttl",
        "text/turtle",
        "description.provenance",
        ("gzip",),
        evidence=True,
    ),
    "ontology": Format(
        "the ontology and the shapes: pages in HTML, and their files in each language of RDF",
        "",
        "text/html",
        "ontology.folder",
        folder=True,
        whole=True,
    ),
    "queries": Format(
        "the stored questions as files of SPARQL, with a catalogue of them in RDF: for any endpoint that has the graph",
        ".rq",
        "application/sparql-query",
        "queries",
        folder=True,
        whole=True,
    ),
    "release": Format(
        "all of this in one folder, with a list of digests, a description for catalogues and a page for its reader",
        "",
        "application/octet-stream",
        "release",
        evidence=True,
        folder=True,
        whole=True,
    ),
}
"""The formats by name, those most asked for first."""


def export(
    snapshot: Snapshot,
    form: str,
    *,
    inferred: bool = True,
    context: bool = True,
    evidence: bool | None = None,
    gzip: bool = False,
    **choices: Any,
) -> bytes:
    """Write the graph as one file.

    Args:
        snapshot: what is written.
        form: the name of a format that is no folder.
        inferred: whether to keep what follows from what is stated.
        context: whether to keep facts from outside the report.
        evidence: whether to keep the evidence; None for what the format usually does.
        gzip: whether to compress the file.
        **choices: what else a Request may say.

    Returns:
        The file's bytes; texts in UTF-8. They depend on the snapshot and the arguments only.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the format can't be written so.
    """
    if gzip and "gzip" not in FORMATS[form].options:
        raise JhaanError(FORMATS[form].refusal(form, part=False, options=["gzip"]))
    request = _request(snapshot, form, inferred, context, evidence, choices)
    data: bytes = _module(form).write(request)
    if gzip:
        from jhaan_kg.export.compression import compressed

        return compressed(data)
    return data


def export_files(
    snapshot: Snapshot,
    form: str,
    *,
    inferred: bool = True,
    context: bool = True,
    evidence: bool | None = None,
    **choices: Any,
) -> Iterator[tuple[str, bytes]]:
    """Write the graph as a folder of files; see `export`.

    Args:
        snapshot: what is written.
        form: the name of a format that is a folder.
        inferred: whether to keep what follows from what is stated.
        context: whether to keep facts from outside the report.
        evidence: whether to keep the evidence; None for what the format usually does.
        **choices: what else a Request may say.

    Yields:
        The path of a file within the folder, with `/`, and its bytes.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    yield from _module(form).files(_request(snapshot, form, inferred, context, evidence, choices))


def note(
    snapshot: Snapshot,
    form: str,
    *,
    inferred: bool = True,
    context: bool = True,
    evidence: bool | None = None,
    **choices: Any,
) -> str:
    """Say what a file lacks that a reader may look for in it; empty if nothing.

    Args:
        snapshot: what was written.
        form: the name of its format.
        inferred: as for `export`.
        context: as for `export`.
        evidence: as for `export`.
        **choices: as for `export`.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    told = getattr(_module(form), "note", None)
    return told(_request(snapshot, form, inferred, context, evidence, choices)) if told else ""


def _request(
    snapshot: Snapshot,
    form: str,
    inferred: bool,
    context: bool,
    evidence: bool | None,
    choices: dict[str, Any],
) -> Request:
    entry = FORMATS[form]
    part = not inferred or not context or evidence is not None
    if refusal := entry.refusal(form, part=part, options=choices):
        raise JhaanError(refusal)
    with_evidence = entry.evidence if evidence is None else evidence
    return Request(snapshot, form, inferred, context, with_evidence, **choices)


def _module(form: str) -> Any:
    return import_module(f"jhaan_kg.export.{FORMATS[form].module}")
