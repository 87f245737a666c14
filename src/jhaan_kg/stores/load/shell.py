"""The requests of a load as a script for a POSIX shell, with curl: what a dry run prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jhaan_kg.stores.load.content import Content
from jhaan_kg.stores.load.write import TRANSACTION, Sending
from jhaan_kg.web.credentials import Credentials
from jhaan_kg.web.request import Body, curl_line

_BODY = "BODY"
_TRANSACTION = "TRANSACTION"
_LOCATION = "s/^[Ll]ocation: *//p"


def script(
    sendings: Iterable[Sending],
    credentials: Credentials | None,
    *,
    within: tuple[Sending, Sending] | None = None,
) -> Iterator[str]:
    """Give the lines of a script that does what some requests do.

    Args:
        sendings: the requests.
        credentials: what the store is shown; secrets don't stand in the script.
        within: the requests that begin and end the transaction in which the others go, if there is one.
    """
    yield "set -e"
    yield f"{_BODY}=$(mktemp)"
    place = ""
    if within:
        place = within[0].url
        begun = line(within[0], credentials)
        yield f"{_TRANSACTION}=$({begun} -D - -o /dev/null | tr -d '\\r' | sed -n '{_LOCATION}')"
    for sending in [*sendings, *within[1:]] if within else sendings:
        yield line(sending, credentials, place)
    yield f'rm "${_BODY}"'


def line(sending: Sending, credentials: Credentials | None, transaction: str = "") -> str:
    """Give a request as a line: the body goes into the file `$BODY` first.

    Args:
        sending: the request.
        credentials: what the store is shown.
        transaction: an address of the store, if the request goes in a transaction; the line says `$TRANSACTION`.
    """
    call = sending.call(transaction)
    if isinstance(call.body, Body):
        call = call._replace(body=replace(call.body, name=_BODY))
    words = curl_line(call, credentials)
    if call.body is not None:
        words = words.replace(f" -T {_BODY} ", f' -T "${_BODY}" ', 1)
    if sending.url.startswith(TRANSACTION):
        rest = sending.url.removeprefix(TRANSACTION)
        words = words.removesuffix(shlex.quote(call.url)) + f'"${_TRANSACTION}{rest}"'
    return f'{{ {" ".join(_parts(sending))} }} > "${_BODY}" && {words}' if call.body is not None else words


def _parts(sending: Sending) -> Iterator[str]:
    """Give the commands that write the body."""
    texts: list[str] = []
    for source in sending.sources:
        texts += (source.text or "").splitlines()
        if source.content is not None:
            yield from _printed(texts)
            texts = []
            yield from _lines_of(source.content)
    yield from _printed(texts)


def _printed(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"printf '%s\\n' {' '.join(map(shlex.quote, lines))};"


def _lines_of(content: Content) -> Iterator[str]:
    for file in content.files:
        pattern = re.sub(r"([.*\[\]^$\\|])", r"\\\1", f" <{file.graph}> .") + "$"
        yield f"LC_ALL=C sed {shlex.quote(f's|{pattern}| .|')} {shlex.quote(str(file.path))};"
