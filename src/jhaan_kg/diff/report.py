"""The difference between two releases as text for people and in RDF."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.diff.compare import AnswerChange, Difference, QuestionChange
from jhaan_kg.diff.release import (
    CHANGE_NOTE,
    DEFINITION,
    Contested,
    ReleaseContent,
    StatedTriple,
    Value,
    is_document,
    is_ontology,
)
from jhaan_kg.errors import printable
from jhaan_kg.namespaces import DCAT, DCTERMS, GRAPH, ID, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL, compact
from jhaan_kg.query.source import QUERY
from jhaan_kg.reports import locator, report_of_iri
from jhaan_kg.results.cells import readable, select_columns
from jhaan_kg.results.graphs import in_reading_order

_WIDTH: Final = 110
_INDENT: Final = "    "
_ROWS: Final = 3
"""The maximum number of rows of an answer that are shown as gone, and as new."""
_REUSED: Final = GRAPH + "ontology/reused"

_MEMBER: Final = NamedNode(RDFS + "member")
_CONTAINER: Final = NamedNode(RDFS + "Container")
_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")
_IDENTIFIER: Final = NamedNode(DCTERMS + "identifier")
_PREVIOUS: Final = NamedNode(DCAT + "previousVersion")
_DATASET: Final = NamedNode(DCAT + "Dataset")
_VERSION: Final = NamedNode(OWL + "versionInfo")


# --- text ------------------------------------------------------------------------------------------------------------


class Block(NamedTuple):
    """A heading and its lines; a line that begins with the indent is indented further."""

    heading: str
    lines: list[str]


def as_text(difference: Difference) -> str:
    """Return a difference as text.

    It has a line on each kind of change, then each change with its place.
    """
    old, new = difference.old, difference.new
    lines = [f"From {_name(old)} to {_name(new)}", *([] if difference else ["No differences."])]
    counts = [f"{name:<15} {text}" for name, text in _count_changes(difference) if text]
    lines += ["", *counts] if counts else []
    for title, blocks in _Sections(difference).all():
        if blocks:
            lines += ["", title, "=" * len(title)]
        for block in blocks:
            lines += ["", *_wrap(block.heading)]
            for line in block.lines:
                lines += _wrap(line.removeprefix(_INDENT), _INDENT * (2 if line.startswith(_INDENT) else 1))
    return printable("\n".join(lines) + "\n", lines=True)


def _count_changes(difference: Difference) -> Iterator[tuple[str, str]]:
    d = difference
    questions = [change.sort for change in d.questions]
    for name, numbers in (
        ("entities", _count_members(d.things, changed="with another label")),
        ("statements", {"new": len(d.added), "gone": len(d.removed), "in other passages": len(d.cited)}),
        ("contradictions", _count_members(d.contradictions, changed="decided differently")),
        ("terms", _count_members(d.terms)),
        ("passages", _count_members(d.passages)),
        (
            "questions",
            {
                **{sort: questions.count(sort) for sort in ("new", "gone", "changed")},
                "with different answers": sum(change.differs for change in d.answers),
                "not compared": sum(bool(change.problem) for change in d.answers),
            },
        ),
        ("inferred", {"statements new": d.inferred[1], "gone": d.inferred[0]}),
    ):
        yield name, ", ".join(f"{number:,} {what}" for what, number in numbers.items() if number)


def _count_members(members: Mapping[str, tuple[object, ...]], changed: str = "changed") -> dict[str, int]:
    return {changed if name == "changed" else name: len(listed) for name, listed in members.items()}


class _Sections:
    """The sections of a text. Each removes its statements from those that remain to be shown."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference
        self.old, self.new = difference.old, difference.new
        self._signs = dict.fromkeys(difference.removed, "-")
        self._signs |= dict.fromkeys(difference.added, "+")
        self._signs |= dict.fromkeys(difference.cited, "~")
        passages = {
            passage
            for release in (self.old, self.new)
            for statement in release.statements.values()
            for passage in statement.passages
        }
        self._several_reports = len({report_of_iri(passage) for passage in passages}) > 1

    def all(self) -> list[tuple[str, list[Block]]]:
        """Return the sections with their titles."""
        # The order counts, since each section removes its statements from the later ones.
        contradictions = list(self._contradictions())
        things = list(self._things())
        terms = list(self._terms())
        passages = list(self._passages())
        return [
            ("Entities", things),
            ("Statements", list(self._statements(self._signs))),
            ("Contradictions", contradictions),
            ("Terms of the ontology", terms),
            ("Passages", passages),
            ("Questions", list(self._questions())),
            ("Answers", [_show_answer(change) for change in self.difference.answers]),
        ]

    def _things(self) -> Iterator[Block]:
        things = self.difference.things
        for title, listed in things.items():
            release = self.new if title == "new" else self.old
            lines = []
            for thing in listed:
                self._take(thing, RDFS_LABEL)
                if title != "changed":
                    self._take(thing, RDF_TYPE)
                text = _show_node(thing, self.new if title in ("new", "changed") else self.old)
                if title == "changed":
                    text += f", was: {' and '.join(map(readable, self.old.values(thing, RDFS_LABEL)))}"
                elif title != "new" and (instead := self._instead(thing)):
                    text += f".{instead}"
                kind = release.kind(thing)
                lines.append((_label(kind, release) if kind else "", text))
            if listed:
                heading = _heading("with another label" if title == "changed" else title, listed)
                yield Block(heading, [f"{kind}: {text}" if kind else text for kind, text in sorted(lines)])
        deprecated = set(things["deprecated"])  # their lines already show the new statements
        self._forget(
            [fact for fact, sign in self._signs.items() if sign == "+" and fact.subject in deprecated]
        )

    def _terms(self) -> Iterator[Block]:
        terms = self.difference.terms
        of_ontology = {fact for fact in self._signs if is_ontology(self._graph(fact))}
        reused = [fact for fact in of_ontology if self._graph(fact) == _REUSED]
        for title in ("new", "gone", "deprecated"):
            release = self.new if title == "new" else self.old
            if terms[title]:
                yield Block(
                    _heading(title, terms[title]),
                    [
                        f"{_show_node(term, release)}: {' '.join(map(readable, release.values(term, DEFINITION)))}"
                        f"{self._instead(term)}"
                        for term in terms[title]
                    ],
                )
        shown = {*terms["new"], *terms["gone"], *terms["deprecated"]}
        yield from self._statements(
            {
                fact: self._signs[fact]
                for fact in of_ontology
                if fact.subject not in shown and fact not in reused
            }
        )
        for sign, what in (("+", "new"), ("-", "gone")):
            number = sum(self._signs[fact] == sign for fact in reused)
            if number:
                yield Block(f"Statements about terms of other vocabularies: {number:,} {what}", [])
        self._forget(of_ontology)

    def _passages(self) -> Iterator[Block]:
        passages = self.difference.passages
        of_trees = {fact for fact in self._signs if is_document(self._graph(fact))}
        reports: dict[str, int] = defaultdict(int)
        for passage in passages["new"]:
            reports[report_of_iri(passage.value)] += 1
        for report, number in sorted(reports.items()):
            yield Block(f"New in {report}: {number:,}", [])
        for title, listed in (("gone", passages["gone"]), ("with changed text", passages["changed"])):
            if listed:
                places = "; ".join(f"{report_of_iri(p.value)}: {locator(p.value)}" for p in listed)
                yield Block(_heading(title, listed), [places])
        shown = {*passages["new"], *passages["gone"], *passages["changed"]}
        others = sum(fact.subject not in shown for fact in of_trees)
        if others:
            yield Block(f"Statements about the other passages that are new or gone: {others:,}", [])
        self._forget(of_trees)

    def _statements(self, signs: Mapping[StatedTriple, str]) -> Iterator[Block]:
        """Yield statements by entity, those that are gone before those that are new."""
        by_subject: dict[NamedNode, list[StatedTriple]] = defaultdict(list)
        for fact in signs:
            by_subject[fact.subject].append(fact)
        names = {
            subject: _show_node(subject, self.new if self.new.graph.label(subject) else self.old)
            for subject in by_subject
        }
        for subject in sorted(by_subject, key=lambda subject: (names[subject], subject.value)):
            facts = by_subject[subject]
            facts.sort(key=lambda fact: (str(fact.predicate), signs[fact] == "+", fact.order))
            yield Block(names[subject], [self._statement(fact, signs[fact]) for fact in facts])

    def _statement(self, fact: StatedTriple, sign: str) -> str:
        release = self._release(fact)
        text = f"{sign} {_label(fact.predicate, release)}  {_show_value(fact.object, release)}"
        if sign == "~":
            return f"{text}  [now in {self._where(fact, self.new)}. Was in {self._where(fact, self.old)}]"
        return f"{text}  [{self._where(fact, release)}]"

    def _contradictions(self) -> Iterator[Block]:
        decisions = self.old.decisions | self.new.decisions
        of_decisions = {fact: sign for fact, sign in self._signs.items() if fact.subject in decisions}
        self._forget(of_decisions)
        shown = set()
        for title, listed in self.difference.contradictions.items():
            lines = []
            for about in listed:
                release = self.old if title == "gone" else self.new
                what = f"{_label(about.property, release)} of {_show_node(about.subject, release)}"
                lines.append(f"{what}, in {about.report}")
                if title == "changed":
                    lines.append(self._sides(about, self.old, "was: "))
                lines.append(self._sides(about, release, "now: " if title == "changed" else ""))
                shown |= {
                    contradictions[about].decision
                    for contradictions in (self.old.contradictions, self.new.contradictions)
                    if about in contradictions
                }
            if listed:
                yield Block(_heading("decided differently" if title == "changed" else title, listed), lines)
        yield from self._statements({f: sign for f, sign in of_decisions.items() if f.subject not in shown})

    def _sides(self, about: Contested, release: ReleaseContent, lead: str) -> str:
        contradiction = release.contradictions[about]
        used, others = (
            "; ".join(
                f"{_show_value(triple.object, release)} [{self._where(triple, release)}]"
                for triple in (StatedTriple(about.subject, about.property, value) for value in values)
            )
            for values in (contradiction.used, contradiction.others)
        )
        return f"{_INDENT}{lead}{used} is used, not {others}. {_show_text(contradiction.reason)}"

    def _questions(self) -> Iterator[Block]:
        for title in ("new", "gone", "changed"):
            listed = [change for change in self.difference.questions if change.sort == title]
            if listed:
                yield Block(
                    _heading(title, listed),
                    [
                        f"{change.name}: {_show_question(change)}{self._instead(NamedNode(QUERY + change.name))}"
                        for change in listed
                    ],
                )

    def _instead(self, node: NamedNode) -> str:
        """Return the successor of a deprecated term or entity; empty for all others."""
        successor, reason = map(_show_text, self.new.deprecated.get(node, ("", "")))
        if successor:
            return f" Instead: {_show_node(NamedNode(successor), self.new)}.{f' {reason}' if reason else ''}"
        return f" Nothing instead: {reason}" if reason else ""

    def _where(self, fact: StatedTriple, release: ReleaseContent) -> str:
        statement = release.statements[fact]
        if not statement.passages:
            return statement.graph.removeprefix(GRAPH).partition("/")[0]
        return "; ".join(
            f"{report_of_iri(passage)}: {locator(passage)}" if self._several_reports else locator(passage)
            for passage in statement.passages
        )

    def _release(self, fact: StatedTriple) -> ReleaseContent:
        """Return the release that states a triple; the new one if both do."""
        return self.new if fact in self.new.statements else self.old

    def _graph(self, fact: StatedTriple) -> str:
        return self._release(fact).statements[fact].graph

    def _take(self, thing: NamedNode, predicate: NamedNode) -> None:
        for release in (self.old, self.new):
            self._forget(StatedTriple(thing, predicate, value) for value in release.values(thing, predicate))

    def _forget(self, facts: Iterable[StatedTriple]) -> None:
        for fact in facts:
            self._signs.pop(fact, None)


