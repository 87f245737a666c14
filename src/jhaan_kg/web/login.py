"""Showing credentials to a server in the way that it asks for: Bearer, Basic or Digest."""

from __future__ import annotations

import re
import sys
import threading
from typing import Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Request, Response
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.web.address import is_loopback
from jhaan_kg.web.credentials import USER, Credentials
from jhaan_kg.web.transport import Transport


class Login:
    """Credentials, and how a server wants to see them.

    A token is shown at once. For a name and a password the server is asked first, with a request that has no body
    and changes nothing (HEAD): one that wants Digest must say a nonce before it can be answered, and a large body
    should travel once only. A server that asks for nothing is shown them by Basic, since it may show more to those
    whom it knows. It is asked at each address anew, since a server may want them in several ways: Virtuoso asks for
    nothing where it takes queries and for Digest where it takes updates, and refuses Basic there without a challenge.
    """

    def __init__(self, credentials: Credentials, transport: Transport) -> None:
        """Begin without knowing how a server wants to see the credentials."""
        self._credentials: Final = credentials
        self._transport: Final = transport
        self._known: Final = threading.local()  # Digest of requests counts its nonces in each thread
        self._warned = False

    def ask(self, url: str, headers: dict[str, str]) -> Response | None:
        """Ask a server how it wants to see the credentials, if that is unknown.

        Args:
            url: where the next request goes.
            headers: those of all requests.

        Returns:
            The answer of a server that doesn't take them, with status 401.

        Raises:
            requests.RequestException: the server can't be asked.
            ServiceError: it wants a kind of Digest that requests doesn't know.
        """
        place = _place(url)
        if self._credentials.token is not None or place in self._auths:
            return None
        digest = self._digest()
        response = self._transport.send(Request("HEAD", place, headers=headers, auth=digest).prepare())
        wanted = _schemes_of(response)
        if "digest" in wanted:
            response = self._answered(digest, response)
        if response.status_code == 401 and not ("basic" in wanted and "digest" not in wanted):
            return response
        response.close()
        self._auths[place] = digest if "digest" in wanted else self._basic()
        return None

    def auth(self, url: str) -> AuthBase | None:
        """Give what adds the credentials to a request for an address, once the server has been asked."""
        token = self._credentials.token
        found = self._auths.get(_place(url)) if token is None else _Bearer(token)
        if not isinstance(found, HTTPDigestAuth):
            self._warn(url)
        return found

    def answer(self, response: Response) -> Response | None:
        """Send the request of a refusal once more, with the answer to its challenge if that is one of Digest.

        Args:
            response: the refusal, with status 401; the body of its request must be unread.

        Returns:
            What the server says then, or None if there is no such challenge.
        """
        if self._credentials.token is not None or "digest" not in _schemes_of(response):
            return None
        digest = self._auths[_place(str(response.request.url))] = self._digest()
        digest(response.request)
        return self._answered(digest, response)

    def _answered(self, digest: HTTPDigestAuth, response: Response) -> Response:
        settings = self._transport.settings(str(response.request.url))
        answered: Response = digest.handle_401(response, **settings)  # type: ignore[no-untyped-call]
        return answered

    @property
    def _auths(self) -> dict[str, AuthBase]:
        """What this thread knows, by address."""
        if not hasattr(self._known, "auths"):
            self._known.auths = {}
        auths: dict[str, AuthBase] = self._known.auths
        return auths

    def _digest(self) -> HTTPDigestAuth:
        return _Digest(self._credentials.user or "", self._credentials.password or "")

    def _basic(self) -> HTTPBasicAuth:
        user, password = self._credentials.user or "", self._credentials.password or ""
        if ":" in user:
            raise JhaanError(f"{user!r}: Basic authentication knows no user with a colon. Check {USER}.")
        return HTTPBasicAuth(user.encode(), password.encode())  # requests would write ISO 8859-1

    def _warn(self, url: str) -> None:
        if self._warned or urlsplit(url).scheme == "https" or is_loopback(url):
            return
        self._warned = True
        print(  # noqa: T201 - whoever sends a secret must hear of it, from the command line and from Python
            f"jhaan: warning: {urlsplit(url).netloc} is asked over http, so that others on the network can read "
            "the credentials. Use https:// if it can.",
            file=sys.stderr,
        )


def _place(url: str) -> str:
    """Give an address without what is asked there."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


class _Bearer(AuthBase):
    """A token (https://www.rfc-editor.org/rfc/rfc6750#section-2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Digest(HTTPDigestAuth):
    """Digest (https://www.rfc-editor.org/rfc/rfc7616) that says so where it can't answer a challenge."""

    def build_digest_header(self, method: str, url: str) -> str:
        """Give the header; names go out in UTF-8."""
        header: str | None = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        if header is None:
            raise ServiceError(
                f"{urlsplit(url).netloc} wants a kind of Digest authentication that this program doesn't know. "
                "Ask those who run it for MD5, SHA-256 or SHA-512 with qop=auth."
            )
        return header.encode().decode("latin-1")


def schemes(challenge: str) -> set[str]:
    """Give the names of the schemes in `WWW-Authenticate` (https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).

    >>> sorted(schemes('Basic realm="a, b", Digest nonce="x", qop="auth", Negotiate'))
    ['basic', 'digest', 'negotiate']
    """
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', challenge)
    return {name.lower() for name in re.findall(r"(?:^|,)\s*([A-Za-z][\w.-]*)(?=\s+[^=\s,]|\s*,|\s*$)", bare)}


def _schemes_of(response: Response) -> set[str]:
    return schemes(response.headers.get("WWW-Authenticate", "")) if response.status_code == 401 else set()
