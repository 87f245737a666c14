"""What tells two releases apart, in words: a line on each sort of change first, then each change with its place."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.diff.answers import AnswerChange, QuestionChange
from jhaan_kg.diff.compare import Difference, Members
from jhaan_kg.diff.release import DEFINITION, Contested, Fact, Release, Value, is_document, is_ontology
from jhaan_kg.namespaces import GRAPH, RDF_TYPE, RDFS_LABEL, compact
from jhaan_kg.query.compile import QUERY
from jhaan_kg.query.engine import Answer
from jhaan_kg.reports import locator, report_of_iri
from jhaan_kg.results.cells import readable, shown_columns

_WIDTH: Final = 110
_INDENT: Final = "    "
_ROWS: Final = 3
"""How many rows of an answer are shown as gone, and how many as new."""
_ASPECTS: Final = {"text": "SPARQL"}
_REUSED: Final = GRAPH + "ontology/reused"


def tell(difference: Difference) -> str:
    """Say what tells two releases apart.

    Args:
        difference: as `compare` gives it.

    Returns:
        Text for people, lines ended by line feeds.
    """
    return "\n".join(_Teller(difference).lines()) + "\n"


class _Teller:
    """Tells a difference, part by part; each part takes the facts that it tells from those that remain."""

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

    def lines(self) -> Iterator[str]:
        """Return all lines."""
        yield f"From {_name(self.old)} to {_name(self.new)}"
        if not self.difference:
            yield "Nothing differs."
        yield from self._in_short()
        contradictions = list(self._contradictions())
        things = list(self._things())
        terms = list(self._terms())
        passages = list(self._passages())
        statements = list(self._statements(self._signs))
        for title, lines in (
            ("Things", things),
            ("Statements", statements),
            ("Contradictions", contradictions),
            ("Terms of the ontology", terms),
            ("Passages", passages),
            ("Questions", list(self._questions())),
            ("Answers", list(self._answers())),
        ):
            if lines:
                yield from ("", title, "=" * len(title), *lines)

    # --- in short ----------------------------------------------------------------------------------------------

    def _in_short(self) -> Iterator[str]:
        d = self.difference
        questions = {sort: sum(q.sort == sort for q in d.questions) for sort in ("new", "gone", "changed")}
        answers = {
            "with other answers": sum(change.differs for change in d.answers),
            "not compared": sum(bool(change.problem) for change in d.answers),
        }
        parts = {
            "things": _counts(d.things, changed="with another label"),
            "statements": {"new": len(d.added), "gone": len(d.removed), "in other passages": len(d.cited)},
            "contradictions": {
                "decided otherwise" if name == "changed" else name: len(listed)
                for name, listed in d.contradictions
            },
            "terms": _counts(d.terms),
            "passages": _counts(d.passages),
            "questions": {**questions, **answers},
            "what follows": {"inferred statements new": d.inferred[1], "gone": d.inferred[0]},
        }
        told = {
            name: ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
            for name, counts in parts.items()
        }
        if any(told.values()):
            yield ""
        for name, text in told.items():
            if text:
                yield f"{name:<15} {text}"

    # --- things, terms, passages -------------------------------------------------------------------------------

    def _things(self) -> Iterator[str]:
        things = self.difference.things
        for thing in (*things.new, *things.gone):
            self._take(thing, RDF_TYPE, RDFS_LABEL)
        for thing in things.changed:
            self._take(thing, RDFS_LABEL)
        for thing in things.deprecated:
            self._take(thing, RDF_TYPE, RDFS_LABEL)
            self._take_new(thing)
        for title, listed in things:
            if listed:
                name = "with another label" if title == "changed" else title
                yield from ("", f"{name.capitalize()} ({len(listed):,})")
            for kind, text in sorted((self._kind(t, title), self._told(t, title)) for t in listed):
                yield from _wrapped(f"{kind}: {text}" if kind else text)

    def _kind(self, thing: NamedNode, title: str) -> str:
        release = self.new if title == "new" else self.old
        kind = release.kind(thing)
        return _label(kind, release) if kind else ""

    def _told(self, thing: NamedNode, title: str) -> str:
        if title == "new":
            return _named(thing, self.new)
        if title == "changed":
            was = " and ".join(readable(value) for value in self.old.values(thing, RDFS_LABEL))
            return f"{_named(thing, self.new)}, was: {was}"
        instead = self._instead(thing)
        return f"{_named(thing, self.old)}{f'.{instead}' if instead else ''}"

    def _instead(self, node: NamedNode) -> str:
        """Say what is used instead of something deprecated; nothing of anything else."""
        successor, reason = map(_plain, self.new.deprecated.get(node, ("", "")))
        if successor:
            return f" Instead: {_named(NamedNode(successor), self.new)}.{f' {reason}' if reason else ''}"
        return f" Nothing instead: {reason}" if reason else ""

    def _terms(self) -> Iterator[str]:
        terms = self.difference.terms
        of_ontology = {
            fact for fact in self._signs if is_ontology(self._release(fact).statements[fact].graph)
        }
        reused = [fact for fact in of_ontology if self._release(fact).statements[fact].graph == _REUSED]
        for title, listed in (("new", terms.new), ("gone", terms.gone), ("deprecated", terms.deprecated)):
            if listed:
                yield from ("", f"{title.capitalize()} ({len(listed):,})")
            for term in listed:
                release = self.new if title == "new" else self.old
                meaning = " ".join(readable(value) for value in release.values(term, DEFINITION))
                yield from _wrapped(f"{_named(term, release)}: {meaning}{self._instead(term)}")
        told = {*terms.new, *terms.gone, *terms.deprecated}
        changed = {
            fact: self._signs[fact] for fact in of_ontology if fact.subject not in told and fact not in reused
        }
        yield from self._statements(changed)
        for sign, what in (("+", "new"), ("-", "gone")):
            number = sum(self._signs[fact] == sign for fact in reused)
            if number:
                yield from ("", f"Statements about terms of other vocabularies: {number:,} {what}")
        self._forget(of_ontology)

    def _passages(self) -> Iterator[str]:
        passages = self.difference.passages
        of_trees = {fact for fact in self._signs if is_document(self._release(fact).statements[fact].graph)}
        reports: dict[str, int] = defaultdict(int)
        for passage in passages.new:
            reports[report_of_iri(passage.value)] += 1
        for report, number in sorted(reports.items()):
            yield from ("", f"New in {report}: {number:,}")
        for title, listed in (("Gone", passages.gone), ("With other words", passages.changed)):
            if listed:
                places = "; ".join(f"{report_of_iri(p.value)} {locator(p.value)}" for p in listed)
                yield from ("", f"{title} ({len(listed):,})", *_wrapped(places))
        told = {*passages.new, *passages.gone, *passages.changed}
        others = sum(fact.subject not in told for fact in of_trees)
        if others:
            yield from ("", f"Statements about the other passages that are new or gone: {others:,}")
        self._forget(of_trees)

    # --- statements --------------------------------------------------------------------------------------------

    def _statements(self, signs: dict[Fact, str]) -> Iterator[str]:
        """Tell facts, thing by thing, what is gone before what is new."""
        by_subject: dict[NamedNode, list[Fact]] = defaultdict(list)
        for fact in signs:
            by_subject[fact.subject].append(fact)
        for name, subject in sorted((self._of_either(subject), subject.value) for subject in by_subject):
            yield from ("", *_wrapped(name, ""))
            facts = by_subject[NamedNode(subject)]
            for fact in sorted(facts, key=lambda fact: (str(fact.predicate), signs[fact] == "+", fact.order)):
                yield from _wrapped(self._statement(fact, signs[fact]))

    def _statement(self, fact: Fact, sign: str) -> str:
        release = self._release(fact)
        text = f"{sign} {_label(fact.predicate, release)}  {_value(fact.object, release)}"
        if sign == "~":
            return f"{text}  [now {self._where(fact, self.new)}; was {self._where(fact, self.old)}]"
        return f"{text}  [{self._where(fact, release)}]"

    def _where(self, fact: Fact, release: Release) -> str:
        statement = release.statements[fact]
        if not statement.passages:
            return statement.graph.removeprefix(GRAPH).partition("/")[0]
        return ", ".join(
            f"{report_of_iri(passage)} {locator(passage)}" if self._several_reports else locator(passage)
            for passage in statement.passages
        )

    def _release(self, fact: Fact) -> Release:
        """The release that states a fact; the new one if both do."""
        return self.new if fact in self.new.statements else self.old

    def _of_either(self, node: NamedNode) -> str:
        return _named(node, self.new if node in self.new.labels else self.old)

    def _take(self, thing: NamedNode, *predicates: NamedNode) -> None:
        """Take the facts of a thing with some properties from those that remain to be told."""
        for release in (self.old, self.new):
            for predicate in predicates:
                self._forget(Fact(thing, predicate, value) for value in release.values(thing, predicate))

    def _take_new(self, thing: NamedNode) -> None:
        """Take what is new about a thing that is deprecated: it is the entry that says so."""
        self._forget([fact for fact, sign in self._signs.items() if sign == "+" and fact.subject == thing])

    def _forget(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self._signs.pop(fact, None)

    # --- contradictions ----------------------------------------------------------------------------------------

    def _contradictions(self) -> Iterator[str]:
        decisions = self.old.decisions | self.new.decisions
        of_decisions = {fact: sign for fact, sign in self._signs.items() if fact.subject in decisions}
        self._forget(of_decisions)
        for title, listed in self.difference.contradictions:
            if listed:
                name = "decided otherwise" if title == "changed" else title
                yield from ("", f"{name.capitalize()} ({len(listed):,})")
            for about in listed:
                release = self.old if title == "gone" else self.new
                what = f"{_label(about.property, release)} of {_named(about.subject, release)}"
                yield from _wrapped(f"{what}, in {about.report}")
                if title == "changed":
                    yield from self._sides(about, self.old, "was: ")
                yield from self._sides(about, release, "now: " if title == "changed" else "")
        told = {
            release.contradictions[about].decision
            for release in (self.old, self.new)
            for _, listed in self.difference.contradictions
            for about in listed
            if about in release.contradictions
        }
        yield from self._statements({f: sign for f, sign in of_decisions.items() if f.subject not in told})

    def _sides(self, about: Contested, release: Release, lead: str) -> Iterator[str]:
        contradiction = release.contradictions[about]
        used, others = (
            "; ".join(
                f"{_value(value, release)} [{self._where(Fact(about.subject, about.property, value), release)}]"
                for value in values
            )
            for values in (contradiction.used, contradiction.others)
        )
        yield from _wrapped(
            f"{lead}{used} is used, not {others}. {_plain(contradiction.reason)}", _INDENT * 2
        )

    # --- questions ---------------------------------------------------------------------------------------------

    def _questions(self) -> Iterator[str]:
        for title in ("new", "gone", "changed"):
            listed = [change for change in self.difference.questions if change.sort == title]
            if listed:
                yield from ("", f"{title.capitalize()} ({len(listed):,})")
            for change in listed:
                yield from _wrapped(
                    f"{change.name}: {_of_question(change)}{self._instead(_iri(change.name))}"
                )

    def _answers(self) -> Iterator[str]:
        for change in self.difference.answers:
            yield from ("", *_wrapped(f"{change.name}: {change.summary}", ""))
            if change.problem:
                yield from _wrapped(f"not compared: {change.problem}")
                continue
            counts = f"{change.after:,} row{'s' * (change.after != 1)}, before {change.before:,}"
            yield from _wrapped(f"{counts}: {len(change.gone.rows):,} gone, {len(change.new.rows):,} new")
            for what, columns in (("gone", change.columns_gone), ("new", change.columns_new)):
                if columns:
                    yield from _wrapped(f"columns {what}: {', '.join(columns)}")
            yield from _rows(change)


def _rows(change: AnswerChange) -> Iterator[str]:
    for sign, answer in (("-", change.gone), ("+", change.new)):
        for row in _cells(answer)[:_ROWS]:
            yield from _wrapped(f"{sign} {row}")
        more = len(answer.rows) - _ROWS
        if more > 0:
            yield f"{_INDENT}{sign} … and {more:,} more"


def _cells(answer: Answer) -> list[str]:
    columns = shown_columns(answer)
    return [" | ".join(column.cell(row) for column in columns) for row in answer.rows]


def _of_question(change: QuestionChange) -> str:
    if change.old is None or change.new is None:
        query = change.new or change.old
        return query.summary if query else ""
    old, new = change.old._asdict(), change.new._asdict()
    aspects = [
        _ASPECTS.get(name, name) for name in old if name not in ("path", "line") and old[name] != new[name]
    ]
    return f"other {', '.join(aspects)}"


def _iri(question: str) -> NamedNode:
    return NamedNode(QUERY + question)


def _counts(members: Members, changed: str = "changed") -> dict[str, int]:
    return {changed if name == "changed" else name: len(listed) for name, listed in members}


def _name(release: Release) -> str:
    version = f"{release.version} " if release.version else ""
    return f"{version}(snapshot {release.key[:12]})"


def _plain(text: str) -> str:
    """Return a text as one line, without what could steer a terminal."""
    return readable(Literal(text))


def _label(node: NamedNode, release: Release) -> str:
    return _plain(release.labels.get(node, compact(node.value)))


def _named(node: NamedNode, release: Release) -> str:
    """Return a thing's label and CURIE, or the CURIE alone if it has no label."""
    curie = compact(node.value)
    return f"{_plain(release.labels[node])} ({curie})" if node in release.labels else curie


def _value(value: Value, release: Release) -> str:
    return _label(value, release) if isinstance(value, NamedNode) else readable(value)


def _wrapped(text: str, indent: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
