"""Check for undefined and misplaced terms.

The terms are in the ontology, the data, the shapes and the queries.

In RDF, any IRI is valid, so a typo remains unnoticed and matches nothing. Therefore each predicate, each class, and
each IRI of the project's and the reused namespaces must be declared in ontology/, be built in, or be an entity that
the data describe.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal

from jhaan_kg.checks.patterns import find_property_uses
from jhaan_kg.checks.stated import SourceText, iri_of
from jhaan_kg.checks.vocabulary import LANGUAGE_NAMESPACES, TermKind, Vocabulary, nearest
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import BASE, ID, ONTOLOGY, PREFIXES, RDFS, SH, compact, expand
from jhaan_kg.query.sparql_text import IriMention, line_at, query_file_mentions, sparql_mentions
from jhaan_kg.turtle import Statement

SHAPES: Final = BASE + "shapes#"

_LABEL_TEMPLATE: Final = ONTOLOGY + "labelTemplate"
_CURIE_IN_TEMPLATE: Final = re.compile(r"\{(\w+:[\w-]+)\s*\}")

_REUSED_NAMESPACES: Final = tuple(
    namespace
    for namespace in PREFIXES.values()
    if not namespace.startswith(BASE) and namespace not in LANGUAGE_NAMESPACES
)
_WATCHED: Final = (ONTOLOGY, *LANGUAGE_NAMESPACES, *_REUSED_NAMESPACES)

_PROPERTIES: Final = tuple(kind for kind in TermKind if kind.is_property)
_OF_CLASSES: Final = """
    rdf:type rdfs:subClassOf rdfs:domain owl:equivalentClass owl:disjointWith owl:onClass sh:class sh:targetClass
"""
_OF_PROPERTIES: Final = """
    jhaan:contestedProperty jhaan:notStated jhaan:onProperty owl:equivalentProperty owl:inverseOf owl:onProperty
    owl:propertyDisjointWith rdf:predicate rdfs:subPropertyOf sh:disjoint sh:equals sh:inversePath sh:lessThan
    sh:lessThanOrEquals sh:path sh:targetObjectsOf sh:targetSubjectsOf
