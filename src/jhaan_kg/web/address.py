"""Addresses of services."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from jhaan_kg.errors import JhaanError

_SECRET: Final = re.compile(r"(?i)([?&][^=&#]*(?:token|key|secret|passw|pwd|auth)[^=&#]*=)[^&#]+")


def checked_url(url: str) -> str:
    """Make sure that an address may be one of an endpoint.

    Raises:
        JhaanError: it is not.

    >>> checked_url("file:///etc/passwd")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: file:///etc/passwd: an endpoint's address begins with http:// or https://.
    """
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise JhaanError(
            f"{url!r} is no address: it has spaces or other letters than those of ASCII. Encode them."
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise JhaanError(f"{url}: this is no address: {error}.") from None
    if parts.scheme not in ("http", "https"):
        raise JhaanError(f"{url}: an endpoint's address begins with http:// or https://.")
    if parts.username is not None:
        raise JhaanError(
            "The address has a name or password in it, where others can read it. Give it without, and set "
            "JHAAN_STORE_USER and JHAAN_STORE_PASSWORD, or write them into ~/.netrc."
        )
    if not parts.hostname:
        raise JhaanError(f"{url}: this address names no host, as in http://localhost:7878/query.")
    return url


def shown(url: str) -> str:
    """Give an address as it may be shown: without the values of parameters that may be secrets.

    >>> shown("https://example.org/api?access-token=xyz&graph=urn:a")
    'https://example.org/api?access-token=***&graph=urn:a'
    """
    return _SECRET.sub(r"\1***", url)


def is_loopback(url: str) -> bool:
    """Tell whether an address is one of this machine, which no proxy and nobody on a network sees.

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
