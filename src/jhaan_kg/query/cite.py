"""The passages behind each row of an answer.

The header of a stored query has a template of the triples that its rows rest on. The pattern of the query is run once
more with the variables of the template; solutions are grouped by the plain columns of a row; the template is filled,
and the triples that are assertions are kept. An inferred triple leads to the assertions that entail it. Assertions are
found by their subject, predicate and object, through queries only, so that any store with the evidence will do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Triple, Variable

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import CONTESTED_PARTS, DCTERMS, GRAPH, ID, ONTOLOGY, RDF, REPORT_ID, compact
from jhaan_kg.near import Natural, natural
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Engine, Row, Term, Values, bind
from jhaan_kg.query.sparql_text import (
    TriplePattern,
    code,
    components,
    parse_template,
    prologue,
    selects,
    text_of,
)

_Place: TypeAlias = tuple[NamedNode, NamedNode]
"""Subject and predicate."""

Quote: TypeAlias = Callable[[str], str]
"""Returns the words of a passage by its IRI; empty if they are unknown."""

_CHUNK: Final = 200
"""How many triples or nodes one look-up query names at most."""

_ASSERTION: Final = NamedNode(ONTOLOGY + "Assertion")
_WHEN: Final = frozenset(NamedNode(ONTOLOGY + name) for name in ("when", "sortDay", "state"))
_REIFIED: Final = f"<{RDF}subject> ?s ; <{RDF}predicate> ?p ; <{RDF}object> ?o"
_CONTESTED: Final = f"?statement a <{ONTOLOGY}ContestedStatement> ; " + " ; ".join(
    f"{part} ?{term}" for part, term in zip(CONTESTED_PARTS, "spo", strict=True)
)


class CitationKind(Enum):
    """Who states what is cited."""

    STATED = "stated"
    CURATION = "curation"
    CONTEXT = "context"


class CitedPassage(NamedTuple):
    """A passage of a report.

    Attributes:
        iri: which.
        locator: where it is, in words.
        lead_ins: the passages that introduce it, without which it can't be understood, in reading order.
        position: its place in the reading order of its report; 0 if unknown.
        words: its own words, from the text of the report; empty if nobody asked for them.
    """

    iri: NamedNode
    locator: str
    lead_ins: tuple[CitedPassage, ...] = ()
    position: int = 0
    words: str = ""


def reading_order(passage: CitedPassage) -> tuple[str, int, Natural]:
    """Return a key that sorts passages in reading order, report by report."""
    return passage.iri.value.partition("/section/")[0], passage.position, natural(passage.iri.value)


class Side(NamedTuple):
    """A value that the report states elsewhere, against the one cited."""

    value: NamedNode | Literal
    passages: tuple[CitedPassage, ...]


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
    passages: tuple[CitedPassage, ...]
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
        key: those of `citations` that state what the row is about, shown first; see `StoredQuery.key`.
    """

    citations: tuple[Citation, ...]
    absence: str = ""
    searched: tuple[Citation, ...] = ()
    opposing: tuple[Citation, ...] = ()
    key: tuple[Citation, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the row rests on a value that the report contradicts."""
        return any(citation.contested for citation in self.citations)

    @property
    def uncited(self) -> bool:
        """Whether nothing is cited at all, which is a fault of the query or of the data."""
        return not self.citations and not self.searched


def cite(
    engine: Engine, query: StoredQuery, values: Values, answer: Answer, quote: Quote | None = None
) -> tuple[RowCitations, ...]:
    """Return what each row of an answer rests on.

    Args:
        engine: the one that answered, with the evidence.
        query: the query.
        values: the values of its parameters that belong to the answer.
        answer: the result of `engine.answer`.
        quote: returns the words of a passage, if they are wanted.

    Returns:
        The citations of each row, in the order of the rows.

    Raises:
        JhaanError: the query or one of its templates can't be read.
    """
    text = bind(query.text, values)
    stated = _find_stated(engine, query, text, answer)
    base = _find_searched(engine, query, text, answer)
    evidence = _Evidence(engine, quote)
    evidence.look_up(triple for filled in (*stated, *base) for triple in filled)
    result = []
    first = _key_places(query, text)
    for own, searched in zip(stated, base, strict=True):
        citations, opposing = _separate_sides(evidence.citations(own))
        cited = RowCitations(citations, opposing=opposing, key=_select_key(evidence, own, first, citations))
        if query.base and (query.absent_rows or all(map(_tells_when, citations))):
            cited = cited._replace(absence=query.absence, searched=evidence.citations(searched))
        result.append(cited)
    return tuple(result)


def _key_places(query: StoredQuery, text: str) -> frozenset[int]:
    """Return the places of the key statements of a query in its template."""
    keys = parse_template(query.key, text) if query.key else ()
    patterns = parse_template(query.evidence, text) if keys else ()
    return frozenset(patterns.index(pattern) for pattern in keys)


def _select_key(
    evidence: _Evidence, own: Mapping[Triple, int], first: frozenset[int], citations: Iterable[Citation]
) -> tuple[Citation, ...]:
    """Return the citations of a row's key statements, or else of the first statement of the template that has any."""
    for places in (first, *({place} for place in sorted(set(own.values())))):
        triples = [triple for triple, place in own.items() if place in places]
        keys = {citation.triple for citation in evidence.citations(triples)}
        if found := tuple(citation for citation in citations if citation.triple in keys):
            return found
    return ()


def _tells_when(citation: Citation) -> bool:
    """Whether a citation only dates a thing, or says that it is held or planned: no fact that a row could lack."""
    return all(triple.predicate in _WHEN for triple in citation.via or (citation.triple,))


def _separate_sides(citations: Iterable[Citation]) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Separate the sides of contested values that a row shows from those that stand against them.

    The row shows the side that the template names first.
    """
    shown: dict[_Place, Citation] = {}
    own: list[Citation] = []
    opposing: list[Citation] = []
    for citation in citations:
        first = shown.setdefault(_place(citation.triple), citation)
        against = citation.contested and citation.triple.object in [side.value for side in first.others]
        (opposing if against else own).append(citation)
    return tuple(own), tuple(opposing)


def find_contested_rows(engine: Engine, query: StoredQuery, values: Values, answer: Answer) -> list[int]:
    """Return the indices of rows that rest on a value which another passage contradicts; this needs no evidence.

    A row that rests on such a value through an inferred triple only is not among them: `cite` finds those too. The
    arguments are those of `cite`.
    """
    text = bind(query.text, values)
    sides = engine.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_CONTESTED} }}").rows
    contested = {_place(triple) for triple in (_triple(*side) for side in sides)}
    properties = {predicate for _, predicate in contested}
    patterns = parse_template(query.evidence, text) if query.evidence else ()
    if not any(isinstance(p.predicate, Variable) or p.predicate in properties for p in patterns):
        return []  # spares the answers that rest on no such property a second run of their query
    stated = _find_stated(engine, query, text, answer)
    return [index for index, own in enumerate(stated) if any(_place(triple) in contested for triple in own)]


def cite_triples(
    engine: Engine, triples: Iterable[Triple], quote: Quote | None = None
) -> dict[Triple, tuple[Citation, ...]]:
    """Return the assertions that each of some triples is or follows from; none for a triple without evidence."""
    cited = list(triples)
    evidence = _Evidence(engine, quote)
    evidence.look_up(cited)
    return {triple: evidence.citations([triple]) for triple in cited}


_Filled: TypeAlias = tuple[dict[Triple, int], ...]
"""For each row the triples of a template, in order and without repetition, each with its place in the template."""


def _find_stated(engine: Engine, query: StoredQuery, text: str, answer: Answer) -> _Filled:
    """Return the triples that each row of an answer rests on; for a measure, those of all links that it is made of.

    The query's own pattern is run with the variables of its template. HAVING and LIMIT only take rows away, so leaving
    them out does no harm.
    """
    rows = engine.select(text) if query.measure else answer
    filled: _Filled = tuple({} for _ in rows.rows)
    if query.evidence:
        outer = selects(code(text))[0]
        patterns = parse_template(query.evidence, text)
        names = dict.fromkeys([*outer.plain_columns, *_variables(patterns)])
        pattern = f"SELECT DISTINCT {_join_variables(names)} WHERE {text_of(text, outer.pattern)}"
        filled = _fill(patterns, engine.select(prologue(text) + pattern), rows, outer.plain_columns)
    if not query.measure:
        return filled
    from jhaan_kg.query.measures import measure

    return tuple(
        {triple: place for index in indices for triple, place in filled[index].items()}
        for indices in measure(query.measure, rows).rests_on
    )


def _find_searched(engine: Engine, query: StoredQuery, text: str, answer: Answer) -> _Filled:
    """Return the triples that were searched for each row; plain columns have the row's value in the template.

    The columns of a measure share no name with a template.
    """
    result: _Filled = tuple({} for _ in answer.rows)
    if not query.base:
        return result
    plain = () if query.measure else selects(code(text))[0].plain_columns
    for part in components(parse_template(query.base, text), plain):
        names = _variables(part)
        pattern = " ".join(map(str, part))
        solutions = engine.select(f"SELECT DISTINCT {_join_variables(names)} WHERE {{ {pattern} }}")
        shared = [name for name in plain if name in names]
        for all_parts, triples in zip(result, _fill(part, solutions, answer, shared), strict=True):
            all_parts.update(triples)
    return result


def _fill(
    patterns: Sequence[TriplePattern], solutions: Answer, rows: Answer, shared: Sequence[str]
) -> _Filled:
    """Fill a template for each row with the solutions that have the same values in some shared columns."""
    groups: dict[Row, list[dict[str, Term | None]]] = defaultdict(list)
    for key, solution in zip(_keys(solutions, shared), solutions.rows, strict=True):
        groups[key].append(dict(zip(solutions.variables, solution, strict=True)))
    filled: dict[Row, dict[Triple, int]] = {}
    keys = _keys(rows, shared)
    for key in keys:
        if key not in filled:
            filled[key] = {}
            for place, pattern in enumerate(patterns):
                triples = {triple for solution in groups[key] if (triple := pattern.fill(solution))}
                for triple in sorted(triples, key=str):
                    filled[key].setdefault(triple, place)
    return tuple(filled[key] for key in keys)


def _keys(rows: Answer, names: Sequence[str]) -> list[Row]:
    places = [rows.variables.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in rows.rows]


def _variables(patterns: Iterable[TriplePattern]) -> list[str]:
    return list(dict.fromkeys(name for pattern in patterns for name in sorted(pattern.variables)))


def _join_variables(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


class _Evidence:
    """Which triples are asserted, by whom and where, as far as `look_up` has found it."""

    def __init__(self, engine: Engine, quote: Quote | None) -> None:
        self._engine, self._quote = engine, quote
        self._kinds: dict[Triple, CitationKind] = {}
        self._passages_of: dict[Triple, set[NamedNode]] = defaultdict(set)
        self._premises: dict[Triple, set[Triple]] = defaultdict(set)
        self._sources: dict[Triple, set[NamedNode | Literal]] = defaultdict(set)
        self._sides: dict[_Place, dict[NamedNode | Literal, set[NamedNode]]] = {}
        self._passages: dict[NamedNode, CitedPassage] = {}

    def look_up(self, triples: Iterable[Triple]) -> None:
        """Find the evidence of triples."""
        candidates = dict.fromkeys(triples)
        self._find_assertions(candidates)
        self._find_premises([triple for triple in candidates if triple not in self._kinds])
        self._find_assertions(
            dict.fromkeys(premise for premises in self._premises.values() for premise in premises)
        )
        self._find_layers()
        self._find_sides()
        self._find_passages()

    def citations(self, triples: Iterable[Triple]) -> tuple[Citation, ...]:
        """Return the assertions that triples are or follow from, each once."""
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
        sources = sorted(self._sources[assertion], key=str) if kind is CitationKind.CONTEXT else ()
        passages = self._in_reading_order(self._passages_of[assertion])
        return Citation(assertion, kind, passages, tuple(sources), via, tuple(others))

    def _in_reading_order(self, iris: Iterable[NamedNode]) -> tuple[CitedPassage, ...]:
        return tuple(sorted((self._passages[iri] for iri in iris), key=reading_order))

    def _find_assertions(self, triples: Iterable[Triple]) -> None:
        """Find the assertions of triples; the class is compared here, since rdflib would begin with it each time."""
        asserted = f"?node {_REIFIED} ; a ?class . OPTIONAL {{ ?node <{ONTOLOGY}evidenceIn> ?passage }}"
        unknown = [triple for triple in triples if triple not in self._kinds]
        for s, p, o, kind, passage in self._select_triples(unknown, "class passage", asserted):
            if kind != _ASSERTION:
                continue
            triple = _triple(s, p, o)
            self._kinds[triple] = CitationKind.STATED
            if isinstance(passage, NamedNode):
                self._passages_of[triple].add(passage)

    def _find_premises(self, triples: Iterable[Triple]) -> None:
        derived = (
            f"?derivation {_REIFIED} ; <{ONTOLOGY}premise> ?premise . "
            f"?premise <{RDF}subject> ?ps ; <{RDF}predicate> ?pp ; <{RDF}object> ?po ."
        )
        for s, p, o, *premise in self._select_triples(triples, "ps pp po", derived):
            self._premises[_triple(s, p, o)].add(_triple(*premise))

    def _find_layers(self) -> None:
        """Find curation and context by the graph of the triple; a report states everything else."""
        context: dict[NamedNode, list[Triple]] = defaultdict(list)
        for s, p, o, graph in self._select_triples(self._kinds, "graph", "GRAPH ?graph { ?s ?p ?o }"):
            triple = _triple(s, p, o)
            if not isinstance(graph, NamedNode):
                continue
            if graph.value.startswith(GRAPH + "curation/"):
                self._kinds[triple] = CitationKind.CURATION
            elif graph.value.startswith(GRAPH + "context/"):
                self._kinds[triple] = CitationKind.CONTEXT
                context[graph].append(triple)
        named = f"?graph <{DCTERMS}source> ?source ."
        for graph, source in self._select("graph", ((graph,) for graph in context), "source", named):
            if isinstance(graph, NamedNode) and isinstance(source, NamedNode | Literal):
                for triple in context[graph]:
                    self._sources[triple].add(source)

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
        """Find the lead-ins of all passages, and their reading order."""
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
        quote = self._quote or (lambda _: "")
        alone = {
            iri: CitedPassage(iri, locate(iri.value), (), positions.get(iri, 0), quote(iri.value))
            for iri in lead_ins
        }
        for iri, passage_alone in alone.items():
            leads = sorted((alone[lead] for lead in _find_reachable(iri, lead_ins)), key=reading_order)
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
        variables_ = _join_variables([*names, *asked.split()])
        for start in range(0, len(lines), _CHUNK):
            values = f"VALUES ({_join_variables(names)}) {{ {' '.join(lines[start : start + _CHUNK])} }}"
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
        f"The evidence is damaged: {subject} {predicate} {value} is not a triple of named nodes. Load it again."
    )


def _place(triple: Triple) -> _Place:
    """Return subject and predicate, which `_triple` has checked."""
    return cast(NamedNode, triple.subject), triple.predicate


def _find_reachable(start: NamedNode, edges: Mapping[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    reached: set[NamedNode] = set()
    ahead = [start]
    while ahead:
        for node in edges[ahead.pop()] - reached - {start}:
            reached.add(node)
            ahead.append(node)
    return reached


def locate(iri: str) -> str:
    """Return in words where a passage is, with its report unless that is the first one.

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
