r"""Turtle and TriG: reading with the line of each triple, and writing.

pyoxigraph decides which sources are valid, and supplies all terms, since only it keeps their lexical forms. It gives
no places, so rdflib's parser supplies the lines of the triples, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final, NamedTuple, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.namespaces import PREFIXES, RDF, compact, namespace_of_year, prefixes_of
from jhaan_kg.near import nearest
from jhaan_kg.reports import report_of_file

_LIST: Final = {RDF + "first", RDF + "rest"}
_PLACE: Final = re.compile(r"^.*?columns? [0-9]+(?: and [0-9]+)?: ")
_UNDECLARED: Final = re.compile(r"The prefix (\S*): has not been declared")

_UNFINISHED: Final = "is expected at the end of"
_Term = TypeVar("_Term")


class TurtleSyntaxError(JhaanError):
    """A syntax error in a Turtle or TriG source.

    Attributes:
        name: the caller's name of the source.
        line: the line of the fault, counted from 1.
        column: its column in characters, counted from 1.
        message: the fault.
        fix: the remedy; may be empty.
    """

    def __init__(self, name: str, line: int, column: int, message: str, fix: str = "") -> None:
        self.name = name
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix
        super().__init__(f"{name}:{line}:{column}: {message}" + (f" {fix}" if fix else ""))

    def finding(self) -> Finding:
        """Return the error as a finding, for checks of many files."""
        message = f"column {self.column}: {self.message}"
        return Finding(self.name, self.line, Severity.ERROR, "turtle-syntax", "", message, self.fix)


class Statement(NamedTuple):
    """A triple and its place in a source.

    Attributes:
        triple: the triple; the labels of blank nodes are unique over all files.
        path: the file, relative to the root of the sources, with forward slashes.
        line: the line of the object, counted from 1; in a list, that of the member; 0 in a tree of passages, which is
            generated.
        block: in a section file, the passage of its block.
    """

    triple: Triple
    path: str
    line: int
    block: NamedNode | None = None


def parse_quads(text: str, *, trig: bool, name: str) -> Iterator[Quad]:
    """Yield the statements of a Turtle or TriG source, in its order.

    Args:
        text: the source.
        trig: whether graph blocks are allowed.
        name: the name of the source in errors, usually its path.

    Raises:
        TurtleSyntaxError: the source cannot be parsed.
    """
    try:
        yield from parse(text, format=RdfFormat.TRIG if trig else RdfFormat.TURTLE)
    except SyntaxError as error:
        message = _PLACE.sub("", error.msg)
        fix = ""
        if undeclared := _UNDECLARED.match(message):
            fix = _declare(undeclared[1], name)
        elif _UNFINISHED in message:
            fix = 'Write "." before it, ";" if it is a predicate, or "," if it is an object.'
        raise TurtleSyntaxError(name, error.lineno or 1, error.offset or 1, f"{message}.", fix) from None


def _declare(prefix: str, name: str) -> str:
    """Return the remedy for an undeclared prefix in a file."""
    report = report_of_file(PurePath(name))
    prefixes = prefixes_of(report) if report else PREFIXES
    namespace = namespace_of_year(prefix) or prefixes.get(prefix)
    near = [] if namespace else nearest(prefix, prefixes, most=1)
    return f"Did you mean {near[0]}:?" if near else f"Declare it: @prefix {prefix}: <{namespace or '…'}> ."


def parse_source(text: str, *, trig: bool, name: str) -> list[Statement]:
    r"""Return the statements of a Turtle or TriG source with their lines.

    A statement that rdflib does not understand gets the line of the one before. If a list has other lists as members,
    their lines may be exchanged. For arguments and errors see `parse_quads`.

    Raises:
        TurtleSyntaxError: also if the source uses RDF 1.2.

    >>> [(one.triple.object.value, one.line) for one in parse_source("<urn:a> <urn:p>\n 01 .", trig=False, name="x")]
    [('01', 2)]
    """
    from jhaan_kg.turtle_lines import MEMBER, find_lines  # imported here because the import is slow

    quads = list(parse_quads(text, trig=trig, name=name))
    lines = {key: iter(found) for key, found in find_lines(text).items()}
    rename = _BlankNodes(re.sub("[^a-z0-9]", "-", name)).rename
    members: dict[object, int] = {}
    statements, line = [], 1
    for subject, predicate, value, graph in quads:
        if isinstance(subject, NamedNode):
            key = (subject.value, predicate.value)
        else:
            key = MEMBER if predicate.value in _LIST else ("", predicate.value)
        if key == MEMBER and subject in members:
            line = members[subject]  # the rest of a list is where its first member is
        else:
            line = members[subject] = next(lines.get(key, iter(())), line)
        if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
            raise TurtleSyntaxError(name, line, 1, f"{value} is RDF 1.2.", "Write RDF 1.1 Turtle or TriG.")
        triple = Triple(rename(subject), predicate, rename(value))
        statements.append(Statement(triple, name, line, graph if isinstance(graph, NamedNode) else None))
    return statements


class _BlankNodes:
    """New labels of the blank nodes of a file, in their order, since those of the parser differ each time."""

    def __init__(self, file: str) -> None:
        self._file = f"b{file}"  # a label begins with a letter or digit
        self._nodes: dict[BlankNode, BlankNode] = {}

    def rename(self, term: _Term) -> _Term | BlankNode:
        if not isinstance(term, BlankNode):
            return term
        return self._nodes.setdefault(term, BlankNode(f"{self._file}-{len(self._nodes) + 1}"))


def write_turtle(
    statements: Iterable[Triple] | Iterable[Quad],
    *,
    trig: bool = False,
    head: Iterable[str] = (),
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return statements as Turtle or TriG in their order, with the prefixes in use.

    Args:
        statements: the statements, grouped by graph and subject.
        trig: whether to write graph blocks.
        head: the lines of a comment at the start.
        prefixes: the table of prefixes; those of years are added.

    Raises:
        JhaanError: Turtle 1.1 cannot express one of the terms.

    >>> type_ = NamedNode(RDF + "type")
    >>> print(write_turtle([Triple(type_, type_, Literal("01"))], head=["A test"]).decode(), end="")
    # A test
    <BLANKLINE>
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    <BLANKLINE>
    rdf:type a "01" .
    """
    listed: list[Any] = list(statements)
    iris: set[str] = set()
    for term in {term for statement in listed for term in statement}:
        if isinstance(term, Triple) or (isinstance(term, Literal) and term.direction):
            raise JhaanError(f"Turtle 1.1 cannot contain {term}. Choose ntriples.")
        if isinstance(term, NamedNode | Literal):
            iris.add(term.value if isinstance(term, NamedNode) else term.datatype.value)
    candidates = dict(_find_prefixes(iris, prefixes))
    written = (
        serialize(listed, format=RdfFormat.TRIG if trig else RdfFormat.TURTLE, prefixes=candidates) or b""
    )
    declarations = {
        prefix: f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in candidates.items()
    }
    body = written[sum(len(line.encode()) for line in declarations.values()) :]
    used = sorted(line for prefix, line in declarations.items() if f"{prefix}:".encode() in body)
    comment = [f"# {line}\n" for line in head]
    return "".join([*comment, "\n" if comment else "", *used, "\n" if used else ""]).encode() + body


def _find_prefixes(iris: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the prefixes for IRIs, with their namespaces.

    There is none for a namespace with an IRI that ends with a dot, since rdflib cannot read such a prefixed name.
    """
    dotted = [iri for iri in iris if iri.endswith(".")]
    names = {namespace: prefix for prefix, namespace in prefixes.items()}
    for namespace in sorted({iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}):
        prefix, colon, rest = compact(namespace).partition(":")
        if any(iri.startswith(namespace) for iri in dotted):
            continue
        if namespace in names:
            yield names[namespace], namespace
        elif colon and not rest and namespace_of_year(prefix):
            yield prefix, namespace
