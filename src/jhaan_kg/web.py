"""Requests to triple stores: credentials, time limits, and errors that state the cause and the remedy."""

from __future__ import annotations

import os
import re
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3.util import Retry

from jhaan_kg import __version__
from jhaan_kg.errors import STEERING, JhaanError, ServiceError

USER: Final = "JHAAN_STORE_USER"
"""The environment variable for the user name."""

PASSWORD: Final = "JHAAN_STORE_PASSWORD"  # noqa: S105 - the name of a variable
"""The environment variable for the password."""

TOKEN: Final = "JHAAN_STORE_TOKEN"  # noqa: S105 - the name of a variable
"""The environment variable for a token, which is used instead of a name and a password."""

RETRIES: Final = Retry(
    total=2,
    connect=False,
    read=False,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=None,
    backoff_factor=1,
    respect_retry_after_header=False,  # a server may ask to wait for hours
    raise_on_status=False,
)
"""The policy for status codes of temporary failures. All requests of this program can be repeated."""

_PIECE: Final = 1 << 16
_MOST_QUOTED: Final = 300
"""The maximum number of characters of the server's message in an error message."""

_SECRET: Final = re.compile(r"(?i)([?&][^=&#]*(?:token|key|secret|passw|pwd|auth)[^=&#]*=)[^&#]+")
_LOGIN: Final = f"Set {USER} and {PASSWORD}, or {TOKEN}, or add the host to ~/.netrc."
_ADVICE: Final = {
    400: "Check the request.",
    401: _LOGIN,
    403: f"Ask the operator for access. {_LOGIN}",
    404: "Check the URL.",
    405: "Check the URL: it does not allow such requests.",
    413: "Raise the limit of the server for the size of requests.",
    415: "Check the URL: it does not accept such data.",
    429: "The server is busy. Try again later.",
    507: "The server has no disk space left. Free some.",
}
_Result = TypeVar("_Result")


