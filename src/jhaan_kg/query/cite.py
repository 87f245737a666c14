"""The passages behind each row of an answer.

A stored query says by a template of triples what its rows rest on. The pattern of the query is run once more
with the variables of the template; solutions are grouped by the plain columns of a row; the template is
filled, and the triples that are assertions are kept. An inferred triple leads to the assertions from which it
follows. Assertions are found by their subject, predicate and object, through queries only, so that any store
that has the evidence will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Triple, Variable

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import CONTESTED_PARTS, DCTERMS, GRAPH, ID, ONTOLOGY, RDF, REPORT_ID, compact
from jhaan_kg.natural import Natural, natural
from jhaan_kg.query.bind import Values, bind
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.run import Answer, Engine, Row, Term
from jhaan_kg.query.sparql_text import code, selects, text_of
from jhaan_kg.query.template import Pattern, components, parse_template, prologue

_CHUNK: Final = 200
"""How many triples or nodes one look-up query names at most."""

_ASSERTION: Final = NamedNode(ONTOLOGY + "Assertion")
_REIFIED: Final = f"<{RDF}subject> ?s ; <{RDF}predicate> ?p ; <{RDF}object> ?o"
_CONTESTED: Final = f"?statement a <{ONTOLOGY}ContestedStatement> ; " + " ; ".join(
    f"{part} ?{term}" for part, term in zip(CONTESTED_PARTS, "spo", strict=True)
)


class CitationKind(Enum):
    """Who states what is cited."""

    STATED = "stated"
    CURATION = "curation"
    CONTEXT = "context"


class Passage(NamedTuple):
    """A passage of a report.

    Attributes:
        iri: which.
        locator: where it is, in words.
        lead_ins: the passages that introduce it, without which it can't be understood, in reading order.
        position: its place in the reading order of its report; 0 if unknown.
    """

    iri: NamedNode
    locator: str
    lead_ins: tuple[Passage, ...] = ()
    position: int = 0


def reading_order(passage: Passage) -> tuple[str, int, Natural]:
    """Give a key that sorts passages as one reads them, report by report."""
    return passage.iri.value.partition("/section/")[0], passage.position, natural(passage.iri.value)


class Side(NamedTuple):
    """A value that the report gives elsewhere, against the one cited."""

    value: NamedNode | Literal
    passages: tuple[Passage, ...]


class Citation(NamedTuple):
    """An assertion that a row rests on.

    Attributes:
        triple: what is asserted.
        kind: who states it: the report, our curation, or an outside source.
        passages: where, in reading order; for curation, the passages on which it is based.
        sources: for context, where it comes from.
        via: the inferred triples through which the row rests on it; empty if it rests on the triple itself.
        others: the other values if the report contradicts itself here.
    """

    triple: Triple
    kind: CitationKind
    passages: tuple[Passage, ...]
    sources: tuple[NamedNode | Literal, ...] = ()
    via: tuple[Triple, ...] = ()
    others: tuple[Side, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the report contradicts itself here."""
        return bool(self.others)


