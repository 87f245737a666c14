"""Comparison of a committed tree of passages with the text of a report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Final

from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.namespaces import compact
from jhaan_kg.passages.model import Document, Passage
from jhaan_kg.passages.splitter import SPLITTER_VERSION, split
from jhaan_kg.reports import locator

_SHOWN: Final = 3
_REWRITE: Final = "regenerate document.ttl with tools/passages.py"
_FIXES: Final = {
    "splitter-version": f"Compare the numbering of both, then {_REWRITE}.",
    "tree-differs": f"The text is unchanged, but document.ttl or the rules were changed. To correct it, {_REWRITE}.",
    "text-differs": "Use the original text, or correct the passages listed below.",
    "text-layout": f"Use the file with its original line breaks and spaces, or {_REWRITE}.",
    "passage-changed": f"Correct the statements that cite it, then {_REWRITE}.",
    "passage-missing": f"Restore it in the text, or remove the statements that cite it and {_REWRITE}.",
    "passage-added": f"If it is correct, add its statements and {_REWRITE}.",
    "passage-renumbered": "Numbering is frozen, and facts cite it: restore what was added, removed or moved before "
    "them.",
    "section-missing": "Restore its entry in the table of contents.",
    "section-added": f"Check the statements about it, then {_REWRITE}.",
    "section-changed": f"Check the statements about it, then {_REWRITE}.",
}
"""The remedy for each finding, by its code."""


def verify_document(document: Document, text: str, path: str = "") -> list[Finding]:
    """Compare a tree of passages with its text.

    If the text is identical, the trees must be identical. If not, the passages are aligned by their words, so that a
    word inserted on the first page causes one finding for that passage and one for all shifted offsets together.

    Args:
        document: the tree as committed.
        text: the report's text.
        path: the text's file, for the findings.

    Returns:
        The findings, sorted. Only a WARNING means that just the layout of the text differs (such as its line ends),
        and that the words and numbers of all passages are unchanged.
    """
    return sorted(_TextComparison(document, text, path).findings())


class _TextComparison:
    """The committed tree of a text and the current text."""

    def __init__(self, document: Document, text: str, path: str) -> None:
        self.old, self.text, self.path = document, text, path

    def finding(
        self,
        code: str,
        subject: str,
        message: str,
        at: Passage | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding, at the line where a passage of the text begins."""
        line = len(re.findall(r"\r\n|\r|\n", self.text[: at.start])) + 1 if at else 0
        return Finding(self.path, line, severity, code, compact(subject), message, _FIXES.get(code, ""))

    def findings(self) -> Iterator[Finding]:
        old = self.old
        if old.splitter_version != SPLITTER_VERSION:
            message = (
                f"document.ttl was written by version {old.splitter_version} of the rules; these are "
                f"version {SPLITTER_VERSION}."
            )
            yield self.finding("splitter-version", old.report, message)
        try:
            new = split(self.text, old.report)
        except JhaanError as error:
            yield self.finding("text-unreadable", old.report, str(error))
            return
        if (old.digest, old.length) == (new.digest, new.length):
            yield from self.tree_differences(new)
        else:
            yield from self.passage_differences(new)
            yield from self.section_differences(new)

    def tree_differences(self, new: Document) -> Iterator[Finding]:
        """Yield the differences between two trees of one text.

        Passages with the same kind of difference share a finding.
        """
        differing: defaultdict[str, list[str]] = defaultdict(list)
        for passage in self.old.passages:
            fresh = new.by_iri.get(passage.iri)
            if fresh is None:
                differing["in document.ttl but not in the text"].append(passage.iri)
            elif names := [
                one.name for one in fields(Passage) if getattr(passage, one.name) != getattr(fresh, one.name)
            ]:
                differing[f"whose {', '.join(names)} differs from the text"].append(passage.iri)
        for passage in new.passages:
            if passage.iri not in self.old.by_iri:
                differing["in the text but not in document.ttl"].append(passage.iri)
        for how, passages in differing.items():
            message = f"{_count(passages)} {how} ({_show_some(map(locator, passages))})."
            yield self.finding("tree-differs", passages[0], message)

    def passage_differences(self, new: Document) -> Iterator[Finding]:
        """Yield the differences between the passages of two texts.

        They are paired by their words. Shifted offsets share a finding.
        """
        before, after = self.old.leaves, new.leaves
        matcher = SequenceMatcher(
            None,
            [(passage.kind.name, passage.digest) for passage in before],
            [(passage.kind.name, passage.digest) for passage in after],
            autojunk=False,
        )
        same: list[tuple[Passage, Passage]] = []
        replaced: list[Finding] = []
        for tag, start, end, new_start, new_end in matcher.get_opcodes():
            if tag == "equal":
                same += zip(before[start:end], after[new_start:new_end], strict=True)
            else:
                replaced += self.replaced(before[start:end], after[new_start:new_end])
        yield from replaced
        yield from self.renumbered((one, fresh) for one, fresh in same if one.iri != fresh.iri)

        parts = ["the text is not the one of document.ttl"]
        if new.length != self.old.length:
            parts.append(f"it has {new.length} characters instead of {self.old.length}")
        if "\r" in self.text:
            parts.append("it has lines that end with CR" + (" LF" if "\r\n" in self.text else ""))
        shifted = [one for one, fresh in same if (one.start, one.end) != (fresh.start, fresh.end)]
        if shifted:
            parts.append(f"offsets of {_count(shifted)} are shifted, from {locator(shifted[0].iri)} on")
        code, severity = "text-differs", Severity.ERROR
        if not replaced:  # if all words are the same, passage numbers are too
            code, severity = "text-layout", Severity.WARNING
            parts.append("but no passage has changed")
        yield self.finding(code, self.old.report, "; ".join(parts) + ".", severity=severity)

    def replaced(self, before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Finding]:
        """Yield the differences between passages with different words at the same place."""
        candidates = {passage.iri: passage for passage in after}
        for passage in before:
            where = locator(passage.iri)
            if fresh := candidates.pop(passage.iri, None):
                message = f"the text of {where} has changed."
                yield self.finding("passage-changed", passage.iri, message, fresh)
            else:
                message = f"{where} is missing."
                yield self.finding("passage-missing", passage.iri, message)
        for passage in candidates.values():
            yield self.finding("passage-added", passage.iri, f"{locator(passage.iri)} is new.", passage)

    def renumbered(self, pairs: Iterable[tuple[Passage, Passage]]) -> Iterator[Finding]:
        """Yield a finding per section for unchanged passages with another number."""
        moved: defaultdict[str, list[tuple[Passage, Passage]]] = defaultdict(list)
        for passage, fresh in pairs:
            moved[passage.parent].append((passage, fresh))
        for own in moved.values():
            numbers = (f"{locator(one.iri)} would be {locator(fresh.iri)}" for one, fresh in own)
            message = f"another number for {_count(own)}: {_show_some(numbers)}."
            yield self.finding("passage-renumbered", own[0][0].iri, message, own[0][1])

    def section_differences(self, new: Document) -> Iterator[Finding]:
        """Yield findings for sections that are new or gone, or have another title, page or status."""
        for section in self.old.sections:
            if section.iri not in new.by_iri:
                message = f"{locator(section.iri)} is no longer in the table of contents."
                yield self.finding("section-missing", section.iri, message)
        for section in new.sections:
            where = locator(section.iri)
            before = self.old.by_iri.get(section.iri)
            if before is None:
                message = f"{where} is new in the table of contents."
                yield self.finding("section-added", section.iri, message, section)
            elif changes := [
                f"{name.replace('_', ' ')} {_quote(getattr(before, name))} is now {_quote(getattr(section, name))}"
                for name in ("title", "start_page", "heading_status")
                if getattr(before, name) != getattr(section, name)
            ]:
                yield self.finding("section-changed", section.iri, f"{where}: {'; '.join(changes)}.", section)


def _quote(value: object) -> str:
    return "(none)" if value is None else f"“{value}”"


def _count(passages: Sequence[object]) -> str:
    return f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"


def _show_some(words: Iterable[str]) -> str:
    """Return the first items of a list in words, and the number of the others."""
    all_words = list(words)
    more = len(all_words) - _SHOWN
    return "; ".join(all_words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