"""
_KINDS_OF_VALUE: Final[dict[str, tuple[TermKind, ...]]] = {
    **dict.fromkeys(map(expand, _OF_CLASSES.split()), (TermKind.CLASS,)),
    **dict.fromkeys(map(expand, _OF_PROPERTIES.split()), _PROPERTIES),
    RDFS + "range": (TermKind.CLASS, TermKind.DATATYPE),
    SH + "datatype": (TermKind.DATATYPE,),
}
"""The kinds that the values of a predicate must have."""


def check_terms(
    ontology: Collection[Statement],
    data: Collection[Statement],
    shapes: Collection[Statement],
    queries: Collection[SourceText],
) -> list[Finding]:
    """Find undefined and misplaced terms.

    Args:
        ontology: the triples of the files in ontology/.
        data: the triples of data/, all layers.
        shapes: the triples of shapes/.
        queries: the files of queries/.

    Returns:
        The findings, sorted; for a term that is wrong several times in one file, only the first is reported.
    """
    checker = _Checker(Vocabulary(Graph.of(statement.triple for statement in ontology)), data, shapes)
    for statement in (*ontology, *data, *shapes):
        checker.check_statement(statement)
    for query in queries:
        checker.check_query(query)
    findings = []
    for (path, (code, iri, message, fix)), lines in checker.places.items():
        more = len(set(lines)) - 1
        repeated = f" The same in {more} more line{'s' * (more > 1)} of this file." if more else ""
        subject = compact(iri) if "//" in iri else iri
        findings.append(Finding(path, min(lines), Severity.ERROR, code, subject, message, fix + repeated))
    return sorted(findings)


class _Fault(NamedTuple):
    """A fault of a term, without the place: the other parts of a finding.

    Attributes:
        iri: the term; a prefixed name whose prefix is unknown, as written.
    """

    code: str
    iri: str
    message: str
    fix: str


class _Checker:
    """Checker of each use of a term, which collects the faults with their lines by file."""

    def __init__(
        self, vocabulary: Vocabulary, data: Iterable[Statement], shapes: Iterable[Statement]
    ) -> None:
        self.vocabulary = vocabulary
        self.things = {iri_of(statement.triple.subject) for statement in data}
        self.shapes = {iri_of(statement.triple.subject) for statement in shapes}
        self.places: dict[tuple[str, _Fault], list[int]] = defaultdict(list)

    def report(self, path: str, line: int, faults: Iterable[_Fault]) -> None:
        for fault in faults:
            self.places[path, fault].append(line)

    # --- uses of terms --------------------------------------------------------------------------------------

    def check_statement(self, statement: Statement) -> None:
        (subject, predicate, value), path, line = statement.triple, statement.path, statement.line
        self.report(path, line, self.check_use(predicate.value, value))
        self.report(path, line, self.check_mention(iri_of(subject)))
        if isinstance(value, Literal):
            if predicate.value in (SH + "select", SH + "ask"):
                for mention in sparql_mentions(value.value):
                    self.report(path, line, self.check_in_sparql(mention))
            elif predicate.value == _LABEL_TEMPLATE:
                for curie in _CURIE_IN_TEMPLATE.findall(value.value):
                    self.report(path, line, self.check_in_template(curie))

    def check_query(self, query: SourceText) -> None:
        mentions = list(query_file_mentions(query.text))
        first: dict[str, int] = {}
        for mention in mentions:
            first.setdefault(mention.iri, line_at(query.text, mention.offset))
        # Terms in triple patterns are checked by their position in the pattern. All other terms are checked alone.
        in_role: set[str] = set()
        for predicate, value in find_property_uses(query):
            in_role.add(predicate)
            if predicate in _KINDS_OF_VALUE:
                in_role.add(iri_of(value))
            for fault in self.check_use(predicate, value):
                self.report(query.path, first.get(fault.iri, first.get(predicate, 1)), [fault])
        for mention in mentions:
            if mention.iri not in in_role:
                line = line_at(query.text, mention.offset)
                self.report(query.path, line, self.check_in_sparql(mention))

    # --- checks of a use ------------------------------------------------------------------------------------

    def check_use(self, predicate: str, term: object) -> Iterator[_Fault]:
        """Check the predicate and the object of a triple; None is an unknown object."""
        kinds = self.vocabulary.kinds(predicate)
        yield from self.check_kind(predicate, _PROPERTIES, "as a predicate")
        if isinstance(term, Literal):
            yield from self.check_literal(predicate, kinds, term)
        elif term is not None:
            yield from self.check_object(predicate, kinds, iri_of(term))

    def check_object(self, predicate: str, kinds: frozenset[TermKind], value: str) -> Iterator[_Fault]:
        """Check an object other than a literal; a blank node has no IRI."""
        if kinds == {TermKind.DATATYPE_PROPERTY}:
            message = "the value of a datatype property must be a literal."
            yield _Fault(
                "wrong-use",
                predicate,
                message,
                'Write a literal such as "hybrid"@en, or use an object property.',
            )
        if predicate in _KINDS_OF_VALUE:
            if value:
                wanted = _KINDS_OF_VALUE[predicate]
                yield from self.check_kind(value, wanted, f"as a value of {compact(predicate)}")
            return
        yield from self.check_mention(value)
        if kinds == {TermKind.OBJECT_PROPERTY} and TermKind.CLASS in self.vocabulary.kinds(value):
            message = f"a value of {compact(predicate)} must be an individual, but this is a class."
            yield _Fault(
                "wrong-use", value, message, "Name an individual, for example a code of a code list."
            )

    def check_literal(self, predicate: str, kinds: frozenset[TermKind], literal: Literal) -> Iterator[_Fault]:
        """Check a literal and its datatype."""
        if kinds == {TermKind.OBJECT_PROPERTY} or predicate in _KINDS_OF_VALUE:
            message = "the value must be an IRI, but it is a literal."
            fix = "Write an IRI such as agency:frontex, or use a datatype property."
            yield _Fault("wrong-use", predicate, message, fix)
            return
        datatype = literal.datatype.value
        allowed = self.vocabulary.datatypes(predicate)
        if TermKind.DATATYPE not in self.vocabulary.kinds(datatype):
            yield from self.check_kind(datatype, (TermKind.DATATYPE,), "as a datatype")
        elif allowed and datatype not in allowed and RDFS + "Literal" not in allowed:
            takes = " and ".join(map(compact, sorted(allowed)))
            has = (
                f"tagged @{literal.language}"
                if literal.language
                else f"a literal of type {compact(datatype)}"
            )
            message = f"the value must be of type {takes}, but it is {has}."
            yield _Fault("wrong-datatype", predicate, message, "Correct the literal.")

    def check_in_sparql(self, mention: IriMention) -> Iterator[_Fault]:
        """Check an IRI in a SPARQL text."""
        if not mention.iri:
            prefix = mention.text.partition(":")[0]
            fix = f"Declare it: PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>."
            message = f"a prefix must be declared, but {prefix}: is not."
            yield _Fault("undefined-prefix", mention.text, message, fix)
        elif mention.typed:
            yield from self.check_kind(mention.iri, (TermKind.CLASS,), "after `a`")
        else:
            yield from self.check_mention(mention.iri)

    def check_in_template(self, curie: str) -> Iterator[_Fault]:
        """Check a property in the template of a label."""
        prefix, _, name = curie.partition(":")
        if prefix in PREFIXES:
            yield from self.check_kind(PREFIXES[prefix] + name, _PROPERTIES, "in a label template")
        else:
            message = f"a label template must use prefixes of the project, but {{{curie}}} does not."
            yield _Fault(
                "undefined-prefix",
                _LABEL_TEMPLATE,
                message,
                "Use one of the project's prefixes, for example {jhaan:summary}.",
            )

    def check_kind(self, iri: str, wanted: tuple[TermKind, ...], place: str) -> Iterator[_Fault]:
        """Check a term that must be declared and of certain kinds."""
        kinds = self.vocabulary.kinds(iri)
        if not kinds:
            yield self.undefined(iri, wanted)
        elif kinds.isdisjoint(wanted):
            what = " and ".join(sorted(kind.value for kind in kinds))
            names = [TermKind.PROPERTY.value] if wanted == _PROPERTIES else [kind.value for kind in wanted]
            fix = self.guess(iri, wanted) or f"Use {wanted[-1].value}."
            message = f"must be {' or '.join(names)} when used {place}, but it is {what}."
            yield _Fault("wrong-use", iri, message, fix)

    def check_mention(self, iri: str) -> Iterator[_Fault]:
        """Check a term of any kind, which must be declared or described."""
        if iri.startswith(ID):
            if iri not in self.things:
                near = nearest(iri, tuple(sorted(self.things)))
                fix = "Register it in data/register/, or describe it in a section."
                fix = f"Did you mean {near}? Otherwise register it in data/register/." if near else fix
                message = "an entity must be described in a source, but this one is not."
                yield _Fault("undescribed-thing", iri, message, fix)
        elif iri.startswith(SHAPES):
            if iri not in self.shapes:
                yield self.undefined(iri, tuple(TermKind))
        elif iri.startswith(_WATCHED) and not self.vocabulary.is_known(iri):
            yield self.undefined(iri, tuple(TermKind))

    def undefined(self, iri: str, wanted: tuple[TermKind, ...]) -> _Fault:
        """Return the fault of an undeclared term."""
        what = wanted[0].value.partition(" ")[2] if len(wanted) == 1 else "property"
        what = "term" if len(wanted) == len(TermKind) else what
        fix = self.guess(iri, wanted)
        if iri.startswith(LANGUAGE_NAMESPACES):
            return _Fault(
                "undefined-term", iri, f"a {what} must be defined by its standard, but this one is not.", fix
            )
        if iri.startswith(ONTOLOGY):
            fix = fix or "Declare it, or correct the spelling."
        elif iri.startswith(_REUSED_NAMESPACES):
            fix = f"{fix} If it is a term of that vocabulary, run `python tools/reused_terms.py`.".lstrip()
        else:
            fix = fix or "Use a term of the ontology or of a reused vocabulary."
        return _Fault(
            "undefined-term", iri, f"a {what} must be declared in ontology/, but this one is not.", fix
        )

    def guess(self, iri: str, wanted: tuple[TermKind, ...]) -> str:
        near = self.vocabulary.like(iri, wanted)
        return f"Did you mean {near}?" if near else ""
