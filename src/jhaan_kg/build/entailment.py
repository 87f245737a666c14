"""Inference from the stated triples, by stages.

These are generated values, answer layer, entailments and labels.

The stages are the reports from the oldest on, then curation, then context. Each depends only on earlier ones: a
report's statements never depend on curation, and excluding context changes nothing else. So a triple is in the graph
of the first stage that states or entails it; if one stage does both, it counts as stated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.answer_layer import Rule, derive, parse_rule
from jhaan_kg.build.assemble import Assembled
from jhaan_kg.build.derive import find_mentions, generate_values
from jhaan_kg.build.evidence import Premises
from jhaan_kg.build.graphs import Layer, derived_graph, inferred_graph, reconciled_graph
from jhaan_kg.build.labels import LabelMaker
from jhaan_kg.build.reconcile import Reconciled
from jhaan_kg.infer import Closure, RuleSet, close, compile_rules, find_premises
from jhaan_kg.namespaces import GRAPH, ID, RDFS_LABEL


@dataclass(frozen=True)
class Entailed:
    """The stated and the inferred triples.

    Attributes:
        graphs: all named graphs but the evidence; each triple in one graph.
        closure: the closure under the rules.
        rules: the rules.
        premises: those of each triple that is generated, entailed or a label; empty unless requested.
        unlabelled: the project's entities without a label.
    """

    graphs: Mapping[NamedNode, Sequence[Triple]]
    closure: Closure
    rules: RuleSet
    premises: Mapping[Triple, Premises]
    unlabelled: tuple[NamedNode, ...]


@dataclass(frozen=True)
class _Stage:
    """A stage of the inference.

    Attributes:
        graph: the graph of the inferred triples.
        stated: the graphs of the sources.
        derived: the graph of the answer layer; None for context.
        generated: the values generated from each graph, with their premises.
    """

    graph: NamedNode
    stated: Mapping[NamedNode, Sequence[Triple]]
    generated: Mapping[NamedNode, Mapping[Triple, Premises]]
    derived: NamedNode | None = None

    def triples(self) -> Iterator[Triple]:
        """Yield all triples, in the order of the graphs."""
        for triples in (*self.stated.values(), *self.generated.values()):
            yield from triples


def entailment(reconciled: Reconciled, *, with_premises: bool = True) -> Entailed:
    """Return the stated triples with everything inferred from them.

    Args:
        reconciled: the statements of the sources, with contradictions settled.
        with_premises: whether to determine the premises too, which takes most of the time.

    Raises:
        JhaanError: the ontology has axioms that the engine does not cover, or a label template cannot be parsed.
    """
    rules, labels = _compile(reconciled.assembled.ontology)
    stages = _stages(reconciled)
    closure = close(rules, [list(stage.triples()) for stage in stages])
    if reconciled.assembled.rules:
        premises = _premises(reconciled.assembled, stages, closure) if with_premises else {}
        stages = _with_answer_layer(reconciled.assembled, stages, closure, premises)
        closure = close(rules, [list(stage.triples()) for stage in stages])
    known = _Known(_premises(reconciled.assembled, stages, closure) if with_premises else {})
    graphs: dict[NamedNode, Sequence[Triple]] = {}
    unlabelled: list[NamedNode] = []
    for number, stage in enumerate(stages):
        for graph, triples in stage.stated.items():
            graphs[graph] = known.add(triples)
        for graph, derived in stage.generated.items():
            graphs[graph] = known.add(derived)
        entailed = known.add(closure.inferred(number))
        labelled, missing = known.label(labels)
        graphs[stage.graph] = [*graphs[stage.graph], *entailed, *labelled]
        unlabelled += missing
    # The lexicon describes words, not entities, so nothing is inferred from it.
    layers = reconciled.assembled.layers
    graphs |= {
        graph: triples
        for graph, triples in reconciled.assembled.graphs.items()
        if layers[graph] is Layer.LEXICON
    }
    return Entailed(graphs, closure, rules, known.premises_of, tuple(unlabelled))


@lru_cache(maxsize=4)
def _compile(ontology: tuple[Triple, ...]) -> tuple[RuleSet, LabelMaker]:
    return compile_rules(ontology), LabelMaker(ontology)


@lru_cache(maxsize=4)
def _parse_rules(rules: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    return tuple(parse_rule(text, name) for name, text in rules)


def _with_answer_layer(
    assembled: Assembled, stages: Sequence[_Stage], closure: Closure, premises: Mapping[Triple, Premises]
) -> list[_Stage]:
    """Return the stages with the statements that the answer layer's rules derive."""
    read = [
        [*stage.triples(), *closure.inferred(number)] if stage.derived else []
        for number, stage in enumerate(stages)
    ]
    passages = {triple: assertion.passages for triple, assertion in assembled.assertions.items()}
    layer = derive(_parse_rules(assembled.rules), read, premises, passages)
    return [
        replace(stage, generated={**stage.generated, stage.derived: derived}) if stage.derived else stage
        for stage, derived in zip(stages, layer, strict=True)
    ]


