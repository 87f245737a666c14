"""Requests before they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple


class Body(NamedTuple):
    """What a request sends, from a source that is opened anew for each attempt.

    Attributes:
        open: gives the pieces, from the first on.
        size: how many bytes they are together; None if nobody knows.
        name: of the file that they come from, for people.
    """

    open: Callable[[], Iterator[bytes]]
    size: int | None
    name: str = "FILE"


class Call(NamedTuple):
    """A request before it is sent.

    Attributes:
        method: GET, POST, PUT, …
        url: where it goes.
        headers: what it says besides; an answer must have one of the types that `Accept` lists, if it lists any.
        body: what it sends.
        repeatable: whether sending it twice does no more than sending it once.
    """

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes | Body | None = None
    repeatable: bool = True
