"""The diagram of the main classes and the links between them, as SVG.

Where the classes stand is chosen by hand; what links them is looked up: a link is drawn only if the ontology has the
property, does not contradict the two classes, and the graph has an instance of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from jhaan_kg.export.ontology.markup import element, text
from jhaan_kg.export.ontology.model import Ontology, anchor
from jhaan_kg.namespaces import ONTOLOGY, RDF_TYPE, RDFS, RDFS_LABEL, compact, expand, jhaan

PLACES: Final = {
    "PresidencyTerm": (0, 0),
    "Network": (1, 0),
    "Agency": (2, 0),
    "InformationSystem": (3, 0),
    "Access": (4, 0),
    "Priority": (0, 1),
    "WorkingGroup": (1, 1),
    "Participation": (2, 1),
    "Cooperation": (3, 1),
    "Topic": (4, 1),
    "Product": (0, 2),
    "EventSeries": (1, 2),
    "Event": (2, 2),
    "Involvement": (3, 2),
    "ActionSet": (4, 2),
    "Place": (0, 3),
    "Outcome": (1, 3),
    "AgendaItem": (2, 3),
    "EmpactPriority": (3, 3),
    "OperationalActionPlan": (4, 3),
    "Assertion": (0, 4),
    "Passage": (1, 4),
    "ContestedStatement": (3, 4),
    "Decision": (4, 4),
}
"""The column and row of each class that is drawn."""

LINKS: Final = (
    ("PresidencyTerm", "org:organization", "Network"),
    ("Network", "org:hasMember", "Agency"),
    ("InformationSystem", "jhaan:ofBody", "Agency"),
    ("Access", "jhaan:accessTo", "InformationSystem"),
    ("Priority", "jhaan:priorityOf", "PresidencyTerm"),
    ("WorkingGroup", "jhaan:ofBody", "Network"),
    ("WorkingGroup", "jhaan:chairedBy", "Agency"),
    ("Participation", "jhaan:participant", "Agency"),
    ("Participation", "jhaan:inCooperation", "Cooperation"),
    ("Participation", "jhaan:inEvent", "Event"),
    ("Cooperation", "jhaan:concernsTopic", "Topic"),
    ("Product", "jhaan:underPriority", "Priority"),
    ("Event", "jhaan:ofWorkingGroup", "WorkingGroup"),
    ("Event", "jhaan:inSeries", "EventSeries"),
    ("Event", "schema:location", "Place"),
    ("Outcome", "jhaan:outcomeOf", "Event"),
    ("AgendaItem", "jhaan:atEvent", "Event"),
    ("Involvement", "rdfs:subClassOf", "Participation"),
    ("Involvement", "jhaan:inActions", "ActionSet"),
    ("ActionSet", "jhaan:inPlan", "OperationalActionPlan"),
    ("OperationalActionPlan", "jhaan:ofPriority", "EmpactPriority"),
    ("Assertion", "jhaan:evidenceIn", "Passage"),
    ("ContestedStatement", "jhaan:statedIn", "Passage"),
    ("ContestedStatement", "jhaan:decidedBy", "Decision"),
)
"""The links that may be drawn: from which class, by which property, to which class."""

TITLE: Final = "The main classes and what links them"

_BOX: Final = (178, 50)
_PITCH: Final = (304, 122)
_EDGE: Final = 8
_FITS: Final = 18
"""How many characters of a label fit into a box side by side."""

_LEADING: Final = 18
"""From line to line of a label."""

_KIND_OF: Final = NamedNode(RDFS + "subClassOf")

STYLE: Final = """
.diagram { --ink: #1c2733; --line: #5b6b7c; --fill: #eef3f8; --rim: #31597f; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  .diagram { --ink: #e6ebf0; --line: #93a4b5; --fill: #223040; --rim: #7fb0dc; --ground: #14191f; }
}
@media print {
  .diagram { --ink: #000; --line: #444; --fill: #fff; --rim: #000; --ground: #fff; }
}
.diagram { background: var(--ground); }
.diagram text { font-family: system-ui, sans-serif; text-anchor: middle; fill: var(--ink); }
.diagram .class { font-size: 15px; font-weight: 600; }
.diagram .link { font-size: 14.5px; stroke: var(--ground); stroke-width: 5px; paint-order: stroke; }
.diagram rect { fill: var(--fill); stroke: var(--rim); stroke-width: 1.5; }
.diagram path { fill: none; stroke: var(--line); stroke-width: 1.5; }
.diagram .kind { stroke-dasharray: 6 4; }
.diagram marker path { fill: var(--line); stroke: none; }
.diagram a:hover rect, .diagram a:focus rect { stroke-width: 3; }
"""
"""How the diagram looks, by day, by night and on paper."""


class Link(NamedTuple):
    """A link between two classes."""

    source: NamedNode
    said: NamedNode
    target: NamedNode


def links(ontology: Ontology, triples: Iterable[Triple]) -> list[Link]:
    """Give the links of the diagram that hold.

    Args:
        ontology: with the terms of other vocabularies.
        triples: the flat graph, with its evidence.

    Returns:
        Those whose property has no domain or range beside the two classes and what is above them, and of which the
        graph has an instance; for a class that is a kind of another, that the ontology says so.
    """
    used = _used(triples)
    wanted = [Link(jhaan(source), NamedNode(expand(said)), jhaan(target)) for source, said, target in LINKS]
    return [link for link in wanted if _holds(ontology, link, used)]


def diagram(ontology: Ontology, drawn: Iterable[Link], *, alone: bool = False) -> str:
    """Draw the classes and links.

    Args:
        ontology: has the labels.
        drawn: the links.
        alone: whether it is a file of its own, which brings its style along, and in which classes and properties
            are linked to their IRIs; within the page they are linked to their entries.
    """
    columns, rows = (max(place[axis] for place in PLACES.values()) + 1 for axis in (0, 1))
    width = (columns - 1) * _PITCH[0] + _BOX[0] + 2 * _EDGE
    height = (rows - 1) * _PITCH[1] + _BOX[1] + 2 * _EDGE
    there = list(drawn)
    told = "; ".join(f"{_name(link.source)} {_name(link.said)} {_name(link.target)}" for link in there)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 {width} {height}" role="group" '
        f'aria-labelledby="diagram-title diagram-words">'
        f'<title id="diagram-title">{text(TITLE)}</title><desc id="diagram-words">{text(told)}</desc>\n'
        '<defs><marker id="diagram-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 10 5 0 10z"/></marker></defs>\n'
    )
    style = [f"<style>{STYLE}</style>"] if alone else []
    lines = [_line(link) for link in there]
    words = [_words(link, alone) for link in there]
    boxes = [_box(ontology, name, alone) for name in PLACES]
    return head + "\n".join([*style, *lines, *boxes, *words]) + "\n</svg>\n"


def _used(triples: Iterable[Triple]) -> dict[NamedNode, set[tuple[NamedNode, NamedNode]]]:
    """Give for each property that may be drawn the pairs of drawn classes between which the graph has it."""
    drawn = {jhaan(name) for name in PLACES}
    said = {NamedNode(expand(said)) for _, said, _ in LINKS}
    kinds: dict[object, list[NamedNode]] = defaultdict(list)
    stated: list[Triple] = []
    for triple in triples:
        if triple.predicate == RDF_TYPE and triple.object in drawn and isinstance(triple.object, NamedNode):
            kinds[triple.subject].append(triple.object)
        elif triple.predicate in said:
            stated.append(triple)
    found: dict[NamedNode, set[tuple[NamedNode, NamedNode]]] = defaultdict(set)
    for triple in stated:
        for source in kinds.get(triple.subject, ()):
            found[triple.predicate] |= {(source, target) for target in kinds.get(triple.object, ())}
    return found


def _holds(ontology: Ontology, link: Link, used: dict[NamedNode, set[tuple[NamedNode, NamedNode]]]) -> bool:
    if link.said == _KIND_OF:
        return link.target in ontology.above(link.source)
    domains = set(ontology.values(link.said, RDFS + "domain"))
    ranges = set(ontology.values(link.said, RDFS + "range"))
    fits = domains <= ontology.above(link.source) and ranges <= ontology.above(link.target)
    return fits and (link.source, link.target) in used[link.said]


def _centre(term: NamedNode) -> tuple[int, int]:
    column, row = PLACES[anchor(term)]
    return _EDGE + _BOX[0] // 2 + column * _PITCH[0], _EDGE + _BOX[1] // 2 + row * _PITCH[1]


def _ends(link: Link) -> Iterator[tuple[float, float]]:
    """Give where a line leaves one box and reaches the other."""
    (ax, ay), (bx, by) = _centre(link.source), _centre(link.target)
    dx, dy = bx - ax, by - ay
    share = min((_BOX[0] / 2 / abs(dx)) if dx else 1.0, (_BOX[1] / 2 / abs(dy)) if dy else 1.0)
    yield ax + dx * share, ay + dy * share
    yield bx - dx * share, by - dy * share


def _line(link: Link) -> str:
    (ax, ay), (bx, by) = _ends(link)
    kind = "kind" if link.said == _KIND_OF else ""
    return element(
        "path", d=f"M{ax:.1f} {ay:.1f} {bx:.1f} {by:.1f}", klass=kind, **{"marker-end": "url(#diagram-tip)"}
    )


def _words(link: Link, alone: bool) -> str:
    (ax, ay), (bx, by) = _ends(link)
    name = "kind of" if link.said == _KIND_OF else _name(link.said)
    words = element("text", text(name), x=f"{(ax + bx) / 2:.1f}", y=f"{(ay + by) / 2 + 4:.1f}", klass="link")
    return words if link.said == _KIND_OF else element("a", words, href=_target(link.said, alone))


def _box(ontology: Ontology, name: str, alone: bool) -> str:
    term = jhaan(name)
    x, y = _centre(term)
    size = {"width": str(_BOX[0]), "height": str(_BOX[1]), "rx": "8"}
    box = element("rect", x=str(x - _BOX[0] // 2), y=str(y - _BOX[1] // 2), **size)
    lines = wrap(ontology.text(term, RDFS_LABEL.value), _FITS)
    top = y + 5 - _LEADING * (len(lines) - 1) // 2
    spans = (
        element("tspan", text(line), x=str(x), y=str(top + _LEADING * n)) for n, line in enumerate(lines)
    )
    return element("a", box, element("text", *spans, klass="class"), href=_target(term, alone))


def _name(term: NamedNode) -> str:
    return anchor(term) if term.value.startswith(ONTOLOGY) else compact(term.value)


def _target(term: NamedNode, alone: bool) -> str:
    """Give the IRI of a term, or where its entry stands on the page."""
    if alone:
        return term.value
    return f"#{_name(term)}"
