"""The words of a passage, as the proof reads them: tokens and sentences of its bare text.

What only numbers the text (a heading's or item's number, a note's mark, the leader dots and pages of a table of
contents) is left out: it is no part of what the passage says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from jhaan_kg.passages.model import PassageKind, normalise

_NOTE_MARK: Final = re.compile(r"<sup>\d+</sup>")
_SIGNS: Final = str.maketrans("\u2018\u2019\u02bc\u201c\u201d\u201e\u2013\u2014", "'''\"\"\"--")
_NUMBERING: Final = {
    PassageKind.HEADING: re.compile(r"^\d+(?:\.\d+)*\.\s+"),
    PassageKind.CONTENTS_ENTRY: re.compile(r"^\d+(?:\.\d+)*\.\s+|\s*(?:\.{2,}\s*)?\d+$"),
    PassageKind.LIST_ITEM: re.compile(r"^\d+[.)]\s+"),
    PassageKind.FOOTNOTE: re.compile(r"^\(\d+\)\s*"),
    PassageKind.FIGURE: re.compile(r"^Figure \d+\.\s*"),
    PassageKind.TABLE_CAPTION: re.compile(r"^Table \d+\.\s*"),
}
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")
_SENTENCE_END: Final = re.compile(
    r"(?<![ .(][A-Z])(?<!e\.g)(?<!i\.e)(?<!etc)(?<!No)(?<!Art)[.!?][)\"']?\s+(?=[\"'(]?(?:[A-Z\d]|eu-))"
)


@dataclass(frozen=True)
class Words:
    """The bare text of a passage, cut into tokens and sentences.

    Attributes:
        text: the bare text, with plain quotation marks and hyphens.
    """

    text: str

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words, numbers and signs in order."""
        return tuple(_TOKEN.findall(self.text))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The tokens in small letters."""
        return tuple(token.casefold() for token in self.tokens)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(match.start() for match in _TOKEN.finditer(self.text))

    @cached_property
    def _sentence_starts(self) -> tuple[int, ...]:
        ends = (match.end() for match in _SENTENCE_END.finditer(self.text))
        return (0, *(self.token_at(end) for end in ends), len(self.tokens))

    @cached_property
    def sentence_words(self) -> tuple[frozenset[str], ...]:
        """The tokens of each sentence, in small letters."""
        return tuple(frozenset(self.folded[first:last]) for first, last in pairwise(self._sentence_starts))

    def token_at(self, offset: int) -> int:
        """Return the index of the token that covers an offset, or else of the next one."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._starts[index] + len(self.tokens[index]):
            return index
        return index + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token of a part of the text, and the one after its last."""
        return self.token_at(start), self.token_at(end - 1) + 1

    def printed(self, first: int, last: int) -> str:
        """Return the text from one token up to another one, which is left out."""
        return self.text[self._starts[first] : self._starts[last - 1] + len(self.tokens[last - 1])]

    def sentence_of(self, token: int) -> int:
        """Return the number, from 0, of the sentence that has a token."""
        return bisect_right(self._sentence_starts, token, hi=len(self._sentence_starts) - 1) - 1

    def sentence(self, number: int) -> tuple[int, int]:
        """Return the first token of a sentence and the one after its last."""
        return self._sentence_starts[number], self._sentence_starts[number + 1]

    def sentence_around(self, token: int) -> tuple[int, int]:
        """Return the first token of the sentence that has a token, and the one after its last."""
        return self.sentence(self.sentence_of(token))


def positions_of(words: Sequence[str], tokens: Sequence[str]) -> list[int]:
    """Return the indices of tokens where some words follow one another; none for no words."""
    size = len(words)
    return [
        index
        for index in range(len(tokens) - size + 1)
        if size and tuple(tokens[index : index + size]) == tuple(words)
    ]


def tokenise(text: str) -> tuple[str, ...]:
    r"""Cut a name into tokens as passages are.

    >>> tokenise("EMPACT \u2013 the Agency\u2019s 6.1")
    ('EMPACT', '-', 'the', 'Agency', "'", 's', '6.1')
    """
    return Words(plain(text)).tokens


def bare(text: str, kind: PassageKind) -> str:
    r"""Return what a passage says, without markup and without its own numbering.

    >>> bare("5.2.2.\tWorking Group on ICT, 6 July 2023.....15", PassageKind.CONTENTS_ENTRY)
    'Working Group on ICT, 6 July 2023'
    >>> bare("justice and home affairs<sup>1</sup>. The 2<sup>nd</sup> meeting", PassageKind.PARAGRAPH)
    'justice and home affairs . The 2nd meeting'
    """
    words = plain(_NOTE_MARK.sub(" ", text))
    numbering = _NUMBERING.get(kind)
    return numbering.sub("", words) if numbering else words


def plain(text: str) -> str:
    """Return a text without markup, with plain quotation marks and hyphens, as passages are read."""
    return normalise(text).translate(_SIGNS)
