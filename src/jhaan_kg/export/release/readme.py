"""The page that tells the reader of a release what lies before him."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final

_PAGE: Final = """# JHAAN knowledge graph, release {version}

What the final report 2023 of the EU Justice and Home Affairs Agencies Network says, as a knowledge graph of
{statements:,} statements. Each statement of the report leads to the passage that makes it. Issued {issued}.

## Where to begin

| You want | Take |
|---|---|
| a spreadsheet | `tables.xlsx` |
| tables for a database or a notebook | `tables/`, described in `tables/csv-metadata.json` |
| JSON, and no RDF | `framed/`: a document for each class; their JSON Schemas are in `schema/` |
| the events in a calendar | `calendar.ics` |
| the network of the agencies | `networks/`: GraphML for networkx, igraph and Cytoscape, GEXF for Gephi |
| to read the graph | `graph/jhaan.ttl` |
| to validate what the sources state with the shapes | `graph/asserted.ttl`, with `ontology/shapes.ttl` |
| to load a triple store | `dataset/jhaan.nq.gz`, with named graphs and evidence, or `graph/jhaan.nt.gz`, without |
| one thing | `things/`: a document for each, at the path of its IRI |
| the terms | `ontology/index.html` |
| questions to ask it | `queries/`: SPARQL that runs as it stands |
| to harvest it | `description/dcat.ttl` or `description/dcat.rdf` |

## What it says, and what not

- Where the report contradicts itself, both sides are in the graph with their passages. The side that is used was
  chosen by a decision with a reason, which is in the graph too.
- What is not recorded is not thereby absent: lists may be open, participants unnamed, and graphics were lost.
- In `dataset/`, what the report says, what the curators say, facts from outside and what follows from each stand in
  graphs of their own. So do the stored questions and the lexicon of `jhaan verify`, which are not in `graph/`.

## To be sure

    sha256sum -c SHA256SUMS

When the release was made, each file of RDF was read again and held the statements that it must have.
`manifest.json` has the counts. The release was made of the snapshot {snapshot};
the same snapshot gives the same bytes.

## What is here

{table}

## Licence and citation

The data are under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Cite them as: The jhaan-kg contributors,
JHAAN knowledge graph, release {version}, {issued}, https://w3id.org/jhaan/release/{version}/
"""


def readme(about: dict[str, Any], entries: list[dict[str, Any]]) -> str:
    """Write the page.

    Args:
        about: version, day of issue, number of statements and snapshot of the release.
        entries: its parts, as the manifest has them.

    Returns:
        The page in Markdown.
    """
    return _PAGE.format(**about, table=_table(entries))


def _table(entries: list[dict[str, Any]]) -> str:
    lines = ["| Path | What it is | Size | Holds |", "|---|---|---|---|"]
    for _, group in groupby(sorted(entries, key=_family), key=_family):
        lines.append(_row(list(group)))
    return "\n".join(lines)


def _family(entry: dict[str, Any]) -> str:
    """Name what differs only in what was chosen: the networks by their rules, the documents by their classes."""
    path = PurePosixPath(entry["path"])
    return str(path.with_name("*" + "".join(path.suffixes))) if entry["chosen"] else entry["path"]


def _row(entries: list[dict[str, Any]]) -> str:
    first = entries[0]
    if first["chosen"]:
        held = [entry["chosen"] + _in_brackets(entry["counts"]) for entry in entries]
    else:
        held = [f"{number:,} {what}" for what, number in first["counts"].items()]
    size = _size(sum(entry["bytes"] for entry in entries))
    return f"| `{_family(first)}` | {first['what']} | {size} | {', '.join(held)} |"


def _in_brackets(counts: dict[str, int]) -> str:
    return f" ({list(counts.values())[-1]})" if counts else ""


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(count // 1000, 1)} kB"
