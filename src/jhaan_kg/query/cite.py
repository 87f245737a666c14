"""Citations: the passages and other sources of each row of an answer.

The header of a stored query contains a template of the triples that support a row. The module finds the citations of
each row in these steps:

1. Run the pattern of the query again with the variables of the template.
2. Group the solutions by the plain columns of the rows, and fill in the template.
3. Find the assertions of the resulting triples. For an inferred triple, find the assertions that entail it.

The IRI of an assertion is derived from its triple. The module uses only queries, so it works with any store that
contains the evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Triple, Variable

from jhaan_kg.digests import node_for
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
"""A subject and a predicate, whose values may be contested."""

Quote: TypeAlias = Callable[[str], str]
"""Function that returns the words of a passage by its IRI.

They are empty if the text is not available.
"""

_CHUNK: Final = 200
"""The maximum number of triples or nodes in one query."""

_ASSERTION: Final = NamedNode(ONTOLOGY + "Assertion")
_WHEN: Final = frozenset(NamedNode(ONTOLOGY + name) for name in ("when", "sortDay", "state"))
_REIFIED: Final = f"<{RDF}subject> ?s ; <{RDF}predicate> ?p ; <{RDF}object> ?o"
_CONTESTED: Final = f"?statement a <{ONTOLOGY}ContestedStatement> ; " + " ; ".join(
    f"{part} ?{term}" for part, term in zip(CONTESTED_PARTS, "spo", strict=True)
)


class CitationKind(Enum):
    """The type of source of a citation."""

    STATED = "stated"
    CURATION = "curation"
    CONTEXT = "context"


class CitedPassage(NamedTuple):
    """A passage of a report.

    Attributes:
        iri: the IRI of the passage.
        locator: the place in the report, such as `5.2.2 paragraph 1`.
        lead_ins: the passages that introduce this passage and are needed to understand it, in reading order.
        position: the position in the reading order of the report; 0 if unknown.
        words: the text of the passage from the report; empty unless requested.
    """

    iri: NamedNode
    locator: str
    lead_ins: tuple[CitedPassage, ...] = ()
    position: int = 0
    words: str = ""


def reading_order(passage: CitedPassage) -> tuple[str, int, Natural]:
    """Return the key that sorts passages by report, and then in reading order."""
    return passage.iri.value.partition("/section/")[0], passage.position, natural(passage.iri.value)


class Side(NamedTuple):
    """A value in the report that contradicts a cited value."""

    value: NamedNode | Literal
    passages: tuple[CitedPassage, ...]


class Citation(NamedTuple):
    """An assertion that supports a row.

    Attributes:
        triple: the asserted triple.
        kind: the type of source: the report, curation, or an external source.
        passages: the passages that state it, in reading order; for curation, the passages on which it is based.
        sources: the external sources; empty unless the type is an external source.
        via: the inferred triples that connect the assertion with the row; empty if it supports the row directly.
        others: the other values, if the report contradicts itself.
    """

    triple: Triple
    kind: CitationKind
    passages: tuple[CitedPassage, ...]
    sources: tuple[NamedNode | Literal, ...] = ()
    via: tuple[Triple, ...] = ()
    others: tuple[Side, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the report also states a contradicting value."""
        return bool(self.others)


