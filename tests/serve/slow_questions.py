"""The page of each stored question."""

from __future__ import annotations

from in_process import ADDRESS
from pages_read import unnamed, words

from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.questions import asked


def test_each_question_has_a_page_whose_links_have_names(loaded: Loaded) -> None:
    for query in loaded.catalogue:
        made = asked(f"questions/{query.name}.html", b"", None, loaded, ADDRESS)
        page = made.data.decode()
        assert query.summary in words(page), query.name
        assert unnamed(page) == [], query.name
        assert len(made.data) < 2**20, query.name
