"""Import of optional libraries, which the extras of the package install."""

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
        JhaanError: the library is not installed.

    >>> import_extra("polars", "tables").__name__
    'polars'
    >>> import_extra("no_such_library", "tables")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: Missing library "no_such_library" of the extra \
"tables". Install it: pip install no_such_library
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        library = module.partition(".")[0]
        raise JhaanError(
            f'Missing library "{library}" of the extra "{extra}". Install it: pip install {library}'
        ) from None
