"""Import of optional libraries, which come with the extras of the package."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from jhaan_kg.errors import JhaanError


def import_extra(module: str, extra: str) -> Any:
    """Import a library that a minimal installation lacks.

    Args:
        module: its import name.
        extra: the extra of `jhaan-kg` that contains it.

    Returns:
        The module.

    Raises:
        JhaanError: it is not installed.

    >>> import_extra("polars", "tables").__name__
    'polars'
    >>> import_extra("no_such_library", "tables")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: This needs no_such_library, which is not installed. \
Install it with: pip install 'jhaan-kg[tables]'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        library = module.partition(".")[0]
        raise JhaanError(
            f"Missing library {library}. Install it with: pip install 'jhaan-kg[{extra}]'"
        ) from None