def _show_answer(change: AnswerChange) -> Block:
    heading = f"{change.name}: {change.summary}"
    if change.problem:
        return Block(heading, [f"not compared: {change.problem}"])
    counts = f"{change.after:,} row{'s' * (change.after != 1)}, before {change.before:,}"
    lines = [f"{counts}: {len(change.gone.rows):,} gone, {len(change.new.rows):,} new"]
    for what, columns in (("gone", change.columns_gone), ("new", change.columns_new)):
        if columns:
            lines.append(f"columns {what}: {', '.join(columns)}")
    for sign, part in (("-", change.gone), ("+", change.new)):
        columns_shown = select_columns(part)
        lines += [
            f"{sign} {' | '.join(column.cell(row) for column in columns_shown)}" for row in part.rows[:_ROWS]
        ]
        if len(part.rows) > _ROWS:
            lines.append(f"{sign} … and {len(part.rows) - _ROWS:,} more")
    return Block(heading, lines)


def _show_question(change: QuestionChange) -> str:
    if change.old is None or change.new is None:
        query = change.new or change.old
        return query.summary if query else ""
    old, new = change.old._asdict(), change.new._asdict()
    aspects = [name for name in old if name not in ("path", "line") and old[name] != new[name]]
    return f"other {', '.join('SPARQL' if name == 'text' else name for name in aspects)}"


