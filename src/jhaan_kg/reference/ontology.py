"""The page of the ontology: each term as authored, with an example from the graph and the questions that use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import (
    DCTERMS,
    GRAPH,
    ONTOLOGY,
    ORG,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SCHEMA,
    SKOS,
    compact,
)
from jhaan_kg.query.cite import Citation, CitationKind, cite_triples
from jhaan_kg.query.run import Engine, StoreEngine
from jhaan_kg.reference.markdown import code, prose, table
from jhaan_kg.results.markdown import escaped

HEAD: Final = """# The ontology

Made from `ontology/jhaan.ttl` and the graph by `python -m jhaan_kg.reference ontology`. All terms are in the
namespace `{namespace}`, prefix `jhaan:`; this is version {version}. The profile is OWL 2 RL; how many values a
property must have is said by the shapes in `shapes/`. [ARCHITECTURE.md](../ARCHITECTURE.md) has the model of
evidence and contradictions, [curating.md](curating.md) the patterns in which facts are written, and
[checks.md](checks.md) what must never be in the graph.

For each term: what it means, where it stands among the others, how many uses the graph has and one of them, and
the questions that use it. A question uses a term if its SPARQL, its templates or the kinds of its parameters
mention it; or through another term: a class or property above it, a property of which it is the domain or range,
the code list that it belongs to. Where no question uses a term, the reason why it is there is given.

"""

OTHERS: Final = """## Terms of other vocabularies

