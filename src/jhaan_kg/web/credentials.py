"""URLs and credentials of services: checks, sources, and protection of secrets."""

from __future__ import annotations

import os
import re
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from jhaan_kg.errors import JhaanError

USER: Final = "JHAAN_STORE_USER"
"""The environment variable for the user name."""

PASSWORD: Final = "JHAAN_STORE_PASSWORD"  # noqa: S105 - the name of a variable
"""The environment variable for the password."""

TOKEN: Final = "JHAAN_STORE_TOKEN"  # noqa: S105 - the name of a variable
"""The environment variable for a token, which is used instead of a name and a password."""

_SECRET: Final = re.compile(r"(?i)([?&][^=&#]*(?:token|key|secret|passw|pwd|auth)[^=&#]*=)[^&#]+")
_Result = TypeVar("_Result")

HOW_TO_GIVE: Final = f"Set {USER} and {PASSWORD}, or {TOKEN}, or add the host to ~/.netrc."
"""The remedy for missing credentials."""


def check_url(url: str) -> str:
    """Check the URL of an endpoint, and return it.

    Raises:
        JhaanError: the URL is not valid for an endpoint.

    >>> check_url("file:///etc/passwd")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: The URL must begin with http:// or https://, not "file:///etc/passwd".
    """
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise JhaanError(
            f'The URL must have no spaces and only ASCII characters, not "{url}". Encode others.'
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise JhaanError(f'The URL is not valid: "{url}" ({error}).') from None
    if parts.scheme not in ("http", "https"):
        raise JhaanError(f'The URL must begin with http:// or https://, not "{url}".')
    if parts.username is not None:
        raise JhaanError(
            "The URL must not contain a name or password. "
            "Set JHAAN_STORE_USER and JHAAN_STORE_PASSWORD, or use ~/.netrc."
        )
    if not parts.hostname:
        raise JhaanError(f'The URL must have a host, as in http://localhost:7878/query, not "{url}".')
    return url


def mask_secrets(url: str) -> str:
    """Mask the values of URL parameters that may contain secrets.

    >>> mask_secrets("https://example.org/api?access-token=xyz&graph=urn:a")
    'https://example.org/api?access-token=***&graph=urn:a'
    """
    return _SECRET.sub(r"\1***", url)


def is_loopback(url: str) -> bool:
    """Return whether a URL refers to this machine.

    Requests then do not pass a proxy or a network.

    >>> is_loopback("http://[::1]:7878/query"), is_loopback("http://localhost.example.org/")
    (True, False)
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Credentials(NamedTuple):
    """A user name and password, or a token; `repr` hides the secrets.

    >>> Credentials("ada", "lovelace")
    Credentials(user='ada', password='***', token=None)
    """

    user: str | None
    password: str | None
    token: str | None = None

    def __repr__(self) -> str:
        password, token = ("***" if secret is not None else None for secret in (self.password, self.token))
        return f"Credentials(user={self.user!r}, password={password!r}, token={token!r})"


def find_credentials(url: str) -> Credentials | None:
    """Find the credentials for a URL; None if there are none.

    They come from the environment (`JHAAN_STORE_TOKEN`, or `JHAAN_STORE_USER` and `JHAAN_STORE_PASSWORD`), or from
    the entry for the URL's host in the netrc file (environment variable `NETRC`, default `~/.netrc`).

    Raises:
        JhaanError: credentials are incomplete or not valid, or the netrc file cannot be read.
    """
    user, password = os.environ.get("JHAAN_STORE_USER"), os.environ.get("JHAAN_STORE_PASSWORD")
    token = os.environ.get("JHAAN_STORE_TOKEN")
    if token is not None:
        if user is not None or password is not None:
            raise JhaanError(f"Set either {TOKEN}, or {USER} and {PASSWORD}, not both.")
        if not re.fullmatch(r"[!-~]+", token):  # RFC 6750, section 2.1, allows fewer characters
            raise JhaanError(f"{TOKEN} must consist of ASCII characters without spaces.")
        return Credentials(None, None, token)
    if user is None and password is None:
        return netrc_credentials(url)
    if not user or password is None:
        raise JhaanError(f"Set both {USER} and {PASSWORD}.")
    return _usable(Credentials(user, password), f"{USER} or {PASSWORD}")


def netrc_credentials(url: str) -> Credentials | None:
    """Find the credentials for a URL in the netrc file; for errors see `find_credentials`."""
    from netrc import NetrcParseError, netrc

    path = netrc_path()
    try:
        found = netrc(str(path)).authenticators(urlsplit(url).hostname or "")
    except FileNotFoundError:
        if "NETRC" in os.environ:
            raise JhaanError(f"Cannot open {path}: no such file. Correct NETRC.") from None
        return None
    except NetrcParseError as error:  # the message of this exception may contain a password
        raise JhaanError(f"Cannot read {path}: syntax error at line {error.lineno}.") from None
    except OSError as error:
        raise JhaanError(f"Cannot open {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise JhaanError(f"Cannot read {path}: not UTF-8. Save it as UTF-8.") from None
    if found is None or not found[0]:
        return None
    return _usable(Credentials(found[0], found[2] or ""), str(path))


def netrc_path() -> Path:
    """Return the path of the netrc file, which may not exist."""
    return Path(os.environ.get("NETRC") or Path.home() / ".netrc")


def can_ask() -> bool:
    """Return whether a user at a terminal can be prompted."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_for_credentials(url: str) -> Credentials:
    """Prompt for a name and a password at the terminal, without using standard output.

    Raises:
        JhaanError: there is no terminal, or the input is not valid.
    """
    host = urlsplit(url).netloc
    if not can_ask():
        raise JhaanError(f"{host} needs a name and a password. {HOW_TO_GIVE}")
    from getpass import getpass

    sys.stderr.write(f"User for {host}: ")
    sys.stderr.flush()
    user = sys.stdin.readline().strip()
    if not user:
        raise JhaanError(f"Missing user name for {host}.")
    return _usable(Credentials(user, getpass(f"Password of {user}: ", sys.stderr)), "the name or password")


def _usable(credentials: Credentials, source: str) -> Credentials:
    """Check that a name and a password are valid in a header.

    See https://www.rfc-editor.org/rfc/rfc7617#section-2.
    """
    if re.search(r"[\x00-\x1f\x7f]", f"{credentials.user}{credentials.password}"):
        raise JhaanError(f"Control character, such as a line break, in {source}. Remove it.")
    return credentials