def _heading(title: str, listed: Sequence[object]) -> str:
    return f"{title.capitalize()} ({len(listed):,})"


def _name(release: ReleaseContent) -> str:
    version = f"{release.version} " if release.version else ""
    return f"{version}(snapshot {release.key[:12]})"


def _show_text(text: str) -> str:
    """Return a text as one line, without control characters of terminals."""
    return readable(Literal(text))


def _label(node: NamedNode, release: ReleaseContent) -> str:
    return _show_text(release.graph.label(node) or compact(node.value))


def _show_node(node: NamedNode, release: ReleaseContent) -> str:
    """Return an entity's label and CURIE, or the CURIE alone without a label."""
    curie, label = compact(node.value), release.graph.label(node)
    return f"{_show_text(label)} ({curie})" if label else curie


def _show_value(value: Value, release: ReleaseContent) -> str:
    return _label(value, release) if isinstance(value, NamedNode) else readable(value)


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- RDF -------------------------------------------------------------------------------------------------------------


def as_trig(difference: Difference) -> bytes:
    """Return a difference as TriG in UTF-8.

    It has two named graphs, and lists of the affected entities.

    The statements of the old release, without the graph `…/removed` and with the graph `…/added`, are those of the
    new one. The changeset vocabulary (http://purl.org/vocab/changeset/schema#) describes each statement by a node
    with four triples, which no store can apply, and is not among the checked vocabularies.

    The default graph names the releases (`dcat:previousVersion`), and lists by `rdfs:member` the entities, terms,
    passages, contradictions and questions that are new, gone, deprecated or changed. `rdfs:member` states nothing
    about a member; `prov:hadMember` would turn each meeting, an activity, into an entity.
    """
    digest = sha256(f"{difference.old.key} {difference.new.key}".encode()).hexdigest()[:32]
    quads = [
        *_quads(_describe(difference, digest), DefaultGraph()),
        *_quads(difference.removed, NamedNode(f"{GRAPH}difference/{digest}/removed")),
        *_quads(difference.added, NamedNode(f"{GRAPH}difference/{digest}/added")),
    ]
    quads.sort(key=lambda quad: (graph_name(quad), in_reading_order(quad.triple)))
    return serialize(quads, format=RdfFormat.TRIG, prefixes=PREFIXES) or b""


