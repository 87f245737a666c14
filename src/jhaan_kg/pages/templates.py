"""The templates of all pages, and what they may call."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from jhaan_kg.templates import load_templates

FOLDER: Final = Path(__file__).with_name("templates")

PLACES: Final = (
    ("questions", "Questions"),
    ("read", "The report"),
    ("contradictions", "Contradictions"),
    ("gaps", "Gaps"),
    ("proof", "Proof"),
    ("downloads", "Downloads"),
    ("sparql", "SPARQL"),
)
"""To what each page leads, by its path."""


@cache
def environment() -> Environment:
    """Read and compile the templates: each text that they put into a page is escaped, and what they lack is an error.

    They are read once, since the processes that make pages can open no files.
    """
    made = load_templates(FOLDER)
    made.filters["data_block"] = data_block
    made.globals["places"] = PLACES
    for name in made.list_templates():
        made.get_template(name)
    return made


def page(template: str, **values: Any) -> bytes:
    """Make a page.

    Args:
        template: the name of its file.
        values: what it is made of.
    """
    return environment().get_template(template).render(values).encode()


def data_block(document: bytes) -> Markup:
    r"""Give JSON as it may stand in an element `script`: nothing in it ends the element, or begins a comment.

    Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements

    >>> print(data_block(b'{"a": "</script><!--&"}'))
    {"a":"\u003c/script>\u003c!--&"}
    """
    text = json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped as JSON, where < stands in texts only