class RowCitations(NamedTuple):
    """What one row rests on.

    Attributes:
        citations: the assertions, in the order of the query's template.
        absence: what the row means if it is about an absence, else empty.
        searched: for a row about an absence, the assertions among which nothing was found.
        opposing: the assertions that contradict one of `citations`. The row needs them, but they do not support it.
    """

    citations: tuple[Citation, ...]
    absence: str = ""
    searched: tuple[Citation, ...] = ()
    opposing: tuple[Citation, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the row rests on a value that the report contradicts."""
        return any(citation.contested for citation in self.citations)

    @property
    def uncited(self) -> bool:
        """Whether nothing is cited at all, which is a fault of the query or of the data."""
        return not self.citations and not self.searched


def cite(engine: Engine, query: StoredQuery, values: Values, answer: Answer) -> tuple[RowCitations, ...]:
    """Give what each row of an answer rests on.

    Args:
        engine: the same that gave the answer, with the evidence.
        query: the query.
        values: the values of its parameters that the answer was made with.
        answer: what `run.answer` gave.

    Returns:
        The citations of each row, in the order of the rows.

    Raises:
        JhaanError: the query or one of its templates can't be read.
    """
    text = bind(query.text, values)
    stated = _stated(engine, query, text, answer)
    base = _searched(engine, query.base, _Rows(answer, _plain(query, text)), text)
    evidence = _Evidence(engine)
    evidence.look_up(triple for filled in (*stated, *base) for triple in filled)
    result = []
    for own, searched in zip(stated, base, strict=True):
        citations, opposing = _sides_apart(evidence.citations(own))
        if query.base and (query.absent_rows or not citations):
            result.append(RowCitations(citations, query.absence, evidence.citations(searched), opposing))
        else:
            result.append(RowCitations(citations, opposing=opposing))
    return tuple(result)


def _sides_apart(citations: Iterable[Citation]) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Separate the sides of contested values that a row shows from those that stand against them.

    The row shows the side that the template names first.
    """
    shown: dict[tuple[NamedNode, NamedNode], Citation] = {}
    own: list[Citation] = []
    opposing: list[Citation] = []
    for citation in citations:
        first = shown.setdefault(_place(citation.triple), citation)
        against = citation.contested and citation.triple.object in [side.value for side in first.others]
        (opposing if against else own).append(citation)
    return tuple(own), tuple(opposing)


def contested_rows(engine: Engine, query: StoredQuery, values: Values, answer: Answer) -> list[int]:
    """Give the rows that rest on a value which another passage contradicts; this needs no evidence.

    Args:
        engine: the same that gave the answer.
        query: the query.
        values: the values of its parameters that the answer was made with.
        answer: what `run.answer` gave.

    Returns:
        The indices of the rows. A row that rests on such a value through an inferred triple only is not among them:
        `cite` finds those too.
    """
    text = bind(query.text, values)
    sides = engine.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_CONTESTED} }}").rows
    contested = {_place(triple) for triple in (_triple(*side) for side in sides)}
    properties = {predicate for _, predicate in contested}
    patterns = parse_template(query.evidence, text) if query.evidence else ()
    if not any(isinstance(p.predicate, Variable) or p.predicate in properties for p in patterns):
        return []  # spares the answers that rest on no such property a second run of their query
    stated = _stated(engine, query, text, answer)
    return [index for index, own in enumerate(stated) if any(_place(triple) in contested for triple in own)]


def cite_triples(engine: Engine, triples: Iterable[Triple]) -> dict[Triple, tuple[Citation, ...]]:
    """Give the assertions that each of some triples is or follows from; none for a triple without evidence.

    Args:
        engine: the graph with its evidence.
        triples: what is asked about.
    """
    asked = list(triples)
    evidence = _Evidence(engine)
    evidence.look_up(asked)
    return {triple: evidence.citations([triple]) for triple in asked}


_Filled: TypeAlias = tuple[dict[Triple, None], ...]
"""For each row the triples of a template, in order and without repetition."""


class _Rows:
    """The rows of an answer, found by the values of their plain columns."""

    def __init__(self, answer: Answer, plain: Sequence[str]) -> None:
        self.plain = tuple(plain)
        self.keys = [
            self._key(dict(zip(answer.variables, row, strict=True)), self.plain) for row in answer.rows
        ]

    @staticmethod
    def _key(values: Mapping[str, Term | None], names: Iterable[str]) -> Row:
        return tuple(values.get(name) for name in names)

    def empty(self) -> _Filled:
        return tuple({} for _ in self.keys)

    def fill(self, patterns: Sequence[Pattern], names: Sequence[str], solutions: Answer) -> _Filled:
        """Fill a template for each row with the solutions that agree with it in these columns."""
        groups: dict[Row, list[dict[str, Term | None]]] = {}
        for solution in solutions.rows:
            values = dict(zip(solutions.variables, solution, strict=True))
            groups.setdefault(self._key(values, names), []).append(values)
        filled: dict[Row, dict[Triple, None]] = {}
        result = []
        for key in self.keys:
            wanted = self._key(dict(zip(self.plain, key, strict=True)), names)
            if wanted not in filled:
                filled[wanted] = _in_order(patterns, groups.get(wanted, []))
            result.append(filled[wanted])
        return tuple(result)