What the graph uses of others, as it is. `ontology/reused-terms.ttl` has their labels and axioms, with sources and
versions.
"""

_FEW: Final = 3
"""How many questions and passages are named for one term."""

_LONGEST: Final = 80
"""How many characters of a text are shown."""

_RANKS: Final = (
    "report/",
    "curation/",
    "reconciled/",
    "inferred/",
    "register/",
    "context/",
    "document/",
    "evidence/",
)
"""From which graphs an example is taken, the best first; then come the ontology and the catalogue."""

_DEFINED_BY: Final = NamedNode(ONTOLOGY.rstrip("#"))
_KINDS: Final = {
    "ObjectProperty": "property between things",
    "DatatypeProperty": "property with a value",
    "AnnotationProperty": "annotation",
}

Node: TypeAlias = NamedNode | BlankNode


class Uses(NamedTuple):
    """How the graph uses a term.

    Attributes:
        times: how many instances of a class, statements of a property, or statements that name a code.
        example: one of them; for a class the triple that gives its instance the type.
    """

    times: int
    example: Triple


class Ontology:
    """The ontology as authored."""

    def __init__(self, path: Path) -> None:
        """Read its file."""
        self._values: dict[tuple[Node, NamedNode], list[object]] = defaultdict(list)
        self._subjects: dict[tuple[NamedNode, object], list[NamedNode]] = defaultdict(list)
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode | BlankNode):
                self._values[subject, quad.predicate].append(value)
            if isinstance(subject, NamedNode):
                self._subjects[quad.predicate, value].append(subject)

    def terms(self) -> list[NamedNode]:
        """Give all terms, sorted as people do, with capitals beside small letters."""
        return _sorted(self.that(RDFS + "isDefinedBy", _DEFINED_BY))

    def that(self, predicate: str, value: object) -> list[NamedNode]:
        """Give what has this value, sorted."""
        return _sorted(self._subjects[NamedNode(predicate), value])

    def values(self, term: Node, predicate: str) -> list[NamedNode]:
        """Give the things that are values of a property, sorted."""
        return _sorted(v for v in self._values[term, NamedNode(predicate)] if isinstance(v, NamedNode))

    def texts(self, term: Node, predicate: str) -> list[str]:
        """Give the literal values of a property, sorted."""
        return sorted(v.value for v in self._values[term, NamedNode(predicate)] if isinstance(v, Literal))

    def text(self, term: Node, predicate: str) -> str:
        """Give the literal value of a property, or nothing."""
        return next(iter(self.texts(term, predicate)), "")

    def lists(self, term: Node, predicate: str) -> list[list[NamedNode]]:
        """Give the RDF lists that are values of a property."""
        return [
            [item for node in self._cells(value) for item in self.values(node, RDF + "first")]
            for value in self._values[term, NamedNode(predicate)]
            if isinstance(value, BlankNode)
        ]

    def _cells(self, head: BlankNode) -> Iterator[BlankNode]:
        yield head
        for rest in self._values[head, NamedNode(RDF + "rest")]:
            if isinstance(rest, BlankNode):
                yield from self._cells(rest)

    def excluded(self) -> list[list[NamedNode]]:
        """Give the sets of classes of which no two share an instance."""
        heads = [s for (s, p), v in self._values.items() if p.value == OWL + "members" and v]
        return [members for head in heads for members in self.lists(head, OWL + "members")]


def page(root: Path) -> str:
    """Write the page, in Markdown."""
    ontology = Ontology(root / "ontology" / "jhaan.ttl")
    snapshot = open_snapshot()
    engine = StoreEngine(store_for(snapshot, evidence=True, context=True))
    return "".join(_Page(ontology, snapshot, engine).parts())


class _Page:
    def __init__(self, ontology: Ontology, snapshot: Snapshot, engine: Engine) -> None:
        self._ontology = ontology
        self._terms = ontology.terms()
        self._own = set(self._terms)
        self._codes = [term for term in self._terms if self._is(term, "NamedIndividual")]
        self._uses = _uses(snapshot, set(self._codes))
        self._citations = cite_triples(engine, [found.example for found in self._uses.values()])
        self._labels = _labels(engine)
        self._mentions, self._through = _questions(engine)

    def parts(self) -> Iterator[str]:
        ontology = self._ontology
        yield HEAD.format(namespace=ONTOLOGY, version=ontology.text(_DEFINED_BY, OWL + "versionInfo"))
        classes = [term for term in self._terms if self._is(term, "Class")]
        properties = [term for term in self._terms if any(self._is(term, kind) for kind in _KINDS)]
        lists: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for term in self._codes:
            for kind in ontology.values(term, RDF_TYPE.value):
                if kind.value != OWL + "NamedIndividual":
                    lists[kind].append(term)
        yield f"- [Classes](#classes): {len(classes)}\n- [Properties](#properties): {len(properties)}\n"
        yield f"- [Code lists](#code-lists): {len(self._codes)} terms in {len(lists)} lists\n"
        yield "- [Terms of other vocabularies](#terms-of-other-vocabularies)\n\n"
        yield "## Classes\n\n"
        yield from self._tree([term for term in classes if not self._above(term)], "")
        yield "\n"
        for term in classes:
            yield from self._term(term, self._class(term, lists.get(term, [])))
        yield "## Properties\n\n"
        for term in properties:
            yield from self._term(term, self._property(term))
        yield "## Code lists\n\n"
        for kind in _sorted(lists):
            yield f"### Codes of {compact(kind.value)}\n\n"
            yield (
                table(["Code", "What it is", "An example", "Questions"], map(self._code, lists[kind])) + "\n"
            )
        yield OTHERS + "\n"
        others = _sorted(
            term for term in self._uses if term not in self._own and not term.value.startswith(OWL)
        )
        rows = ([code(compact(t.value)), escaped(self._labels.get(t, "")), self._example(t)] for t in others)
        yield table(["Term", "Label", "Uses in the graph"], rows)

    def _is(self, term: NamedNode, kind: str) -> bool:
        return NamedNode(OWL + kind) in self._ontology.values(term, RDF_TYPE.value)

    def _above(self, term: NamedNode) -> list[NamedNode]:
        return [above for above in self._ontology.values(term, RDFS + "subClassOf") if above in self._own]

    def _tree(self, classes: Iterable[NamedNode], indent: str) -> Iterator[str]:
        for term in classes:
            yield f"{indent}- {self._link(term)}: {escaped(self._ontology.text(term, RDFS + 'label'))}\n"
            below = self._ontology.that(RDFS + "subClassOf", term)
            yield from self._tree([one for one in below if one in self._own], indent + "  ")

    def _term(self, term: NamedNode, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
        yield f'<a id="{_anchor(term)}"></a>\n\n### {compact(term.value)}\n\n'
        yield f"{self._meaning(term)}\n\n"
        for what, said in (*facts, ("in the graph", self._example(term)), ("questions", self._used_by(term))):
            if said:
                yield f"- {what}: {said}\n"
        yield "\n"

    def _meaning(self, term: NamedNode) -> str:
        label, definition = (self._ontology.text(term, p) for p in (RDFS + "label", SKOS + "definition"))
        meaning = f"**{escaped(label)}**: {prose(definition)}"
        if "true" not in self._ontology.texts(term, OWL + "deprecated"):
            return meaning
        successors = self._listed(self._ontology.values(term, DCTERMS + "isReplacedBy"))
        return f"{meaning} Deprecated{f': use {successors}' if successors else ''}."

    def _class(self, term: NamedNode, codes: Sequence[NamedNode]) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        yield "kind of", self._listed(ontology.values(term, RDFS + "subClassOf"))
        apart = {*ontology.values(term, OWL + "disjointWith"), *ontology.that(OWL + "disjointWith", term)}
        apart |= {other for members in ontology.excluded() if term in members for other in members} - {term}
        yield "shares no instance with", self._listed(_sorted(apart))
        yield "properties from it", self._listed(ontology.that(RDFS + "domain", term))
        yield "properties to it", self._listed(ontology.that(RDFS + "range", term))
        yield (
            "label is made as",
            code(template) if (template := ontology.text(term, ONTOLOGY + "labelTemplate")) else "",
        )
        yield "codes", ", ".join(code(compact(one.value)) for one in codes)

    def _property(self, term: NamedNode) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        kinds = [words for kind, words in _KINDS.items() if self._is(term, kind)]
        kinds += [word for kind, word in _TRAITS.items() if self._is(term, kind)]
        if "true" in ontology.texts(term, ONTOLOGY + "singleValued"):
            kinds.append("has one value: where passages differ, the report contradicts itself")
        yield "what it is", ", ".join(kinds)
        yield "from", self._listed(ontology.values(term, RDFS + "domain"))
        yield "to", self._listed(ontology.values(term, RDFS + "range"))
        yield "kind of", self._listed(ontology.values(term, RDFS + "subPropertyOf"))
        yield "above", self._listed(ontology.that(RDFS + "subPropertyOf", term))
        inverse = {*ontology.values(term, OWL + "inverseOf"), *ontology.that(OWL + "inverseOf", term)}
        yield "the other way", self._listed(_sorted(inverse))
        apart = {
            *ontology.values(term, OWL + "propertyDisjointWith"),
            *ontology.that(OWL + "propertyDisjointWith", term),
        }
        yield "never together with", self._listed(_sorted(apart))
        chains = ontology.lists(term, OWL + "propertyChainAxiom")
        yield "follows from", "; ".join(", then ".join(map(self._link, chain)) for chain in chains)
        yield "found in the text", self._listed(ontology.values(term, ONTOLOGY + "grounded"))

    def _code(self, term: NamedNode) -> list[str]:
        name = f'<a id="{_anchor(term)}"></a>{code(compact(term.value))}'
        return [name, self._meaning(term), self._example(term), self._used_by(term)]

    def _link(self, term: NamedNode) -> str:
        name = code(compact(term.value))
        return f"[{name}](#{_anchor(term)})" if term in self._own else name

    def _listed(self, terms: Iterable[NamedNode]) -> str:
        return ", ".join(map(self._link, terms))

    def _example(self, term: NamedNode) -> str:
        uses = self._uses.get(term)
        if uses is None:
            return "no use in this report"
        triple = uses.example
        often = f"{uses.times:,} time{'' if uses.times == 1 else 's'}"
        if triple.predicate == RDF_TYPE and triple.object == term:
            return f"{often}, such as {self._shown(triple.subject)}"
        said = f"{self._shown(triple.subject)} {code(compact(triple.predicate.value))} {self._shown(triple.object)}"
        return f"{often}, such as {said}{_origin(self._citations[triple])}"

    def _shown(self, term: object) -> str:
        if isinstance(term, NamedNode):
            name = code(compact(term.value))
            label = self._labels.get(term)
            return f"{escaped(label)} ({name})" if label else name
        return (
            escaped(f"“{shorten(term.value, _LONGEST, placeholder=' …')}”")
            if isinstance(term, Literal)
            else ""
        )

    def _used_by(self, term: NamedNode) -> str:
        names = self._mentions.get(term, [])
        if names:
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            return ", ".join(f"[{name}](questions.md#{name})" for name in names[:_FEW]) + more
        if term in self._through:
            return "through another term"
        reason = self._ontology.text(term, ONTOLOGY + "infrastructure")
        return f"none: {prose(reason)}" if reason else "nothing"


_TRAITS: Final = {"TransitiveProperty": "transitive", "AsymmetricProperty": "never both ways"}
"""What else a property may be."""


def _uses(snapshot: Snapshot, codes: Collection[NamedNode]) -> dict[NamedNode, Uses]:
    """Give for each class, property and code how the graph uses it."""
    counts: dict[NamedNode, int] = defaultdict(int)
    best: dict[NamedNode, tuple[int, str, Triple]] = {}
    ranks: dict[str, int] = {name: _rank(name) for name in snapshot.graph_names}
    for quad in snapshot.quads(evidence=True, context=True):
        rank = ranks[str(quad.graph_name.value)] if isinstance(quad.graph_name, NamedNode) else len(_RANKS)
        for term in _used(quad.triple, rank, codes):
            counts[term] += 1
            if term not in best or rank <= best[term][0]:
                found = (rank, str(quad.triple), quad.triple)
                best[term] = min(best.get(term, found), found, key=lambda one: one[:2])
    return {term: Uses(counts[term], triple) for term, (_, _, triple) in best.items()}


def _used(triple: Triple, rank: int, codes: Collection[NamedNode]) -> Iterator[NamedNode]:
    """Give the terms of which a triple is a use.

    What the ontology and the catalogue say is no use, but for codes, which are instances, and annotations of ours.
    """
    said, value = triple.predicate, triple.object
    in_ontology = rank == len(_RANKS)
    is_own = said.value.startswith(ONTOLOGY)
    if said == RDF_TYPE:
        if isinstance(value, NamedNode) and (not in_ontology or triple.subject in codes):
            yield value
        return
    if not in_ontology or is_own:
        yield said
    if isinstance(value, NamedNode) and value in codes and (is_own or said.value == ORG + "role"):
        yield value


def _rank(graph: str) -> int:
    name = graph.removeprefix(GRAPH)
    return next((rank for rank, start in enumerate(_RANKS) if name.startswith(start)), len(_RANKS))


def _labels(engine: Engine) -> dict[NamedNode, str]:
    found: dict[NamedNode, str] = {}
    for thing, label in engine.select(
        f"SELECT ?thing ?label WHERE {{ ?thing {RDFS_LABEL} ?label }} ORDER BY ?thing ?label"
    ).rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            found.setdefault(thing, label.value)
    return found


def _questions(engine: Engine) -> tuple[Mapping[NamedNode, list[str]], set[NamedNode]]:
    """Give for each term the questions that mention it, and the terms that are used through another one."""
    mentioned = f"?query <{SCHEMA}mentions>"
    direct: dict[NamedNode, list[str]] = defaultdict(list)
    for term, query in engine.select(
        f"SELECT DISTINCT ?term ?query WHERE {{ {mentioned} ?term }} ORDER BY ?query"
    ).rows:
        if isinstance(term, NamedNode) and isinstance(query, NamedNode):
            direct[term].append(query.value.rpartition("/")[2])
    ways = f"<{RDFS}subClassOf>|<{RDFS}subPropertyOf>|<{RDF}type>|^<{RDFS}range>|^<{RDFS}domain>"
    through = engine.select(
        f"SELECT DISTINCT ?term WHERE {{ ?term <{RDFS}isDefinedBy> {_DEFINED_BY} ; ({ways})+ ?other . "
        f"{mentioned} ?other }}"
    )
    return direct, {row[0] for row in through.rows if isinstance(row[0], NamedNode)}


def _origin(citations: Sequence[Citation]) -> str:
    """Say who makes a statement, and where."""
    if not citations:
        return ""
    if citations[0].kind is CitationKind.CONTEXT:
        return " (from outside the report)"
    if citations[0].kind is CitationKind.CURATION:
        return " (the curators say so)"
    passages = dict.fromkeys(passage.locator for citation in citations for passage in citation.passages)
    more = " and elsewhere" if len(passages) > _FEW else ""
    how = "it follows from " if citations[0].via else ""
    return f" ({how}{', '.join(list(passages)[:_FEW])}{more})"


def _anchor(term: NamedNode) -> str:
    return compact(term.value).partition(":")[2]


def _sorted(terms: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(set(terms), key=lambda term: (compact(term.value).casefold(), term.value))