def _stages(reconciled: Reconciled) -> list[_Stage]:
    assembled = reconciled.assembled
    own = find_mentions(assembled)
    stages: list[_Stage] = []
    done: set[NamedNode] = set()

    def add(graph: NamedNode, layers: Iterable[Layer], report: str) -> None:
        wanted = frozenset(layers)
        stated = {
            name: triples
            for name, triples in assembled.graphs.items()
            if name not in done
            and assembled.layers[name] in wanted
            and assembled.reports[name] in ("", report)
        }
        done.update(stated)
        values = generate_values((t for triples in stated.values() for t in triples), assembled.assertions)
        further: dict[NamedNode, Mapping[Triple, Premises]] = {}
        derived = None
        if Layer.CURATION in wanted:
            derived = derived_graph(Layer.CURATION, report)
            contested = reconciled_graph(report)
            further[contested] = reconciled.contested.get(contested, {})
        elif Layer.REPORT in wanted:
            derived = derived_graph(Layer.REPORT, report)
            values |= own.get(report, {})
        stages.append(_Stage(graph, stated, further | {graph: values}, derived))

    background = (Layer.ONTOLOGY, Layer.DOCUMENT, Layer.REGISTER)
    for report in assembled.trees:
        add(inferred_graph(Layer.REPORT, report), (*background, Layer.REPORT), report)
    for report in assembled.trees:
        add(inferred_graph(Layer.CURATION, report), [Layer.CURATION], report)
    add(inferred_graph(Layer.CONTEXT, ""), (*background, Layer.CONTEXT), "context")
    return stages


def _premises(assembled: Assembled, stages: Iterable[_Stage], closure: Closure) -> dict[Triple, Premises]:
    """Return the premises of all triples.

    An assertion is its own premise. The background has none.
    """
    background = frozenset(assembled.triples(Layer.ONTOLOGY, Layer.DOCUMENT, Layer.REGISTER))
    premises: dict[Triple, Premises] = {}
    for stage in stages:
        for triples in stage.stated.values():
            for triple in triples:
                asserted = triple in assembled.assertions and triple not in background
                premises.setdefault(triple, (triple,) if asserted else ())
        for derived in stage.generated.values():
            for triple, rests_on in derived.items():
                premises.setdefault(triple, rests_on)
    entailed = find_premises(closure, lambda triple: bool(premises.get(triple)))
    own = dict(premises)
    for triple, leaves in entailed.items():
        premises[triple] = tuple(dict.fromkeys(premise for leaf in leaves for premise in own[leaf]))
    return premises


class _Known:
    """The triples of all stages so far.

    Attributes:
        premises_of: the premises of each triple.
    """

    def __init__(self, premises_of: dict[Triple, Premises]) -> None:
        self.premises_of = premises_of
        self._values: dict[tuple[object, NamedNode], dict[NamedNode | Literal, None]] = defaultdict(dict)
        self._triples: set[Triple] = set()
        self._new: dict[NamedNode, None] = {}

    def add(self, triples: Iterable[Triple]) -> list[Triple]:
        """Add triples, and return the new ones."""
        new = [triple for triple in dict.fromkeys(triples) if triple not in self._triples]
        self._triples.update(new)
        for subject, predicate, value in new:
            if isinstance(value, NamedNode | Literal):
                self._values[subject, predicate][value] = None
            for term in (subject, value):
                if isinstance(term, NamedNode) and term.value.startswith((ID, GRAPH)):
                    self._new[term] = None
        return new

    def values(self, subject: NamedNode, predicate: NamedNode) -> Iterable[NamedNode | Literal]:
        """Return the values of a property of a subject."""
        return self._values.get((subject, predicate), ())

    def premises(self, triple: Triple) -> Premises:
        """Return the assertions from which a triple follows."""
        return self.premises_of.get(triple, ())

    def label(self, labels: LabelMaker) -> tuple[list[Triple], list[NamedNode]]:
        """Add labels for new entities, and return those for which there is none."""
        added: list[Triple] = []
        missing: list[NamedNode] = []
        new, self._new = self._new, {}
        for thing in sorted(new, key=str):
            if self.values(thing, RDFS_LABEL):
                continue
            label = labels.label(thing, self)
            if label is None:
                missing.append(thing)
                continue
            triple, rests_on = label
            added += self.add([triple])
            if self.premises_of:
                self.premises_of[triple] = rests_on
        self._new.clear()
        return added, missing