class HttpRequestError(ServiceError):
    """A request failed; `status` is the status code, or 0 if there was no response."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Credentials(NamedTuple):
    """A user name and password, or a token; `repr` hides the secrets.

    >>> Credentials("ada", "lovelace")
    Credentials(user='ada', ***)
    """

    user: str
    password: str
    token: str = ""

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r}, ***)"


class HttpClient:
    """Client that sends requests to a service over one session, without cookies and redirects."""

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        timeout: float,
        service: str = "store",
        advice: Mapping[int, str] | None = None,
    ) -> None:
        """Configure a client without sending requests.

        Args:
            credentials: the credentials for the service.
            timeout: the time limit in seconds for the start of a response, and again for its body.
            service: the noun for the service in messages.
            advice: the remedies for status codes that replace the default ones.

        Raises:
            JhaanError: the timeout is not positive.
        """
        if not timeout > 0:
            raise JhaanError(f"The time limit must be above 0 seconds, not {timeout:g}.")
        self._credentials: Final = credentials
        self._timeout: Final = timeout
        self._service: Final = service
        self._advice: Final = {**_ADVICE, **(advice or {})}
        self._logins: Final[dict[str, AuthBase]] = {}
        self._session: Final = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # In a compressed response, Content-Length is not the size of the content.
        self._session.headers.update({"User-Agent": f"jhaan-kg/{__version__}", "Accept-Encoding": "identity"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=RETRIES))

    @contextmanager
    def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Iterator[requests.Response]:
        """Send a request, and yield the successful response with its unread body.

        If the request has a header `Accept`, the response must have one of its media types.

        Raises:
            JhaanError: the URL is not valid.
            HttpRequestError: any other failure.
        """
        with self._request(method, check_url(url), headers or {}, body, self._login(url)) as response:
            status, accept = response.status_code, (headers or {}).get("Accept", "")
            if 300 <= status < 400:
                target = mask_secrets(response.headers.get("Location", "an unknown URL"))
                raise self.error(url, f"redirects to {target}", "If you trust that URL, use it.", status)
            if not 200 <= status < 300:
                raise self._refusal(url, response)
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if accept and media_type not in re.split(r"[\s,;]+", accept):
                what = f'answered with "{media_type}" instead of {accept.partition(",")[0]}'
                raise self.error(url, what, "Check the URL: the endpoint may have another one.", status)
            yield response

    def chunks(self, response: requests.Response, limit: int | None = None) -> Iterator[bytes]:
        """Yield the body of a response as it arrives.

        Raises:
            HttpRequestError: the body is larger than the limit, too slow, or incomplete.
        """
        url, size, end = str(response.request.url), 0, time.monotonic() + self._timeout
        try:
            while piece := response.raw.read1(_PIECE, decode_content=True):
                size += len(piece)
                if limit is not None and size > limit:
                    raise self.error(url, f"sent more than {limit:,} bytes", "Ask for less.")
                if time.monotonic() > end:
                    raise TimeoutError
                yield piece
        except (urllib3.HTTPError, OSError) as error:
            raise self._fault(url, error) from None

    def error(self, url: str, what: str, advice: str, status: int = 0) -> HttpRequestError:
        """Return an error with a message in which secrets are masked.

        Args:
            url: the URL of the request.
            what: the predicate of a sentence about the service.
            advice: the remedy.
            status: the status code of the response; 0 if there was no response.
        """
        text = f"The {self._service} {mask_secrets(url)} {what.rstrip('.')}. {advice}"
        user, password, token = self._credentials or ("", "", "")
        for secret in (b64encode(f"{user}:{password}".encode()).decode(), password, token):
            text = text.replace(secret, "***") if secret else text
        return HttpRequestError(text, status)

    def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, login: AuthBase | None
    ) -> requests.Response:
        try:
            return self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                auth=login,
                stream=True,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except (requests.RequestException, urllib3.HTTPError) as error:
            raise self._fault(url, error) from None
        except OSError as error:  # requests does not wrap the error for a missing file of certificates
            raise JhaanError(f"{error}. Correct or unset REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE.") from None

    def _login(self, url: str) -> AuthBase | None:
        """Return the authentication for a request to a URL; None if there are no credentials.

        For a name and a password, a first request without a body and without credentials determines the scheme. So
        large bodies are not sent twice, and passwords are not sent in plain text to servers that support Digest.
        """
        if self._credentials is None:
            return None
        place = url.partition("?")[0]
        if place not in self._logins:
            user, password, token = self._credentials
            challenge = ""
            if not token:
                with self._request("HEAD", place, {}, None, _Anonymous()) as response:
                    challenge = response.headers.get("WWW-Authenticate", "")
            # requests encodes strings in ISO 8859-1, so pass bytes in UTF-8.
            login: AuthBase = _Token(token) if token else HTTPBasicAuth(user.encode(), password.encode())
            is_digest = bool(re.search(r"(?i)(^|,\s*)digest\b", challenge))
            if not is_digest and urlsplit(url).scheme == "http" and not _is_loopback(url):
                host = urlsplit(url).netloc
                print(  # noqa: T201 - users must be warned, on the command line and in Python
                    f"jhaan: warning: others on the network can read the credentials for {host}. Use https://.",
                    file=sys.stderr,
                )
            if is_digest:
                login = HTTPDigestAuth(user, password)
                with self._request("HEAD", place, {}, None, login):  # so that it knows the challenge
                    pass
            self._logins[place] = login
        return self._logins[place]

    def _refusal(self, url: str, response: requests.Response) -> HttpRequestError:
        """Return the error for an unsuccessful response, with the first part of the server's message."""
        status, said = response.status_code, b""
        if re.match(r"text/(?!html)|application/(.+\+)?json", response.headers.get("Content-Type", "")):
            for piece in self.chunks(response):
                said += piece
                if len(said) > _MOST_QUOTED:
                    break
        advice = self._advice.get(status, "Try again later. If the error stays, contact the operator.")
        if status == 401 and self._credentials is not None:
            advice = f"The credentials are not accepted. Check {USER} and {PASSWORD}, {TOKEN}, or ~/.netrc."
        quoted = one_line(said.decode(errors="replace"))
        return self.error(url, f"answered with status {status}{quoted and f': {quoted}'}", advice, status)

    def _fault(self, url: str, error: Exception) -> HttpRequestError:
        """Return an error with the reason for a missing or incomplete response."""
        causes = list(_unwrap(error))

        def has(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        strings = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
        why = strings[-1] if strings else type(causes[-1]).__name__
        if has(requests.exceptions.ProxyError, urllib3.ProxyError):
            advice = "Check HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY."
            return self.error(url, f"cannot be reached through the proxy ({why})", advice)
        if has(requests.exceptions.SSLError, urllib3.SSLError):
            advice = (
                "Check the URL. If the certificate is right, set REQUESTS_CA_BUNDLE to that of its issuer."
            )
            return self.error(url, f"cannot be reached securely ({why})", advice)
        if has(urllib3.NewConnectionError):
            return self.error(
                url, f"cannot be reached ({why})", "Check the URL and that the server is running."
            )
        if has(TimeoutError, urllib3.TimeoutError):
            what = f"did not answer within {self._timeout:g} seconds"
            return self.error(url, what, "Ask for less, or increase the time limit.")
        return self.error(url, f"sent an incomplete answer, or none ({why})", "Check the URL, and try again.")


class _Anonymous(AuthBase):
    """Authentication without credentials, also if the netrc file has some."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


class _Token(AuthBase):
    """Authentication by a bearer token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        r.headers["Authorization"] = f"Bearer {self._token}"
        return r


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
        raise JhaanError(f"The URL must not contain a name or password. {_LOGIN}")
    if not parts.hostname:
        raise JhaanError(f'The URL must have a host, as in http://localhost:7878/query, not "{url}".')
    return url


def mask_secrets(url: str) -> str:
    """Mask the values of URL parameters that may contain secrets.

    >>> mask_secrets("https://example.org/api?access-token=xyz&graph=urn:a")
    'https://example.org/api?access-token=***&graph=urn:a'
    """
    return _SECRET.sub(r"\1***", url)


def one_line(text: str) -> str:
    """Return the first part of an external text on one line, without control characters."""
    words = " ".join(STEERING.sub(" ", text).split())
    return words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}…"


