"""Names are found in the tokens of a passage: acronyms in capitals only, other words in any case."""

from __future__ import annotations

import pytest
from small_proof import case_of, node, short

from jhaan_kg.proof.lexicon import Lexicon, LexiconName
from jhaan_kg.proof.words import tokenise


def mentions(lexicon: Lexicon, text: str) -> list[str]:
    """Return each name with what bears it."""
    tokens = tokenise(text)
    return [
        f"{' '.join(tokens[one.first : one.last])}: {' '.join(sorted(map(short, one.things)))}"
        for one in lexicon.find(tokens)
    ]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        # an acronym in capitals only, other words in any case
        ({"a": ["WIND"]}, "The wind, Wind and WIND", ["WIND: a"]),
        ({"a": ["Fog Board"]}, "the FOG BOARD and the fog board", ["FOG BOARD: a", "fog board: a"]),
        # names inside longer ones
        (
            {"a": ["Storm Drill"], "b": ["Night Storm Drill", "Drill"]},
            "the Night Storm Drill",
            ["Night Storm Drill: b", "Storm Drill: a", "Drill: b"],
        ),
        # neither half a name nor a name inside a word
        ({"a": ["Storm Drill"], "b": [""]}, "Storm, Drill; Stormy Drill; Storm Drills", []),
        ({"a": ["Fog"], "b": ["fog"]}, "fog", ["fog: a b"]),
    ],
)
def test_names_in_a_text(names: dict[str, list[str]], text: str, expected: list[str]) -> None:
    lexicon = Lexicon({node(f"agency:{thing}"): map(LexiconName, own) for thing, own in names.items()})
    assert mentions(lexicon, text) == expected


def test_names_are_labels_names_in_passages_abbreviations_and_wordings() -> None:
    more = 'agency:nora jhaan:abbreviation "NR"@en ; jhaan:wording "the one"@en ; jhaan:reason "Sky"@en .'
    case = case_of("Text.", "drill called Big Blow", more)
    # neither a reason nor the wording of a term of the ontology is a name
    found = mentions(case.report.lexicon, "Storm Drill, Big Blow, NORA, NR, the one, Sky, lamps")
    assert found == ["Storm Drill: drill", "Big Blow: drill", "NORA: nora", "NR: nora", "the one: nora"]
