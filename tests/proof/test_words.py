"""The words of a passage: tokens, sentences, and what is left out because it only numbers the text."""

from __future__ import annotations

import pytest

from jhaan_kg.passages.model import PassageKind
from jhaan_kg.proof.words import Words, bare, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("eu-LISA\u2019s 1,300 boats", ("eu", "-", "LISA", "'", "s", "1,300", "boats")),
        ("2022\u20132024, 6.1.", ("2022", "-", "2024", ",", "6.1", ".")),
        ("\u201cHow\u201d", ('"', "How", '"')),
        ("", ()),
    ],
)
def test_tokens(text: str, tokens: tuple[str, ...]) -> None:
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A storm came. It passed! Did it? Yes.", ["A storm came.", "It passed!", "Did it?", "Yes."]),
        ('They said "go." Then they went.', ['They said "go."', "Then they went."]),
        ("It passed. (It came back.)", ["It passed.", "(It came back.)"]),
        ("Oslo (e.g. Oslo), i.e. Norway, etc. All.", ["Oslo (e.g. Oslo), i.e. Norway, etc. All."]),
        ("The boat of J. Berg came.", ["The boat of J. Berg came."]),
        ("Version 6.1 came. lower case goes on", ["Version 6.1 came. lower case goes on"]),
        ("They met in group 7. It rained.", ["They met in group 7.", "It rained."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    words = Words(text)
    spans = dict.fromkeys(words.sentence_around(token) for token in range(len(words.tokens)))
    assert [words.printed(first, last) for first, last in spans] == sentences


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (PassageKind.HEADING, "## **5.2.1. Night drill, 3 May**", "Night drill, 3 May"),
        (PassageKind.HEADING, "# 2024 at a glance", "2024 at a glance"),  # a year is no number of a section
        (PassageKind.LIST_ITEM, "2. Lamps", "Lamps"),
        (PassageKind.LIST_ITEM, "- 12 lamps", "12 lamps"),
        (PassageKind.CONTENTS_ENTRY, "5.1.\tDrill of 2023 .....\t13", "Drill of 2023"),
        (PassageKind.CONTENTS_ENTRY, "8.1.\tJoint paper on fog\t28", "Joint paper on fog"),
        (PassageKind.FOOTNOTE, "(2) In fog, none.", "In fog, none."),
        (PassageKind.FOOTNOTE, "<sup>2</sup> In fog, none.", "In fog, none."),
        (PassageKind.FIGURE, "Figure 3. NORA", "NORA"),
        (PassageKind.TABLE_CAPTION, "**Table 1. Lamps of 2023**", "Lamps of 2023"),
        (PassageKind.TABLE_ROW, "3\tSpare lamp\t6.1", "3 Spare lamp 6.1"),
        (PassageKind.PARAGRAPH, "2. Lamps were lit<sup>4</sup>", "2. Lamps were lit"),
        (PassageKind.TIMELINE_ENTRY, "**01  \n& 02**  \nJUNE\n\nRegatta", "01 & 02 JUNE Regatta"),
    ],
)
def test_only_numbering_is_left_out(kind: PassageKind, text: str, words: str) -> None:
    assert bare(text, kind).strip() == words
