"""HTTP requests, and their equivalents as curl commands.

See https://curl.se/docs/manpage.html.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from jhaan_kg.errors import JhaanError
from jhaan_kg.web.credentials import (
    PASSWORD,
    TOKEN,
    USER,
    Credentials,
    mask_secrets,
    netrc_credentials,
    netrc_path,
)

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Body:
    """The body of a request, which is read again for each attempt.

    Attributes:
        pieces: function that yields the body from the start.
        size: the size in bytes.
        name: the name of the file with the body, for curl commands.
    """

    pieces: Callable[[], Iterator[bytes]]
    size: int
    name: str = "FILE"

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for piece in self.pieces():
            count += len(piece)
            if count > self.size:
                break
            yield piece
        if count != self.size:
            more = "more" if count > self.size else "less"
            raise JhaanError(
                f"{self.name} changed during the transfer ({more} than {self.size:,} bytes). Try again."
            )


class HttpRequest(NamedTuple):
    """A request; if it has a header `Accept`, the response must have one of its media types."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes | Body | None = None


def curl_line(request: HttpRequest, credentials: Credentials | None) -> str:
    """Return a request as a curl command for a POSIX shell.

    The command contains no secrets. It uses environment variables or `--netrc-file`, or curl prompts for the password.
    It refers to a `Body` by file name. A body with line breaks results in several lines.

    >>> curl_line(HttpRequest("GET", "http://localhost:7878/store?graph=urn:a", {"Accept": "text/turtle"}), None)
    "curl -sS --fail-with-body -H 'Accept: text/turtle' 'http://localhost:7878/store?graph=urn:a'"
    """
    method, url, headers, body = request
    words = ["curl", "-sS", "--fail-with-body"]
    if method == "HEAD":
        words += ["--head"]
    elif method != ("GET" if body is None else "PUT" if isinstance(body, Body) else "POST"):
        words += ["-X", method]
    if credentials is not None:
        words += _credential_options(url, credentials)
    media_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    for name, value in headers.items():
        if not (media_type == _FORM and name.lower() == "content-type"):  # curl sends this header itself
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if isinstance(body, Body):
        words += ["-T", shlex.quote(body.name)]
    elif body is not None and media_type.partition(";")[0] == _FORM:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True):
            words += ["--data-urlencode", shlex.quote(f"{name}={value}")]
    elif body is not None:
        words += ["--data-raw", shlex.quote(body.decode())]
    url = mask_secrets(url)
    words += ["--globoff"] if set(url) & set("[]{}") else []
    return " ".join([*words, shlex.quote(url)])


def _credential_options(url: str, credentials: Credentials) -> list[str]:
    if credentials.token is not None:
        return ["-H", f'"Authorization: Bearer ${TOKEN}"']
    if "JHAAN_STORE_USER" in os.environ:
        return ["--anyauth", "--user", f'"${USER}:${PASSWORD}"']
    if netrc_credentials(url) == credentials:
        return ["--anyauth", "--netrc-file", shlex.quote(str(netrc_path()))]
    return ["--anyauth", "--user", shlex.quote(credentials.user or "")]
