"""Names that nobody has registered: words with a capital inside a sentence, and acronyms.

Without them a body that is missing from the register would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jhaan_kg.proof.passage import PassageText


def unknown_names(text: PassageText, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Find words that look like a name where nothing known is named.

    Args:
        text: the passage.
        known: the spans of tokens that are accounted for: names, dates, titles, code words.

    Yields:
        The first token of each such name and the one after its last.
    """
    tokens = text.words.tokens
    taken = {index for first, last in known for index in range(first, last)}
    index = 0
    while index < len(tokens):
        end = index
        while end < len(tokens) and end not in taken and tokens[end][0].isupper():
            end += 1
        first = index
        if end > first and text.words.begins_sentence(first) and not _is_acronym(tokens[first]):
            first += 1
        if end > first:
            yield first, end
        index = max(end, index + 1)


def _is_acronym(token: str) -> bool:
    return len(token) > 1 and token.isupper()
