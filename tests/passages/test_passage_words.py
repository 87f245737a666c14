"""Normalising, digests and locators."""

from __future__ import annotations

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages import digest, normalise
from jhaan_kg.reports import locator

SECTION = "https://w3id.org/jhaan/id/report/jhaan-2023/section/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\r\n\r\nc\u00a0d ", "a b c d"),
        ("#Lamp and #Oil", "#Lamp and #Oil"),
        ("H<sub>2</sub>O of the 2<sup>nd</sup>", "H2O of the 2nd"),
        ("a < b > c", "a < b > c"),
        ("the [new paper](#) and [one](https://example.org/a)", "the new paper and one"),
        ("array[1] (see 2)", "array[1] (see 2)"),
        ("one\n\n---\n\ntwo", "one two"),
        ("one --- two", "one --- two"),
        ("- one\n• two\n* three", "one two three"),
        ("Cafe\u0301", "Café"),
        ("", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_digest_is_sha_256_of_utf_8() -> None:
    # the digests of the empty text and of "abc" as FIPS 180-2 gives them
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "iri", ["https://w3id.org/jhaan/id/report/jhaan-2023", SECTION, SECTION + "4//1", ""]
)
def test_locator_refuses_what_is_no_passage(iri: str) -> None:
    with pytest.raises(JhaanError, match="The IRI of a passage must end in"):
        locator(iri)