def find_credentials(url: str) -> Credentials | None:
    """Find the credentials for a URL in the environment or the netrc file; None if there are none.

    Raises:
        JhaanError: the variables of the environment are incomplete or contradict each other.
    """
    user, password = os.environ.get("JHAAN_STORE_USER"), os.environ.get("JHAAN_STORE_PASSWORD")
    token = os.environ.get("JHAAN_STORE_TOKEN")
    if token is not None:
        if user is not None or password is not None:
            raise JhaanError(f"Set either {TOKEN}, or {USER} and {PASSWORD}, not both.")
        return _usable(Credentials("", "", token), TOKEN)
    if user is None and password is None:
        found = requests.utils.get_netrc_auth(url)
        return _usable(Credentials(*found), "the netrc file") if found else None
    if not user or password is None:
        raise JhaanError(f"Set both {USER} and {PASSWORD}.")
    return _usable(Credentials(user, password), f"{USER} or {PASSWORD}")


def with_credentials(url: str, work: Callable[[Credentials | None], _Result]) -> _Result:
    """Call a function with the credentials for a URL.

    If they are required but not set, prompt the user at the terminal, and call the function again.

    Raises:
        JhaanError: the URL or the credentials are not valid, or `work` raises the error.
    """
    found = find_credentials(check_url(url))
    try:
        return work(found)
    except HttpRequestError as error:
        if error.status != 401 or found is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
    return work(ask_for_credentials(urlsplit(url).netloc))


def ask_for_credentials(host: str) -> Credentials:
    """Prompt for a name and a password at the terminal, without using standard output.

    Raises:
        JhaanError: the input is not valid.
    """
    from getpass import getpass

    print(f"User for {host}: ", end="", file=sys.stderr, flush=True)  # noqa: T201
    user = sys.stdin.readline().strip()
    if not user:
        raise JhaanError(f"Missing user name for {host}.")
    return _usable(Credentials(user, getpass(f"Password of {user}: ", sys.stderr)), "the name or password")


def _usable(credentials: Credentials, source: str) -> Credentials:
    """Check that credentials are valid in a header (https://www.rfc-editor.org/rfc/rfc7617#section-2)."""
    if re.search(r"[\x00-\x1f\x7f]", "".join(credentials)):
        raise JhaanError(f"Control character, such as a line break, in {source}. Remove it.")
    return credentials


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _unwrap(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """Yield an exception and those that it wraps; requests and urllib3 use different attributes for them."""
    yield error
    inner: list[Any] = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
    for cause in inner if depth else ():
        if isinstance(cause, BaseException):
            yield from _unwrap(cause, depth - 1)