def _stated(engine: Engine, query: StoredQuery, text: str, answer: Answer) -> _Filled:
    """Give the triples that each row of an answer rests on; for a measure, those of all links that it is made of."""
    plain = selects(code(text))[0].plain_columns
    if not query.measure:
        return _filled(engine, query.evidence, _Rows(answer, plain), text)
    from jhaan_kg.query.measures import measure

    links = engine.select(text)
    filled = _filled(engine, query.evidence, _Rows(links, plain), text)
    return tuple(
        {triple: None for index in indices for triple in filled[index]}
        for indices in measure(query.measure, links).rests_on
    )


def _plain(query: StoredQuery, text: str) -> Sequence[str]:
    """Give the columns that tell the rows of an answer apart; those of a measure share none with a template."""
    return () if query.measure else selects(code(text))[0].plain_columns


def _in_order(
    patterns: Sequence[Pattern], solutions: Sequence[Mapping[str, Term | None]]
) -> dict[Triple, None]:
    triples: dict[Triple, None] = {}
    for pattern in patterns:
        filled = {triple for solution in solutions if (triple := pattern.fill(solution))}
        triples.update(dict.fromkeys(sorted(filled, key=str)))
    return triples


def _filled(engine: Engine, template: str, rows: _Rows, text: str) -> _Filled:
    """Run the query's own pattern with the variables of its template, if it has one.

    HAVING and LIMIT only take rows away, so leaving them out does no harm.
    """
    if not template:
        return rows.empty()
    patterns = parse_template(template, text)
    names = dict.fromkeys([*rows.plain, *_variables(patterns)])
    query = f"{prologue(text)}SELECT DISTINCT {_listed(names)} WHERE {text_of(text, selects(code(text))[0].pattern)}"
    return rows.fill(patterns, rows.plain, engine.select(query))


def _searched(engine: Engine, template: str, rows: _Rows, text: str) -> _Filled:
    """Match a template of what was searched, if there is one; variables that are plain columns have the row's value."""
    result = rows.empty()
    if not template:
        return result
    for part in components(parse_template(template, text), rows.plain):
        names = _variables(part)
        matched = " ".join(map(str, part))
        shared = [name for name in rows.plain if name in names]
        solutions = engine.select(f"SELECT DISTINCT {_listed(names)} WHERE {{ {matched} }}")
        for all_parts, triples in zip(result, rows.fill(part, shared, solutions), strict=True):
            all_parts.update(triples)
    return result


def _variables(patterns: Iterable[Pattern]) -> list[str]:
    return list(dict.fromkeys(name for pattern in patterns for name in sorted(pattern.variables)))


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


