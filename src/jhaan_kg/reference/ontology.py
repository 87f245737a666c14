"""The page of the ontology: each term as authored, with an example from the graph and the questions that use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.export.ontology.account import Account, account, origin
from jhaan_kg.export.ontology.model import HEADER, KINDS, TRAITS, Ontology, anchor, in_order
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL, RDF_TYPE, RDFS, SKOS, compact
from jhaan_kg.query.run import StoreEngine
from jhaan_kg.reference.markdown import code, prose, table
from jhaan_kg.results.markdown import escaped

HEAD: Final = """# The ontology

Made from the files in `ontology/` and the graph by `python -m jhaan_kg.reference ontology`. All terms are in the
namespace `{namespace}`, prefix `jhaan:`; this is version {version}. How many values a
property must have is said by the shapes in `shapes/`. [The page of the export](exports/ontology.md) states the OWL
profile. [ARCHITECTURE.md](../ARCHITECTURE.md) has the model of
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
"""How many questions are named for one term."""

_LONGEST: Final = 80
"""How many characters of a text are shown."""


def page(root: Path) -> str:
    """Write the page, in Markdown."""
    snapshot, files = open_snapshot(), sorted((root / "ontology").glob("*.ttl"))
    told = account(
        Ontology(*(file.read_bytes() for file in files if file.stem != "reused-terms")),
        snapshot.quads(evidence=True, context=True),
        StoreEngine(store_for(snapshot, evidence=True, context=True)),
    )
    return "".join(_Page(told).parts())


