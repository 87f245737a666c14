"""What a release consists of: which formats, under which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from jhaan_kg.export.jsonld.frame import frame_names
from jhaan_kg.export.networks.counting import RULES

_NO_CHOICE: Final[Mapping[str, Any]] = MappingProxyType({})


class Part(NamedTuple):
    """A file of a release, or a folder of files.

    Attributes:
        path: its place in the release; that of a folder ends in `/`.
        form: its format.
        choices: what is chosen beside the format, as a Request has it.
        dataset: whose data it holds, as the description for catalogues names it.
    """

    path: str
    form: str
    choices: Mapping[str, Any] = _NO_CHOICE
    dataset: str = "graph"

    @property
    def chosen(self) -> str:
        """What is chosen, in a word; empty if nothing."""
        return "".join(self.choices.values())

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return self.path.endswith("/")

    @property
    def is_compressed(self) -> bool:
        """Whether the file is compressed."""
        return self.path.endswith(".gz")


def parts() -> Iterator[Part]:
    """Give the parts, those for people first."""
    yield Part("tables.xlsx", "xlsx")
    yield Part("tables/", "csv")
    yield Part("calendar.ics", "ics")
    for rule in RULES:
        yield Part(f"networks/{rule}.graphml", "graphml", {"counting": rule})
        yield Part(f"networks/{rule}.gexf", "gexf", {"counting": rule})
    for name in frame_names():
        yield Part(f"framed/{name}.jsonld", "jsonld-framed", {"frame": name})
        yield Part(f"schema/v2/{name}.json", "jsonld-schema", {"frame": name})
    yield Part("graph/jhaan.ttl", "turtle")
    yield Part("graph/jhaan.nt.gz", "ntriples")
    yield Part("graph/jhaan.rdf.gz", "rdfxml")
    yield Part("graph/jhaan.jsonld", "jsonld")
    yield Part("graph/jhaan.ndjsonld.gz", "jsonld-lines")
    yield Part("graph/asserted.ttl", "asserted")
    yield Part("dataset/jhaan.nq.gz", "nquads")
    yield Part("dataset/jhaan.trig.gz", "trig")
    yield Part("dataset/jhaan.jsonld.gz", "jsonld-dataset")
    yield Part("things/", "jsonld-things")
    yield Part("context/v2.jsonld", "jsonld-context")
    yield Part("ontology/", "ontology", dataset="ontology")
    yield Part("queries/", "queries", dataset="queries")
    yield Part("lexicon.ttl", "lexicon")
    yield Part("description/void.ttl", "void")
    yield Part("description/provenance.ttl", "provenance")