class _Evidence:
    """Which triples are asserted, by whom and where; everything that `look_up` found."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kinds: dict[Triple, CitationKind] = {}
        self._passages_of: dict[Triple, set[NamedNode]] = {}
        self._premises: dict[Triple, set[Triple]] = {}
        self._sources: dict[Triple, set[NamedNode | Literal]] = {}
        self._sides: dict[tuple[NamedNode, NamedNode], dict[NamedNode | Literal, set[NamedNode]]] = {}
        self._passages: dict[NamedNode, Passage] = {}

    def look_up(self, triples: Iterable[Triple]) -> None:
        """Find the evidence of triples."""
        candidates = dict.fromkeys(triples)
        self._find_assertions(candidates)
        self._find_premises([triple for triple in candidates if triple not in self._kinds])
        self._find_assertions(
            dict.fromkeys(premise for found in self._premises.values() for premise in found)
        )
        self._find_layers()
        self._find_sides()
        self._find_passages()

    def citations(self, triples: Iterable[Triple]) -> tuple[Citation, ...]:
        """Give the assertions that triples are or follow from, each once."""
        via: dict[Triple, list[Triple]] = {}
        direct = set()
        for triple in triples:
            if triple in self._kinds:
                via.setdefault(triple, [])
                direct.add(triple)
            for premise in sorted(self._premises.get(triple, ()), key=str):
                via.setdefault(premise, []).append(triple)
        return tuple(
            self._citation(assertion, () if assertion in direct else tuple(through))
            for assertion, through in via.items()
        )

    def _citation(self, assertion: Triple, via: tuple[Triple, ...]) -> Citation:
        sides = self._sides.get(_place(assertion), {})
        others = [
            Side(value, self._in_reading_order(passages))
            for value, passages in sorted(sides.items(), key=lambda side: str(side[0]))
            if value != assertion.object
        ]
        kind = self._kinds[assertion]
        sources = self._sources.get(assertion, set()) if kind is CitationKind.CONTEXT else set()
        return Citation(
            assertion,
            kind,
            self._in_reading_order(self._passages_of[assertion]),
            tuple(sorted(sources, key=str)),
            via,
            tuple(others),
        )

    def _in_reading_order(self, iris: Iterable[NamedNode]) -> tuple[Passage, ...]:
        return tuple(sorted((self._passages[iri] for iri in iris), key=reading_order))

    def _find_assertions(self, triples: Iterable[Triple]) -> None:
        """Look for the class in what is found: rdflib would begin with all of the class, for each triple."""
        asserted = f"?node {_REIFIED} ; a ?class . OPTIONAL {{ ?node <{ONTOLOGY}evidenceIn> ?passage }}"
        unknown = [triple for triple in triples if triple not in self._kinds]
        for s, p, o, kind, passage in self._select_triples(unknown, "class passage", asserted):
            if kind != _ASSERTION:
                continue
            triple = _triple(s, p, o)
            self._kinds[triple] = CitationKind.STATED
            self._passages_of.setdefault(triple, set())
            if isinstance(passage, NamedNode):
                self._passages_of[triple].add(passage)

    def _find_premises(self, triples: Iterable[Triple]) -> None:
        derived = (
            f"?derivation {_REIFIED} ; <{ONTOLOGY}premise> ?premise . "
            f"?premise <{RDF}subject> ?ps ; <{RDF}predicate> ?pp ; <{RDF}object> ?po ."
        )
        for s, p, o, *premise in self._select_triples(triples, "ps pp po", derived):
            self._premises.setdefault(_triple(s, p, o), set()).add(_triple(*premise))

    def _find_layers(self) -> None:
        """Tell curation and context by the graph that holds the triple; all else is stated by a report."""
        context: dict[NamedNode, list[Triple]] = {}
        for s, p, o, graph in self._select_triples(self._kinds, "graph", "GRAPH ?graph { ?s ?p ?o }"):
            triple = _triple(s, p, o)
            if not isinstance(graph, NamedNode):
                continue
            if graph.value.startswith(GRAPH + "curation/"):
                self._kinds[triple] = CitationKind.CURATION
            elif graph.value.startswith(GRAPH + "context/"):
                self._kinds[triple] = CitationKind.CONTEXT
                context.setdefault(graph, []).append(triple)
        named = f"?graph <{DCTERMS}source> ?source ."
        for graph, source in self._select("graph", ((graph,) for graph in context), "source", named):
            if isinstance(graph, NamedNode) and isinstance(source, NamedNode | Literal):
                for triple in context[graph]:
                    self._sources.setdefault(triple, set()).add(source)

    def _find_sides(self) -> None:
        contested = f"{_CONTESTED} . OPTIONAL {{ ?statement <{ONTOLOGY}statedIn> ?passage }}"
        places = dict.fromkeys(_place(triple) for triple in self._kinds)
        for s, p, value, passage in self._select("s p", places, "o passage", contested):
            triple = _triple(s, p, value)
            sides = self._sides.setdefault(_place(triple), {})
            passages = sides.setdefault(cast(NamedNode | Literal, triple.object), set())
            if isinstance(passage, NamedNode):
                passages.add(passage)

    def _find_passages(self) -> None:
        """Follow the lead-ins of all passages, and learn the reading order."""
        lead_ins: dict[NamedNode, set[NamedNode]] = {}
        positions: dict[NamedNode, int] = {}
        cited = {iri for found in self._passages_of.values() for iri in found}
        cited |= {iri for sides in self._sides.values() for found in sides.values() for iri in found}
        known = f"{{ ?passage <{ONTOLOGY}leadIn> ?lead }} UNION {{ ?passage <{ONTOLOGY}position> ?position }}"
        fresh = sorted(cited, key=str)
        while fresh:
            lead_ins.update((iri, set()) for iri in fresh)
            for passage, lead, position in self._select(
                "passage", [(iri,) for iri in fresh], "lead position", known
            ):
                if isinstance(passage, NamedNode) and isinstance(lead, NamedNode):
                    lead_ins[passage].add(lead)
                if isinstance(passage, NamedNode) and isinstance(position, Literal):
                    positions[passage] = int(position.value)
            fresh = sorted({lead for leads in lead_ins.values() for lead in leads} - set(lead_ins), key=str)
        alone = {iri: Passage(iri, locate(iri.value), (), positions.get(iri, 0)) for iri in lead_ins}
        for iri, passage_alone in alone.items():
            leads = sorted((alone[lead] for lead in _reached(iri, lead_ins)), key=reading_order)
            self._passages[iri] = passage_alone._replace(lead_ins=tuple(leads))

    def _select_triples(self, triples: Iterable[Triple], asked: str, pattern: str) -> Iterator[Row]:
        """Join a pattern with triples, some at a time.

        Those with a tagged literal are found by subject and predicate: where VALUES has several rows of several terms,
        Virtuoso finds none that has such a literal (seen with 7.2.5).
        """
        all_of_them = dict.fromkeys(triples)
        tagged = {
            triple: None
            for triple in all_of_them
            if isinstance(triple.object, Literal) and triple.object.language
        }
        yield from self._select(
            "s p o", (triple for triple in all_of_them if triple not in tagged), asked, pattern
        )
        for row in self._select("s p", dict.fromkeys(map(_place, tagged)), f"o {asked}", pattern):
            if _triple(*row[:3]) in tagged:
                yield row

    def _select(self, given: str, rows: Iterable[Iterable[Term]], asked: str, pattern: str) -> Iterator[Row]:
        """Join a pattern with rows of terms, some at a time."""
        names = given.split()
        lines = [f"({' '.join(map(str, row))})" for row in rows]
        variables_ = _listed([*names, *asked.split()])
        for start in range(0, len(lines), _CHUNK):
            values = f"VALUES ({_listed(names)}) {{ {' '.join(lines[start : start + _CHUNK])} }}"
            yield from self._engine.select(
                f"SELECT DISTINCT {variables_} WHERE {{ {values} {pattern} }}"
            ).rows


def _triple(subject: Term | None, predicate: Term | None, value: Term | None) -> Triple:
    if (
        isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, NamedNode | Literal)
    ):
        return Triple(subject, predicate, value)
    raise JhaanError(
        f"The evidence is damaged: {subject} {predicate} {value} is no triple of named nodes. Load it again."
    )


def _place(triple: Triple) -> tuple[NamedNode, NamedNode]:
    """Give subject and predicate, which `_triple` has made sure of."""
    return cast(NamedNode, triple.subject), triple.predicate


def _reached(start: NamedNode, edges: Mapping[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    reached: set[NamedNode] = set()
    ahead = [start]
    while ahead:
        for node in edges[ahead.pop()] - reached - {start}:
            reached.add(node)
            ahead.append(node)
    return reached


def locate(iri: str) -> str:
    """Say in words where a passage is, with its report where that is not the first one.

    >>> locate("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/1")
    '5.2.2 paragraph 1'
    >>> locate("https://w3id.org/jhaan/id/report/jhaan-2024/section/4/entry/2")
    'jhaan-2024: 4 entry 2'
    """
    from jhaan_kg.reports import locator

    report, found, _ = iri.removeprefix(ID + "report/").partition("/section/")
    if not found:
        return compact(iri)
    return locator(iri) if report == REPORT_ID else f"{report}: {locator(iri)}"