class _Page:
    def __init__(self, told: Account) -> None:
        self._told = told
        self._ontology = told.ontology
        self._own = set(told.terms)

    def parts(self) -> Iterator[str]:
        ontology = self._ontology
        yield HEAD.format(namespace=ONTOLOGY, version=ontology.text(HEADER, OWL + "versionInfo"))
        classes, properties, lists = self._told.classes, self._told.properties, self._told.lists
        codes = sum(map(len, lists.values()))
        yield f"- [Classes](#classes): {len(classes)}\n- [Properties](#properties): {len(properties)}\n"
        yield f"- [Code lists](#code-lists): {codes} terms in {len(lists)} lists\n"
        yield "- [Terms of other vocabularies](#terms-of-other-vocabularies)\n\n"
        yield "## Classes\n\n"
        yield from self._tree([term for term in classes if not self._above(term)], "")
        yield "\n"
        for term in classes:
            yield from self._term(term, self._class(term, ontology.that(RDF_TYPE.value, term)))
        yield "## Properties\n\n"
        for term in properties:
            yield from self._term(term, self._property(term))
        yield "## Code lists\n\n"
        for kind in in_order(lists):
            yield f"### Codes of {compact(kind.value)}\n\n"
            yield (
                table(["Code", "What it is", "An example", "Questions"], map(self._code, lists[kind])) + "\n"
            )
        yield OTHERS + "\n"
        rows = (
            [code(compact(t.value)), escaped(self._told.labels.get(t, "")), self._example(t)]
            for t in self._told.others
        )
        yield table(["Term", "Label", "Uses in the graph"], rows)

    def _above(self, term: NamedNode) -> list[NamedNode]:
        return [above for above in self._ontology.values(term, RDFS + "subClassOf") if above in self._own]

    def _tree(self, classes: Iterable[NamedNode], indent: str) -> Iterator[str]:
        for term in classes:
            yield f"{indent}- {self._link(term)}: {escaped(self._ontology.text(term, RDFS + 'label'))}\n"
            below = self._ontology.that(RDFS + "subClassOf", term)
            yield from self._tree([one for one in below if one in self._own], indent + "  ")

    def _term(self, term: NamedNode, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
        yield f'<a id="{anchor(term)}"></a>\n\n### {compact(term.value)}\n\n'
        yield f"{self._meaning(term)}\n\n"
        notes = {"what counts": SKOS + "scopeNote", "from value to subject": ONTOLOGY + "inverseLabel"}
        own = [(what, prose(self._ontology.text(term, said))) for what, said in notes.items()]
        use = ("in the graph", self._example(term)), ("questions", self._used_by(term))
        for what, said in (*own, *facts, *use):
            if said:
                yield f"- {what}: {said}\n"
        yield "\n"

    def _meaning(self, term: NamedNode) -> str:
        label, definition = (self._ontology.text(term, p) for p in (RDFS + "label", SKOS + "definition"))
        meaning = f"**{escaped(label)}**: {prose(definition)}"
        if not self._ontology.is_deprecated(term):
            return meaning
        successors = self._listed(self._ontology.values(term, DCTERMS + "isReplacedBy"))
        note = prose(self._ontology.text(term, SKOS + "changeNote"))
        return f"{meaning} Deprecated{f': use {successors}' if successors else ''}. {note}".strip()

    def _class(self, term: NamedNode, codes: Sequence[NamedNode]) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        yield "kind of", self._listed(ontology.values(term, RDFS + "subClassOf"))
        yield "shares no instance with", self._listed(ontology.apart(term))
        yield "properties from it", self._listed(ontology.that(RDFS + "domain", term))
        yield "properties to it", self._listed(ontology.that(RDFS + "range", term))
        yield (
            "label is made as",
            code(template) if (template := ontology.text(term, ONTOLOGY + "labelTemplate")) else "",
        )
        yield "codes", ", ".join(code(compact(one.value)) for one in codes)

    def _property(self, term: NamedNode) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        kinds = [words for kind, words in KINDS.items() if ontology.is_a(term, kind)]
        kinds += [word for kind, word in TRAITS.items() if ontology.is_a(term, kind)]
        if ontology.is_single_valued(term):
            kinds.append("has one value: where passages differ, the report contradicts itself")
        yield "what it is", ", ".join(kinds)
        yield "from", self._listed(ontology.values(term, RDFS + "domain"))
        yield "to", self._listed(ontology.values(term, RDFS + "range"))
        yield "kind of", self._listed(ontology.values(term, RDFS + "subPropertyOf"))
        yield "above", self._listed(ontology.that(RDFS + "subPropertyOf", term))
        yield "the other way", self._listed(ontology.inverses(term))
        yield "never together with", self._listed(ontology.never_with(term))
        chains = ontology.lists(term, OWL + "propertyChainAxiom")
        yield "follows from", "; ".join(", then ".join(map(self._link, chain)) for chain in chains)

    def _code(self, term: NamedNode) -> list[str]:
        name = f'<a id="{anchor(term)}"></a>{code(compact(term.value))}'
        return [name, self._meaning(term), self._example(term), self._used_by(term)]

    def _link(self, term: NamedNode) -> str:
        name = code(compact(term.value))
        return f"[{name}](#{anchor(term)})" if term in self._own else name

    def _listed(self, terms: Iterable[NamedNode]) -> str:
        return ", ".join(map(self._link, terms))

    def _example(self, term: NamedNode) -> str:
        uses = self._told.uses.get(term)
        if uses is None:
            return "no use in this report"
        triple = uses.example
        often = f"{uses.times:,} time{'' if uses.times == 1 else 's'}"
        if triple.predicate == RDF_TYPE and triple.object == term:
            return f"{often}, such as {self._shown(triple.subject)}"
        said = f"{self._shown(triple.subject)} {code(compact(triple.predicate.value))} {self._shown(triple.object)}"
        source = origin(self._told.citations[triple])
        return f"{often}, such as {said}{f' ({source})' if source else ''}"

    def _shown(self, term: object) -> str:
        if isinstance(term, NamedNode):
            name = code(compact(term.value))
            label = self._told.labels.get(term)
            return f"{escaped(label)} ({name})" if label else name
        return (
            escaped(f"“{shorten(term.value, _LONGEST, placeholder=' …')}”")
            if isinstance(term, Literal)
            else ""
        )

    def _used_by(self, term: NamedNode) -> str:
        names = self._told.mentions.get(term, [])
        if names:
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            return ", ".join(f"[{name}](questions.md#{name})" for name in names[:_FEW]) + more
        if term in self._told.through:
            return "through another term"
        if self._ontology.is_deprecated(term):
            return "none: deprecated"
        reason = self._ontology.text(term, ONTOLOGY + "infrastructure")
        return f"none: {prose(reason)}" if reason else "nothing"