class RowCitations(NamedTuple):
    """The citations of a row.

    Attributes:
        citations: the assertions, in the order of the query's template.
        absence: the meaning of a row about something not recorded; empty for other rows.
        searched: the assertions that were searched, for a row about something not recorded.
        opposing: the assertions that contradict `citations`. They belong to the row, but do not support it.
        key: the most important of `citations`, which are shown first; see `StoredQuery.key`.
    """

    citations: tuple[Citation, ...]
    absence: str = ""
    searched: tuple[Citation, ...] = ()
    opposing: tuple[Citation, ...] = ()
    key: tuple[Citation, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the row depends on a value that the report contradicts."""
        return any(citation.contested for citation in self.citations)

    @property
    def uncited(self) -> bool:
        """Whether the row has no citation of any type, which is an error in the query or the data."""
        return not self.citations and not self.searched


def cite(
    engine: Engine, query: StoredQuery, values: Values, answer: Answer, quote: Quote | None = None
) -> tuple[RowCitations, ...]:
    """Return the citations of each row of an answer.

    Args:
        engine: the engine that returned the answer; its graph must include the evidence.
        query: the stored query.
        values: the values of the query's parameters for this answer.
        answer: the result of `engine.answer`.
        quote: function that returns the words of a passage; None for no quotations.

    Returns:
        The citations of each row, in the order of the rows.

    Raises:
        JhaanError: the query or one of its templates cannot be parsed.
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
        if query.base and (query.absent_rows or all(map(_is_date_or_status, citations))):
            cited = cited._replace(absence=query.absence, searched=evidence.citations(searched))
        result.append(cited)
    return tuple(result)


def _key_places(query: StoredQuery, text: str) -> frozenset[int]:
    """Return the indices of the key patterns in the evidence template of a query."""
    keys = parse_template(query.key, text) if query.key else ()
    patterns = parse_template(query.evidence, text) if keys else ()
    return frozenset(patterns.index(pattern) for pattern in keys)


def _select_key(
    evidence: _Evidence, own: Mapping[Triple, int], first: frozenset[int], citations: Iterable[Citation]
) -> tuple[Citation, ...]:
    """Return the citations of a row's key triples.

    Without key triples, return those of the first cited pattern of the template.
    """
    for places in (first, *({place} for place in sorted(set(own.values())))):
        keys = evidence.assertions(triple for triple, place in own.items() if place in places)
        if found := tuple(citation for citation in citations if citation.triple in keys):
            return found
    return ()


def _is_date_or_status(citation: Citation) -> bool:
    """Return whether a citation only states the date or the status of an entity.

    Every row has such citations.
    """
    return all(triple.predicate in _WHEN for triple in citation.via or (citation.triple,))


def _separate_sides(citations: Iterable[Citation]) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Separate the citations of a row from citations of contradicting values.

    For a contested value, the row contains the value that the template cites first.
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
    """Return the indices of rows that depend on a contested value.

    The graph need not include the evidence.

    Unlike `cite`, the function does not find rows that depend on a contested value through an inferred triple. The
    arguments are the same.
    """
    text = bind(query.text, values)
    sides = engine.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_CONTESTED} }}").rows
    contested = {_place(triple) for triple in (_triple(*side) for side in sides)}
    properties = {predicate for _, predicate in contested}
    patterns = parse_template(query.evidence, text) if query.evidence else ()
    if not any(isinstance(p.predicate, Variable) or p.predicate in properties for p in patterns):
        return []  # no property in the template has conflicting values, so the query is not run again
    stated = _find_stated(engine, query, text, answer)
    return [index for index, own in enumerate(stated) if any(_place(triple) in contested for triple in own)]


def cite_triples(
    engine: Engine, triples: Iterable[Triple], quote: Quote | None = None
) -> dict[Triple, tuple[Citation, ...]]:
    """Return the citations of each triple: its assertion, or the assertions that entail it."""
    cited = list(triples)
    evidence = _Evidence(engine, quote)
    evidence.look_up(cited)
    return {triple: evidence.citations([triple]) for triple in cited}


_Filled: TypeAlias = tuple[dict[Triple, int], ...]
"""For each row, the distinct triples of a filled template.

Each has the index of its pattern.
"""


def _find_stated(engine: Engine, query: StoredQuery, text: str, answer: Answer) -> _Filled:
    """Return the triples that support each row of an answer.

    For a measure, these are the triples of all links from which the row is computed.

    The pattern of the query is run with the variables of the template. It is run without HAVING and LIMIT, which only
    remove rows.
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
    """Return the searched triples of each row, from the template `base`.

    Variables of the template that are plain columns have the value of the row. This does not apply to a measure,
    because its columns differ from those of the query.
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
    """Fill in a template for each row.

    The values are from the solutions with the same values in the shared columns.
    """
    keys = _keys(rows, shared)
    groups: dict[Row, list[Row]] = {key: [] for key in keys}
    for key, solution in zip(_keys(solutions, shared), solutions.rows, strict=True):
        if key in groups:  # the answer may contain only some rows of the query
            groups[key].append(solution)
    names = [sorted(pattern.variables) for pattern in patterns]
    places = [[solutions.variables.index(name) for name in own] for own in names]
    filled: dict[Row, dict[Triple, int]] = {key: {} for key in groups}
    for key, group in groups.items():
        for place, pattern in enumerate(patterns):
            values = {tuple([solution[at] for at in places[place]]) for solution in group}
            solved = (dict(zip(names[place], own, strict=True)) for own in values)
            for triple in sorted(filter(None, map(pattern.fill, solved)), key=str):
                filled[key].setdefault(triple, place)
    return tuple(filled[key] for key in keys)


