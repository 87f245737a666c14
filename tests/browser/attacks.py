"""Texts that would run as scripts if a page did not escape them, and a graph in which every text is one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.namespaces import BASE, ID, ONTOLOGY, RDF_TYPE, RDFS, XSD
from jhaan_kg.passages import digest

MARKUP: Final = (
    "</script></style></title></textarea></select></pre><!-- --><script class=xss>window.xss = 1; alert(1)</script>"
    "<img class=xss src=x onerror=window.xss=1><svg class=xss onload=window.xss=1></svg>"
    "<a class=xss href=javascript:window.xss=1>a</a><base class=xss href=//evil.example/>"
    "<meta class=xss http-equiv=refresh content=0;url=//evil.example/>"
    "<link class=xss rel=stylesheet href=//evil.example/>"
)
ATTACKS: Final = (
    f"'\"><x class=xss>{MARKUP}",
    f'" class="xss" autofocus onfocus="window.xss=1" x="{MARKUP}',
    f"' class='xss' autofocus onfocus='window.xss=1' x='{MARKUP}",
    "javascript:window.xss=1",
    "{{ 7 * 6191 }}{% for x in 7 %}",
)
"""Texts for fields of forms and for literals of a graph."""

HARM: Final = """() => [
    ...("xss" in window ? ["a script has run"] : []),
    ...[...document.querySelectorAll(".xss, [autofocus], [onfocus], [onerror], [onload]")].map(
        element => "an element: " + element.cloneNode().outerHTML),
    ...[...document.querySelectorAll("script:not([type='application/ld+json'])")].map(
        element => "a script: " + element.outerHTML),
    ...[...document.querySelectorAll("[href], [action], [src]")].flatMap(element => {
        const target = element.getAttribute("href") ?? element.getAttribute("action") ?? element.getAttribute("src");
        const url = new URL(target, document.baseURI);
        return /^https?:$/.test(url.protocol) && (!target.startsWith("/") || url.origin === location.origin)
            ? [] : ["a target: " + target];
    }),
    ...(document.documentElement.outerHTML.includes("43337") ? ["a template was filled in"] : []),
]"""
"""A script that returns the effects of an attack on a page, in words."""

SHOWN: Final = """text => document.body.innerText.includes(text)
    || [...document.querySelectorAll("input, textarea")].some(field => field.value.includes(text))"""
"""A script that returns whether a page shows a text unchanged."""

THING: Final = "id/agency/o'onfocus='window.xss=1'x='"
"""The path of an agency of the hostile graph."""

_KEPT: Final = {
    f"{ONTOLOGY}{name}" for name in ("textDigest", "sectionNumber", "splitterVersion", "planNumber")
}
"""Properties whose values stay unchanged, since the program needs them."""

_IRIS: Final = (
    "javascript:window.xss=1//",
    "JavaScript:window.xss=1//",
    "data:text/html,window.xss=1",
    "vbscript:window.xss",
    "https://example.org/'onfocus='window.xss=1'",
    "https://example.org/&quot;onfocus=&quot;window.xss=1",
    f"{BASE}/evil.example/",
    f"{ID}%22%3E%3Cscript%3E",
)


def hostile_snapshot(folder: Path, real: Snapshot) -> tuple[Path, Path]:
    """Write a copy of a snapshot with an attack at the end of each text, and a report that consists of attacks.

    Args:
        folder: an empty folder.
        real: the snapshot to copy.

    Returns:
        The folder of the snapshot, and the file of the report's text.
    """
    made, report = folder / "snapshot", folder / "report.txt"
    made.mkdir()
    graphs = defaultdict[NamedNode, list[Triple]](list)
    for quad in real.quads(evidence=True, context=True):
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].append(quad.triple)
    (document,) = (graph for graph in graphs if "/graph/document/" in graph.value)
    ends = [
        int(triple.object.value)
        for triple in graphs[document]
        if triple.predicate.value.endswith("endOffset") and isinstance(triple.object, Literal)
    ]
    text = (f"{ATTACKS[0]} " * max(ends))[: max(ends)]
    report.write_text(text, "utf-8")
    (whole,) = (
        triple.object
        for triple in graphs[document]
        if triple.predicate.value.endswith("textDigest") and "/section/" not in str(triple.subject)
    )
    other = Literal(digest(text))
    hostile = {
        graph: [_hostile(triple, whole, other) for triple in triples] for graph, triples in graphs.items()
    }
    hostile[NamedNode(f"{BASE}graph/register/agencies")] += _things()
    catalogue = json.loads(real.catalogue_path.read_text("utf-8"))
    for query in catalogue["queries"]:
        for part in (query, *query["parameters"]):
            part.update(
                {
                    key: part[key] + ATTACKS[0]
                    for key in ("summary", "description", "absence")
                    if part.get(key)
                }
            )
    write_snapshot(made, graph_files(hostile), catalogue, {})
    return made, report


def _hostile(triple: Triple, whole: Any, other: Literal) -> Triple:
    said = triple.object
    if said == whole:
        return Triple(triple.subject, triple.predicate, other)
    if (
        not isinstance(said, Literal)
        or triple.predicate.value in _KEPT
        or said.datatype.value not in (f"{XSD}string", f"{RDF_TYPE.value.removesuffix('type')}langString")
    ):
        return triple
    worse = Literal(said.value + ATTACKS[0], language=said.language)
    return Triple(triple.subject, triple.predicate, worse)


def _things() -> Iterator[Triple]:
    thing, label = NamedNode(BASE + THING), NamedNode(f"{RDFS}label")
    yield Triple(thing, RDF_TYPE, NamedNode(f"{ONTOLOGY}Agency"))
    for attack in ATTACKS:
        yield Triple(thing, label, Literal(attack, language="en"))
        yield Triple(thing, NamedNode(f"{ONTOLOGY}called"), Literal(attack))
        yield Triple(thing, NamedNode(f"{ONTOLOGY}summary"), Literal(attack, language="en-x-onfocus"))
        yield Triple(
            thing,
            NamedNode("https://schema.org/startDate"),
            Literal(attack, datatype=NamedNode(f"{XSD}date")),
        )
    for iri in _IRIS:
        for predicate in ("https://schema.org/url", f"{RDFS}seeAlso"):
            yield Triple(thing, NamedNode(predicate), NamedNode(iri))
            yield Triple(NamedNode(iri), NamedNode(predicate), thing)
        yield Triple(thing, NamedNode(iri), Literal(ATTACKS[0]))
        yield Triple(thing, RDF_TYPE, NamedNode(iri))
        yield Triple(NamedNode(iri), label, Literal(ATTACKS[1], language="en"))
