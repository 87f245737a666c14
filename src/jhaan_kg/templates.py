"""Jinja2 templates: inserted texts are escaped, and missing values are errors."""

from __future__ import annotations

from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined


def load_templates(*folders: Path, autoescape: bool = True) -> Environment:
    """Load the templates in folders completely.

    The process that renders them may not be able to open files later.
    """
    sources = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return Environment(
        loader=DictLoader(sources),
        autoescape=autoescape,  # noqa: S701 - off for files other than pages
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
