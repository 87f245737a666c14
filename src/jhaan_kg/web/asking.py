"""Work that may need credentials: those that are set, or else those for which the user is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from jhaan_kg.web.address import checked_url
from jhaan_kg.web.credentials import Credentials, ask_for_credentials, can_ask, find_credentials
from jhaan_kg.web.faults import HttpError

_Done = TypeVar("_Done")


def with_credentials(url: str, work: Callable[[Credentials | None], _Done]) -> _Done:
    """Do some work at an address; if it wants credentials, and none are set, ask the user at the terminal.

    Args:
        url: the address.
        work: is done with what environment or netrc file have for it; once more with what the user says, if need be.

    Returns:
        What the work gave.

    Raises:
        JhaanError: the address can't be one, or there are credentials that can't be used; and whatever the work raises.
    """
    found = find_credentials(checked_url(url))
    try:
        return work(found)
    except HttpError as error:
        if error.status != 401 or found is not None or not can_ask():
            raise
    return work(ask_for_credentials(url))