def _keys(rows: Answer, names: Sequence[str]) -> list[Row]:
    places = [rows.variables.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in rows.rows]


def _variables(patterns: Iterable[TriplePattern]) -> list[str]:
    return list(dict.fromkeys(name for pattern in patterns for name in sorted(pattern.variables)))


def _join_variables(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


_Search: TypeAlias = Callable[[str, Iterable[Triple], str, str], Iterator[tuple[Triple, Row]]]
"""A method of `_Evidence` that finds the assertions or derivations of triples."""


class _Evidence:
    """The assertions of triples with sources and passages, as found by `look_up`."""

    def __init__(self, engine: Engine, quote: Quote | None) -> None:
        self._engine, self._quote = engine, quote
        self._kinds: dict[Triple, CitationKind] = {}
        self._passages_of: dict[Triple, set[NamedNode]] = defaultdict(set)
        self._premises: dict[Triple, list[Triple]] = {}
        self._sources: dict[Triple, set[NamedNode | Literal]] = defaultdict(set)
        self._sides: dict[_Place, dict[NamedNode | Literal, set[NamedNode]]] = {}
        self._passages: dict[NamedNode, CitedPassage] = {}
        self._order: dict[NamedNode, int] = {}
        self._citations: dict[Triple, Citation] = {}

    def look_up(self, triples: Iterable[Triple]) -> None:
        """Find the evidence of triples, for the other methods."""
        candidates = dict.fromkeys(triples)
        searches = (self._select_by_name, self._select_by_parts)
        for search in searches:
            unknown = [each for each in candidates if each not in self._kinds and each not in self._premises]
            self._find_assertions(unknown, search)
            self._find_premises((triple for triple in unknown if triple not in self._kinds), search)
        premises = dict.fromkeys(premise for found in self._premises.values() for premise in found)
        for search in searches:
            self._find_assertions((premise for premise in premises if premise not in self._kinds), search)
        self._find_layers()
        self._find_sides()
        self._find_passages()

    def citations(self, triples: Iterable[Triple]) -> tuple[Citation, ...]:
        """Return the citations of triples: distinct assertions that are, or entail, the triples."""
        via: dict[Triple, list[Triple]] = {}
        direct = set()
        for triple in triples:
            if triple in self._kinds:
                via.setdefault(triple, [])
                direct.add(triple)
            for premise in self._premises.get(triple, ()):
                via.setdefault(premise, []).append(triple)
        return tuple(
            self._citation(assertion)
            if assertion in direct
            else self._citation(assertion)._replace(via=tuple(through))
            for assertion, through in via.items()
        )

    def assertions(self, triples: Iterable[Triple]) -> set[Triple]:
        """Return only the triples of `citations`."""
        found: set[Triple] = set()
        for triple in triples:
            if triple in self._kinds:
                found.add(triple)
            found.update(self._premises.get(triple, ()))
        return found

    def _citation(self, assertion: Triple) -> Citation:
        """Return the citation of an assertion, without inferred triples.

        Citations are cached, because many rows share them.
        """
        if assertion not in self._citations:
            sides = self._sides.get(_place(assertion), {})
            others = [
                Side(value, self._in_reading_order(passages))
                for value, passages in sorted(sides.items(), key=lambda side: str(side[0]))
                if value != assertion.object
            ]
            kind = self._kinds[assertion]
            sources = sorted(self._sources[assertion], key=str) if kind is CitationKind.CONTEXT else ()
            passages = self._in_reading_order(self._passages_of[assertion])
            self._citations[assertion] = Citation(
                assertion, kind, passages, tuple(sources), others=tuple(others)
            )
        return self._citations[assertion]

    def _in_reading_order(self, iris: Iterable[NamedNode]) -> tuple[CitedPassage, ...]:
        return tuple(self._passages[iri] for iri in sorted(iris, key=self._order.__getitem__))

    def _find_assertions(self, triples: Iterable[Triple], search: _Search) -> None:
        """Find the assertions of triples, with their passages.

        The class is not part of the query pattern, because rdflib would then start with all nodes of the class.
        """
        asserted = f"?node a ?class . OPTIONAL {{ ?node <{ONTOLOGY}evidenceIn> ?passage }}"
        for triple, (kind, passage) in search("assertion", triples, "class passage", asserted):
            if kind != _ASSERTION:
                continue
            self._kinds[triple] = CitationKind.STATED
            if isinstance(passage, NamedNode):
                self._passages_of[triple].add(passage)

    def _find_premises(self, triples: Iterable[Triple], search: _Search) -> None:
        derived = (
            f"?node <{ONTOLOGY}premise> ?premise . "
            f"?premise <{RDF}subject> ?ps ; <{RDF}predicate> ?pp ; <{RDF}object> ?po ."
        )
        found: dict[Triple, set[Triple]] = defaultdict(set)
        for triple, premise in search("derivation", triples, "ps pp po", derived):
            found[triple].add(_triple(*premise))
        self._premises |= {triple: sorted(premises, key=str) for triple, premises in found.items()}

    def _find_layers(self) -> None:
        """Find the type of source of each triple, by its named graph.

        It is curation, an external source, or otherwise a report.
        """
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
        """Find the lead-ins and the reading order of all cited passages."""
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
        ordered = sorted(alone.values(), key=reading_order)
        self._order = {passage.iri: number for number, passage in enumerate(ordered)}
        for iri, passage_alone in alone.items():
            leads = sorted(_find_reachable(iri, lead_ins), key=self._order.__getitem__)
            self._passages[iri] = passage_alone._replace(lead_ins=tuple(alone[lead] for lead in leads))

    def _select_by_name(
        self, kind: str, triples: Iterable[Triple], asked: str, pattern: str
    ) -> Iterator[tuple[Triple, Row]]:
        """Yield triples and the solutions of a pattern about the nodes that describe them.

        The nodes are found by the IRIs derived from the triples.
        """
        nodes = {node_for(kind, triple): triple for triple in triples}
        for node, *found in self._select("node", ((node,) for node in nodes), asked, pattern):
            yield nodes[cast(NamedNode, node)], tuple(found)

    def _select_by_parts(
        self, _kind: str, triples: Iterable[Triple], asked: str, pattern: str
    ) -> Iterator[tuple[Triple, Row]]:
        """Yield triples and the solutions of a pattern about the nodes that describe them.

        The nodes are found by subject, predicate and object, and only for triples with literals.

        A store may normalise a literal, such as 10.50 to 10.5. The IRI derived from the triple is then wrong.
        """
        literals = (triple for triple in triples if isinstance(triple.object, Literal))
        for s, p, o, *found in self._select_triples(literals, asked, f"?node {_REIFIED} . {pattern}"):
            yield _triple(s, p, o), tuple(found)

    def _select_triples(self, triples: Iterable[Triple], asked: str, pattern: str) -> Iterator[Row]:
        """Yield the joins of a pattern with triples, queried in batches.

        Triples with language-tagged literals are only joined by subject and predicate, because Virtuoso 7.2.5 finds no
        language-tagged literal that is in a VALUES clause with several rows and variables.
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
        """Yield the joins of a pattern with rows of terms, queried in batches."""
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
    raise JhaanError(f"Damaged evidence: {subject} {predicate} {value}. Load the graph again.")


def _place(triple: Triple) -> _Place:
    """Return the subject and the predicate of a triple."""
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
    """Return the place of a passage in words.

    It is preceded by the report id unless it is the first report.

    >>> locate("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/1")
    'Section 5.2.2, paragraph 1'
    >>> locate("https://w3id.org/jhaan/id/report/jhaan-2024/section/4/entry/2")
    'jhaan-2024: Section 4, entry 2'
    """
    from jhaan_kg.reports import locator

    report, found, _ = iri.removeprefix(ID + "report/").partition("/section/")
    if not found:
        return compact(iri)
    return locator(iri) if report == REPORT_ID else f"{report}: {locator(iri)}"
