"""Representations of resources (RFC 9110, section 3.2): their media types, parameters and errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from pyoxigraph import NamedNode

HTML: Final = "text/html"
"""The media type of pages."""

SVG: Final = "image/svg+xml"

_MOST_PARAMETERS: Final = 1000
_LONGEST_ACCEPT: Final = 1000
"""The number of characters of the header Accept that are read; browsers send some 200."""


class HttpStatusError(Exception):
    """An error with an HTTP status code.

    Attributes:
        status: the status code.
        message: the problem and the remedy.
        headers: additional headers of the response.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.status, self.message, self.headers = status, message, dict(headers)
        super().__init__(status, message, self.headers)  # all arguments, so that it can be pickled


class Representation(NamedTuple):
    """A representation of a resource.

    Attributes:
        media: the media type.
        path: the path of this representation, with the suffix of the format.
        data: the content in bytes; the same for the same release.
    """

    media: str
    path: str
    data: bytes


class Suffixes(dict[str, str]):
    """Media types by the suffix of a path, default first."""

    def split(self, path: str) -> tuple[str, str]:
        """Split a path into the path without suffix, and the suffix.

        >>> Suffixes({".ttl": "text/turtle"}).split("id/agency/fra.ttl")
        ('id/agency/fra', '.ttl')
        """
        suffix = next((suffix for suffix in self if path.endswith(suffix)), "")
        return path.removesuffix(suffix), suffix

    def choose(self, suffix: str, accept: str) -> tuple[str, str]:
        """Choose a media type and its suffix.

        Args:
            suffix: the suffix of the path; empty to use the header Accept.
            accept: the header Accept; empty if it is missing.

        Raises:
            HttpStatusError: the client accepts none of the media types (406).
        """
        media = self[suffix] if suffix else negotiate(accept, self.values())
        return media, suffix or next(suffix for suffix, of in self.items() if of == media)


def negotiate(accept: str, offered: Iterable[str]) -> str:
    """Choose the media type of an answer (RFC 9110, section 12.5.1).

    Args:
        accept: the header Accept; empty if it is missing.
        offered: media types, default first.

    Raises:
        HttpStatusError: the client accepts none of them (406).

    >>> negotiate("text/*;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    """
    offered = tuple(offered)
    if not (chosen := choose(accept, offered)):
        raise HttpStatusError(406, f'Not available as "{accept[:200]}". Accept one of: {", ".join(offered)}.')
    return chosen


def choose(accept: str, offered: tuple[str, ...]) -> str:
    """Choose as `negotiate` does; return an empty text if the client accepts nothing of what is offered.

    >>> choose("text/csv;q=0, */*", ("text/csv", "application/json"))
    'application/json'
    """
    return _choose(accept[:_LONGEST_ACCEPT], offered)


@lru_cache(1000)
def _choose(accept: str, offered: tuple[str, ...]) -> str:
    if not accept.strip():
        return offered[0]
    # Imported here because the static site has no header Accept.
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    return parse_accept_header(accept, MIMEAccept).best_match(offered) or ""


def parse_parameters(encoded: bytes) -> dict[str, list[str]]:
    """Parse parameters in the encoding of HTML forms.

    Args:
        encoded: the query string of a URL, or the body of a form.

    Raises:
        HttpStatusError: there are too many, or they are not UTF-8 (400).

    >>> parse_parameters(b"a=1&b&a=%2B")
    {'a': ['1', '+'], 'b': ['']}
    """
    try:
        text = encoded.decode()
        found = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeError:
        raise HttpStatusError(400, "Parameters must be in UTF-8.") from None
    except ValueError:
        raise HttpStatusError(400, f"A request must have at most {_MOST_PARAMETERS:,} parameters.") from None
    if "\0" in text or "%00" in text:
        raise HttpStatusError(400, "Parameters must not contain the character U+0000.")
    return found


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI.

    >>> is_iri("urn:a"), is_iri("urn:a> <urn:b"), is_iri("a")
    (True, False, False)
    """
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
