"""A request as a line for a shell, with curl (https://curl.se/docs/manpage.html)."""

from __future__ import annotations

import os
import shlex
from urllib.parse import parse_qsl

from jhaan_kg.web.address import shown
from jhaan_kg.web.call import Body, Call
from jhaan_kg.web.credentials import PASSWORD, TOKEN, USER, Credentials, netrc_credentials, netrc_path

_FORM = "application/x-www-form-urlencoded"


def curl_line(call: Call, credentials: Credentials | None) -> str:
    """Write a request as a command for a POSIX shell.

    Secrets stand in it as variables of the environment, as `--netrc-file`, or not at all: then curl asks for the
    password. A body from a file is named by its name. A body with line ends takes several lines.

    Args:
        call: the request.
        credentials: what the service is shown.

    >>> curl_line(Call("GET", "http://localhost:7878/store?graph=urn:a", {"Accept": "text/turtle"}), None)
    "curl -sS --fail-with-body -H 'Accept: text/turtle' 'http://localhost:7878/store?graph=urn:a'"
    """
    words = ["curl", "-sS", "--fail-with-body", *_method(call)]
    if credentials is not None:
        words += _credentials(call.url, credentials)
    media_type = _header(call, "Content-Type")
    form = media_type.partition(";")[0] == _FORM and isinstance(call.body, bytes)
    for name, value in call.headers.items():
        if not (media_type == _FORM and name.lower() == "content-type"):  # curl says so by itself
            words += ["-H", shlex.quote(f"{name}: {value}")]
    words += _form(call.body) if form and isinstance(call.body, bytes) else _body(call.body)
    url = shown(call.url)
    words += ["--globoff"] if set(url) & set("[]{}") else []
    return " ".join([*words, shlex.quote(url)])


def _method(call: Call) -> list[str]:
    """Name the method where it isn't the one that curl takes by itself."""
    if call.method == "HEAD":
        return ["--head"]
    usual = "GET" if call.body is None else "PUT" if isinstance(call.body, Body) else "POST"
    return [] if call.method == usual else ["-X", call.method]


def _credentials(url: str, credentials: Credentials) -> list[str]:
    if credentials.token is not None:
        return ["-H", f'"Authorization: Bearer ${TOKEN}"']
    if "JHAAN_STORE_USER" in os.environ:
        return ["--anyauth", "--user", f'"${USER}:${PASSWORD}"']
    if netrc_credentials(url) == credentials:
        return ["--anyauth", "--netrc-file", shlex.quote(str(netrc_path()))]
    return ["--anyauth", "--user", shlex.quote(credentials.user or "")]


def _form(body: bytes) -> list[str]:
    return [
        word
        for name, value in parse_qsl(body.decode(), keep_blank_values=True)
        for word in ("--data-urlencode", shlex.quote(f"{name}={value}"))
    ]


def _body(body: bytes | Body | None) -> list[str]:
    if body is None:
        return []
    if isinstance(body, Body):
        return ["-T", shlex.quote(body.name)]
    return ["--data-raw", shlex.quote(body.decode())]


def _header(call: Call, name: str) -> str:
    return next((value for key, value in call.headers.items() if key.lower() == name.lower()), "")