def _quads(facts: Iterable[StatedTriple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    for subject, predicate, value in facts:
        yield Quad(subject, predicate, value, graph)


def _describe(difference: Difference, digest: str) -> Iterator[StatedTriple]:
    whole = NamedNode(f"{ID}difference/{digest}")
    old, new = _snapshot_node(difference.old), _snapshot_node(difference.new)
    yield _label_triple(
        whole, f"Differences between {_version_text(difference.old)} and {_version_text(difference.new)}"
    )
    for release, node in ((difference.old, old), (difference.new, new)):
        yield StatedTriple(node, RDF_TYPE, _DATASET)
        yield StatedTriple(node, _IDENTIFIER, Literal(release.key))
        yield _label_triple(node, f"Snapshot {release.key[:12]} of {_version_text(release)}")
        if release.version:
            yield StatedTriple(node, _VERSION, Literal(release.version))
    if old != new:
        yield StatedTriple(new, _PREVIOUS, old)
    for name, label in (("removed", "Statements that are gone"), ("added", "Statements that are new")):
        graph = NamedNode(f"{GRAPH}difference/{digest}/{name}")
        yield StatedTriple(graph, _PART_OF, whole)
        yield _label_triple(graph, label)
    for name, label, members in _list_members(difference):
        if members:
            node = NamedNode(f"{whole.value}/{name}")
            yield StatedTriple(node, RDF_TYPE, _CONTAINER)
            yield StatedTriple(node, _PART_OF, whole)
            yield _label_triple(node, label)
            yield from (StatedTriple(node, _MEMBER, member) for member in members)
    for change in difference.answers:
        if change.differs:
            note = (
                f"The answer has {change.after} rows and had {change.before}: "
                f"{len(change.gone.rows)} are gone, {len(change.new.rows)} are new."
            )
            yield StatedTriple(NamedNode(QUERY + change.name), CHANGE_NOTE, Literal(note, language="en"))


def _list_members(difference: Difference) -> Iterator[tuple[str, str, list[NamedNode]]]:
    """Yield name, label and members of each list."""
    for name, members in (
        ("things", difference.things),
        ("terms", difference.terms),
        ("passages", difference.passages),
    ):
        for sort, listed in members.items():
            yield f"{name}-{sort}", f"{name.capitalize()}: {sort}", list(listed)
    for sort, contested in difference.contradictions.items():
        release = difference.old if sort == "gone" else difference.new
        decisions = [release.contradictions[about].decision for about in contested]
        yield f"contradictions-{sort}", f"Decisions on conflicting values: {sort}", decisions
    for sort in ("new", "gone", "changed"):
        questions = [NamedNode(QUERY + change.name) for change in difference.questions if change.sort == sort]
        yield f"questions-{sort}", f"Questions: {sort}", questions
    answers = [NamedNode(QUERY + change.name) for change in difference.answers if change.differs]
    yield "questions-answers", "Questions: with different answers", answers


def _snapshot_node(release: ReleaseContent) -> NamedNode:
    return NamedNode(f"{ID}snapshot/{release.key[:32]}")


def _version_text(release: ReleaseContent) -> str:
    return f"version {release.version}" if release.version else "a version without number"


def _label_triple(node: NamedNode, label: str) -> StatedTriple:
    return StatedTriple(node, RDFS_LABEL, Literal(label, language="en"))
