"""A report of a few lines and a graph of a few triples, made up for one test each; and the report of 2023."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.passages import split

SECTION = PREFIXES["section"]
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="session")
def source(report_text: str) -> Source:
    """The report of 2023."""
    return Source(split(report_text), report_text)


@pytest.fixture
def source_of() -> Callable[..., Source]:
    """Make a report from the text of its sections, each with its heading."""

    def make(*sections: str, contents: str = "") -> Source:
        titles = [section.splitlines()[0].lstrip("# ") for section in sections]
        lines = contents or "".join(f"{title.replace(' ', chr(9), 1)}\t1\n" for title in titles)
        text = f"# Contents\n\n{lines}\n\n\n" + "\n\n\n\n".join(sections) + "\n"
        return Source(split(text), text)

    return make


@pytest.fixture
def quads_of() -> Callable[[str], list[Quad]]:
    """Read TriG, with the prefixes of the project; `<s/…>` is a passage."""

    def make(trig: str) -> list[Quad]:
        return list(parse(HEAD + trig.replace("<s/", f"<{SECTION}"), format=RdfFormat.TRIG))

    return make


@pytest.fixture
def facts_of(quads_of: Callable[[str], list[Quad]]) -> Callable[[str], Facts]:
    """Index TriG."""
    return lambda trig: Facts(quads_of(trig))
