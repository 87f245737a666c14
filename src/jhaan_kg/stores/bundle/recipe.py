"""What a bundle for one kind of store is made of, and how markers in its files become what they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from jhaan_kg.namespaces import GRAPH

DATASET: Final = "jhaan.nq.gz"
"""The file of the dataset with its evidence."""

FLAT: Final = "jhaan.nt.gz"
"""The file of the flat graph."""

COUNTS: Final = "counts.tsv"
"""The file of the number of triples in each named graph."""

CHECK: Final = "check.sh"
"""The check for after the load."""

FLAT_GRAPH: Final = GRAPH + "flat"
"""The named graph for the flat graph, in stores whose default graph is the union of the named ones."""


class Contents(NamedTuple):
    """What lies in a bundle.

    Attributes:
        version: of the release.
        issued: the day of the release, as `YYYY-MM-DD`.
        snapshot: the digest of the snapshot that it was made from.
        counts: the number of triples in each named graph, sorted by graph.
        flat: the number of triples of the flat graph.
    """

    version: str
    issued: str
    snapshot: str
    counts: tuple[tuple[str, int], ...]
    flat: int

    @property
    def total(self) -> int:
        """The number of triples in all named graphs together; each stands in one of them only."""
        return sum(count for _, count in self.counts)


class File(NamedTuple):
    """A file of a bundle that is written for one kind of store.

    Attributes:
        what: what it is, in few words.
        text: what it holds, with markers.
    """

    what: str
    text: str


class Recipe(NamedTuple):
    """How a bundle for one kind of store is made. All texts may hold markers; those for the reader are Markdown.

    Attributes:
        kind: the name of the kind.
        title: what its makers call it.
        endpoint: the address of the SPARQL endpoint that the steps lead to; empty if there is none.
        run_on: the versions with which tests of ours run the commands; empty if nobody of us ever ran them.
        needs: what must be there before the first step.
        load: the steps that load the dataset.
        check: the command that runs `check.sh`, and what to know of it.
        default_graph: what a query sees that names no graph.
        flat: how the flat graph is loaded instead; empty if that is what `load` does.
        renew: how another release takes the place of this one, and how it is taken away.
        serve: the step that starts the server; empty if it must run before, or is nobody's task.
        files: the files that are written for this kind, by path.
        flat_pattern: what finds all triples of the flat graph once it is loaded, as SPARQL.
        markers: gives further markers from the flat graph as lines of N-Triples.
    """

    kind: str
    title: str
    endpoint: str
    run_on: str
    needs: str
    load: str
    check: str
    default_graph: str
    flat: str
    renew: str
    serve: str = ""
    files: Mapping[str, File] = {}
    flat_pattern: str = "?s ?p ?o"
    markers: Callable[[bytes], Mapping[str, str]] | None = None


def filled(text: str, markers: Mapping[str, str], graphs: Iterable[str]) -> str:
    r"""Put values in the place of markers, such as `@VERSION@`; a line with `@GRAPH@` is there once for each graph.

    Args:
        text: with markers.
        markers: what each stands for.
        graphs: the named graphs.

    Raises:
        KeyError: a marker has no value.

    >>> filled("release @VERSION@\nclear <@GRAPH@>\n", {"VERSION": "0.2.0"}, ["urn:a", "urn:b"])
    'release 0.2.0\nclear <urn:a>\nclear <urn:b>\n'
    """
    text = re.sub(
        ".*@GRAPH@.*\n", lambda line: "".join(line[0].replace("@GRAPH@", graph) for graph in graphs), text
    )
    return re.sub("@([A-Z_]+)@", lambda marker: markers[marker[1]], text)
