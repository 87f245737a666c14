"""A request that is not answered, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class RefusalError(Exception):
    """A request is not answered.

    Attributes:
        status: the status code of HTTP.
        message: what is wrong, and what to do.
        headers: what the answer says beside that.

    >>> RefusalError(405, "Send GET.", {"Allow": "GET"}).headers["Allow"]
    'GET'
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers
