"""Whether a committed tree of passages still is the tree of a given text, and what exactly differs if not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from typing import Final

from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.namespaces import compact
from jhaan_kg.passages.document import Document
from jhaan_kg.passages.locate import locator
from jhaan_kg.passages.model import Passage
from jhaan_kg.passages.splitter import SPLITTER_VERSION, split

_REWRITE: Final = "write document.ttl anew with `jhaan passages`"
_REREAD: Final = f"Read it again, correct the facts that cite it, then {_REWRITE}."
_SHOWN: Final = 3


def verify_document(document: Document, text: str, path: str = "") -> list[Finding]:
    """Compare a tree of passages with the text that it is said to be of.

    If the text is the same character for character, the trees must be the same in everything. If not, the
    passages are aligned by their words, so that a word inserted on the first page gives one finding for that
    passage and one for all the shifted offsets together.

    Args:
        document: the tree as committed.
        text: the report's text as given.
        path: the text's file, for the findings.

    Returns:
        The findings, sorted; none if everything agrees. A WARNING alone means that only the layout of the
        text differs (its line ends, say) and that every passage has the words and the number that it had.
    """
    findings: list[Finding] = []
    if document.splitter_version != SPLITTER_VERSION:
        findings.append(
            Finding(
                path,
                0,
                Severity.ERROR,
                "splitter-version",
                compact(document.report),
                f"document.ttl was written by version {document.splitter_version} of the rules; these are "
                f"version {SPLITTER_VERSION}.",
                f"Compare the numbering of both, then {_REWRITE}.",
            )
        )
    try:
        fresh = split(text, document.report)
    except JhaanError as error:
        findings.append(
            Finding(path, 0, Severity.ERROR, "text-unreadable", compact(document.report), str(error))
        )
        return sorted(findings)
    if (document.digest, document.length) == (fresh.digest, fresh.length):
        findings += _compare_trees(document, fresh, path)
    else:
        findings += _compare_texts(document, fresh, text, path)
    return sorted(findings)


def _compare_trees(old: Document, new: Document, path: str) -> Iterator[Finding]:
    """Compare two trees of one text; passages that differ alike share a finding."""
    differing: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in old.passages:
        fresh = new.by_iri.get(passage.iri)
        if fresh is None:
            differing["in document.ttl but not in the text"].append(passage)
        elif names := _differing_fields(passage, fresh):
            differing[f"with another {', '.join(names)} than the text gives"].append(passage)
    differing["in the text but not in document.ttl"] = [
        passage for passage in new.passages if passage.iri not in old.by_iri
    ]
    for how, passages in differing.items():
        if passages:
            yield Finding(
                path,
                0,
                Severity.ERROR,
                "tree-differs",
                compact(passages[0].iri),
                f"{_count(passages)} {how} ({_some(map(locator, passages))}).",
                f"The text is the one of document.ttl, so that file or the rules were changed: {_REWRITE}.",
            )


def _differing_fields(old: Passage, new: Passage) -> list[str]:
    return [one.name for one in fields(Passage) if getattr(old, one.name) != getattr(new, one.name)]


@dataclass(slots=True)
class _Alignment:
    """The passages of two texts, paired by their words."""

    same: list[tuple[Passage, Passage]] = field(default_factory=list)
    changed: list[tuple[Passage, Passage]] = field(default_factory=list)
    missing: list[Passage] = field(default_factory=list)
    added: list[Passage] = field(default_factory=list)

    @property
    def words_kept(self) -> bool:
        """Whether every passage has the words that it had, and so the number: words alone decide that."""
        return not (self.changed or self.missing or self.added)

    @property
    def renumbered(self) -> list[tuple[Passage, Passage]]:
        """The passages with the same words under another number."""
        return [(one, other) for one, other in self.same if one.iri != other.iri]


def _align(old: Document, new: Document) -> _Alignment:
    before, after = old.leaves, new.leaves
    matcher = SequenceMatcher(
        None,
        [(passage.kind.name, passage.digest) for passage in before],
        [(passage.kind.name, passage.digest) for passage in after],
        autojunk=False,
    )
    found = _Alignment()
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.same += zip(before[start:end], after[new_start:new_end], strict=True)
            continue
        candidates = {passage.iri: passage for passage in after[new_start:new_end]}
        for passage in before[start:end]:
            if (fresh := candidates.pop(passage.iri, None)) is not None:
                found.changed.append((passage, fresh))
            else:
                found.missing.append(passage)
        found.added += candidates.values()
    return found


def _compare_texts(old: Document, new: Document, text: str, path: str) -> Iterator[Finding]:
    """Compare the trees of two texts: changed words and numbers one by one, shifted offsets together."""
    aligned = _align(old, new)
    for passage, fresh in aligned.changed:
        yield _finding(
            path,
            _line(text, fresh),
            "passage-changed",
            passage,
            f"{locator(passage)} has other words than when it was modelled.",
            _REREAD,
        )
    for passage in aligned.missing:
        yield _finding(
            path,
            0,
            "passage-missing",
            passage,
            f"{locator(passage)} is gone: no passage near its place has its words.",
            f"Restore it in the text, or remove the facts that rest on it and {_REWRITE}.",
        )
    for passage in aligned.added:
        yield _finding(
            path,
            _line(text, passage),
            "passage-added",
            passage,
            f"{locator(passage)} is new.",
            f"If it belongs there, model it and {_REWRITE}.",
        )
    yield from _renumbered(aligned, text, path)
    yield from _changed_sections(old, new, text, path)
    yield _whole_text(old, new, aligned, text, path)


def _renumbered(aligned: _Alignment, text: str, path: str) -> Iterator[Finding]:
    """Tell, once for each section, which passages have their words but bear another number."""
    moved: defaultdict[str, list[tuple[Passage, Passage]]] = defaultdict(list)
    for passage, other in aligned.renumbered:
        moved[passage.parent].append((passage, other))
    for pairs in moved.values():
        first, fresh = pairs[0]
        yield _finding(
            path,
            _line(text, fresh),
            "passage-renumbered",
            first,
            f"another number for {_count(pairs)}: "
            f"{_some(f'{locator(one)} would be {locator(other)}' for one, other in pairs)}.",
            "Numbering is frozen, and facts cite it: restore what was added, removed or moved before them.",
        )


def _changed_sections(old: Document, new: Document, text: str, path: str) -> Iterator[Finding]:
    """Tell which sections came, went or got another title, page or status."""
    for section in old.sections:
        if section.iri not in new.by_iri:
            yield _finding(
                path,
                0,
                "section-missing",
                section,
                f"the contents list has no {locator(section)} any more.",
                "Restore its entry in the contents list.",
            )
    for section in new.sections:
        before = old.by_iri.get(section.iri)
        told = [
            f"{name.replace('_', ' ')} {_told(getattr(before, name))} is now {_told(getattr(section, name))}"
            for name in ("title", "start_page", "heading_status")
            if before and getattr(before, name) != getattr(section, name)
        ]
        if before is None or told:
            yield _finding(
                path,
                _line(text, section),
                "section-changed" if before else "section-added",
                section,
                f"{locator(section)}: {'; '.join(told) or 'the contents list did not have it'}.",
                f"Look whether the facts about it still hold, then {_REWRITE}.",
            )


def _told(value: object) -> str:
    return "(none)" if value is None else f"“{value}”"


def _whole_text(old: Document, new: Document, aligned: _Alignment, text: str, path: str) -> Finding:
    """Tell that the text as a whole is another one, how, and from where on its offsets are shifted."""
    told = ["the text is not the one that document.ttl was made from"]
    if new.length != old.length:
        told.append(f"it has {new.length} characters instead of {old.length}")
    if "\r" in text:
        told.append("it has lines that end with CR" + (" LF" if "\r\n" in text else ""))
    shifted = [one for one, other in aligned.same if (one.start, one.end) != (other.start, other.end)]
    if shifted:
        told.append(f"offsets of {_count(shifted)} are shifted, from {locator(shifted[0])} on")
    if aligned.words_kept:
        severity, code = Severity.WARNING, "text-layout"
        told.append("but every passage has the words and the number that it had")
        fix = f"Use the file with its original line ends and blanks, or {_REWRITE}."
    else:
        severity, code = Severity.ERROR, "text-differs"
        fix = "Use the text that was modelled, or work through the findings on single passages."
    return Finding(path, 0, severity, code, compact(old.report), "; ".join(told) + ".", fix)


def _finding(path: str, line: int, code: str, passage: Passage, message: str, fix: str) -> Finding:
    return Finding(path, line, Severity.ERROR, code, compact(passage.iri), message, fix)


def _line(text: str, passage: Passage) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[: passage.start])) + 1


def _count(passages: Sized) -> str:
    return f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"


def _some(words: Iterable[str]) -> str:
    """Give the first few of a list in words, and how many more there are."""
    all_words = list(words)
    more = len(all_words) - _SHOWN
    return ", ".join(all_words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
