"""Texts for users avoid private words."""

from __future__ import annotations

import re
from typing import Final

import pytest

from jhaan_kg.query.source import parse_query
from pages import ROOT, prose

AVOIDED: Final = {
    r"(told|tells?) of|said of|(is|are|was|were) told(?! to)": "mentions, is about, states about",
    r"nobody (says|states)|nowhere (says|states)": "The report does not state",
    r"(stand|stands|stood) in(?! for)": "is in, appears in",
    r"proof|proven|proves?|proved": "verification, verified, matched",
    r"contents list|slips? of (print|the keyboard)|misprints?": "table of contents, typographical error",
    r"(usual|ordinary) values?|as usual|embedded engine": "default, built-in engine",
    r"ways? of knowing|our reading|readings of ours": "evidence, curators' interpretation",
    r"firmness|outside bod(y|ies)|outsiders?": "level of commitment, external body",
    r"whose it is|whoever|whatever has": "name the entity",
    r"co-?run(s|ning)?|losing side|peculiarit(y|ies)": "co-lead, not preferred, text issue",
}
"""Regular expressions for phrases, and what to write instead."""

TEXTS: Final = {
    "docs": [
        file for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if file.name != "CHANGELOG.md"
    ],
    "questions": [*ROOT.glob("queries/*/*.rq")],
}


@pytest.mark.parametrize("kind", TEXTS)
def test_avoided_phrases(kind: str) -> None:
    for file in TEXTS[kind]:
        query = parse_query(file.read_text("utf-8"), str(file)) if kind == "questions" else None
        text = f"{query.summary} {query.description} {query.notes}" if query else prose(file)
        text = re.sub(r"`[^`\n]*`|\b[a-z]+:\w+|\]\([^)]*\)|such as \"proved\"", "", text)
        for avoided, use in AVOIDED.items():
            found = re.search(rf"(?<![\w-])({avoided})(?![\w-])", text, re.IGNORECASE)
            assert found is None, f'{file}: "{found[0]}"; use: {use}'
