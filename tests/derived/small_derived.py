"""Small fictional reports and graphs, one for each test."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.passages import Report, split

SECTION = PREFIXES["section"]
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def report_of(*sections: str, contents: str = "") -> Report:
    """Return a report with these sections, each a text with its heading."""
    titles = [section.splitlines()[0].lstrip("# ") for section in sections]
    lines = contents or "".join(f"{title.replace(' ', chr(9), 1)}\t1\n" for title in titles)
    text = f"# Contents\n\n{lines}\n\n\n" + "\n\n\n\n".join(sections) + "\n"
    return Report(split(text), text)


def graph_of(trig: str) -> Graph:
    """Return the graph of a TriG text with the project's prefixes; `<s/…>` is a passage."""
    return Graph.of(parse(HEAD + trig.replace("<s/", f"<{SECTION}"), format=RdfFormat.TRIG))
