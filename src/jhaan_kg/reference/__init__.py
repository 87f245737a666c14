"""The pages of the reference, made from what they describe, so that they say what is so.

`python -m jhaan_kg.reference` writes them anew; the tests compare them with what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_whole

PAGES: Final = {
    "checks": "docs/checks.md",
    "commands": "docs/commands.md",
    "ontology": "docs/ontology.md",
    "python": "docs/python.md",
    "tutorial": "docs/tutorial.ipynb",
}
"""The pages and their files. The module here that bears the name of a page makes it."""


def page(name: str, root: Path) -> str:
    """Make a page.

    Args:
        name: one of PAGES.
        root: the checkout.

    Returns:
        The text of its file.

    Raises:
        JhaanError: there is no such page, or it can't be made.
    """
    if name not in PAGES:
        raise JhaanError(f"There is no page {name!r}. Choose one of: {', '.join(PAGES)}.")
    make: Callable[[Path], str] = import_module(f"jhaan_kg.reference.{name}").page
    return make(root)


def write(name: str, root: Path) -> Path:
    """Make a page and write its file.

    Args:
        name: one of PAGES.
        root: the checkout.

    Returns:
        The file.

    Raises:
        JhaanError: there is no such page, or it can't be made.
        OSError: the file can't be written; what was there before is as it was.
    """
    text = page(name, root)
    path = root / PAGES[name]
    write_whole(path, text.encode())
    return path
