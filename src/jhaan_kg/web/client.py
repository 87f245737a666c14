"""HTTP client for services.

It returns complete responses, or raises errors that state the reason.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.client import BadStatusLine, HTTPException, RemoteDisconnected
from http.client import IncompleteRead as IncompleteBody
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Self, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as urllib3
from requests import PreparedRequest, Response
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from urllib3.util import Retry

from jhaan_kg import __version__
from jhaan_kg.errors import STEERING, JhaanError, ServiceError
from jhaan_kg.web.connections import TimedAdapter, within
from jhaan_kg.web.credentials import (
    HOW_TO_GIVE,
    PASSWORD,
    TOKEN,
    USER,
    Credentials,
    ask_for_credentials,
    can_ask,
    check_url,
    find_credentials,
    is_loopback,
    mask_secrets,
)
from jhaan_kg.web.request import Body, HttpRequest

BACKOFF: Final = 1.0
"""The backoff factor in seconds.

The second attempt follows at once, and the third after twice this time.
"""

LONGEST_PAUSE: Final = 20.0
"""The maximum time in seconds in Retry-After.

If a server requests more, the client does not try again.
"""

_ATTEMPTS: Final = 3
_PIECE: Final = 1 << 16
_LARGE: Final = 1 << 20
"""The size in bytes of large request bodies.

The error message for a broken connection mentions the size of such a body.
"""

_MOST_QUOTED: Final = 300
"""The maximum number of characters of the server's message in an error message."""

_ADVICE: Final = {
    403: "Access is denied.",
    404: "Check the URL.",
    405: "This URL does not allow such requests. Check it.",
    407: "The proxy needs a name and a password. Set them in HTTPS_PROXY or HTTP_PROXY.",
    408: "Ask for less, or try again later.",
    413: "The request is too long. Raise the limit of the server, or send less at once.",
    415: "This URL does not accept such data. Check it.",
    429: "The server is busy. Try again later.",
    502: "The server behind the proxy does not answer. Try again later.",
    503: "The server is not available. Try again later.",
    504: "Ask for less, or try again later.",
    507: "The server has no disk space left. Free some.",
}
_PASSING: Final = frozenset({429, 502, 503, 504})
"""Status codes of temporary failures, after which a request is repeated."""

_Kinds: TypeAlias = type[Exception] | tuple[type[Exception], ...]
_BROKEN: Final = "closed the connection ({why})"
_FAULTS: Final[tuple[tuple[_Kinds, str, str], ...]] = (
    (
        requests.exceptions.ProxyError,
        "Cannot connect to @ through the proxy ({why})",
        "Check HTTPS_PROXY or HTTP_PROXY, or add the host to NO_PROXY.",
    ),
    (
        ssl.SSLCertVerificationError,
        "has a certificate that is not trusted ({why})",
        "Check the URL. If the certificate is right, set SSL_CERT_FILE to the certificate of its issuer.",
    ),
    (
        urllib3.NewConnectionError,
        "Cannot connect to @ ({why})",
        "Check the URL and that the server is running.",
    ),
    (
        (TimeoutError, urllib3.TimeoutError),
        "did not answer within {timeout:g} seconds",
        "Ask for less, or increase the time limit.",
    ),
    (
        ssl.SSLError,
        "Cannot connect to @ securely ({why})",
        "Check the URL: it may need http://.",
    ),
    ((IncompleteBody, urllib3.IncompleteRead), "sent an incomplete answer", "Try again."),
    (RemoteDisconnected, _BROKEN, "Try again."),
    (
        BadStatusLine,
        "does not answer in HTTP ({why})",
        "Check the URL and its port: another service may use it.",
    ),
    (Exception, _BROKEN, "Try again."),
)
"""Types of exceptions with descriptions and remedies, most specific first.

@ stands for the URL.
"""

_Result = TypeVar("_Result")


class HttpRequestError(ServiceError):
    """A request failed; `status` is the status code, or 0 if there was no response."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class HttpResponse:
    """A successful response with an unread body.

    Attributes:
        status: the status code, from 200 to 299.
        headers: the headers, with case-insensitive names.
        media_type: the media type in lower case, without parameters; empty if missing.
        ends: whether the length or the end of the body is marked; otherwise, a truncated body looks complete.
    """

    def __init__(self, response: Response, client: HttpClient, url: str) -> None:
        self.status: Final = response.status_code
        self.headers: Final[Mapping[str, str]] = response.headers
        self.media_type: Final = _media_type(response)
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
        self.ends: Final = chunked or "Content-Length" in response.headers or self.status == 204
        self._response, self._client, self._url = response, client, url

    def read(self, limit: int) -> bytes:
        """Return the body.

        Raises:
            HttpRequestError: the body is larger than the limit, too slow, or incomplete.
        """
        return b"".join(self.chunks(limit))

    def chunks(self, limit: int | None = None) -> Iterator[bytes]:
        """Yield the body as it arrives; for errors see `read`."""
        raw, size = self._response.raw, 0
        try:
            with within(self._client.timeout, raw.shutdown):
                while piece := raw.read1(_PIECE, decode_content=True):
                    size += len(piece)
                    if limit is not None and size > limit:
                        break
                    yield piece
        except (urllib3.HTTPError, OSError) as error:
            raise self._client.fault(self._url, error) from None
        if limit is not None and size > limit:
            raise self._client.error(self._url, f"sent more than {limit:,} bytes", "Check the URL.")


class HttpClient:
    """Thread-safe client that sends requests to services.

    It stores no cookies and does not follow redirects. It repeats requests after temporary failures, so they must be
    idempotent.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        timeout: float,
        service: str = "store",
        advice: Mapping[int, str] | None = None,
    ) -> None:
        """Configure a client without sending requests.

        Args:
            credentials: the credentials for the services.
            timeout: the time limit in seconds for the start of a response, and again for its body.
            service: the noun for the service in messages.
            advice: the remedies for status codes that replace the default ones.

        Raises:
            JhaanError: the timeout is not positive.
        """
        if not timeout > 0:
            raise JhaanError(f"The time limit must be above 0 seconds, not {timeout:g}.")
        self.timeout: Final = timeout
        self._credentials: Final = credentials
        self._service: Final = service
        self._advice: Final = {**_ADVICE, **(advice or {})}
        self._auths: Final[dict[str, _Password]] = {}
        self._session: Final = _Session()

    @contextmanager
    def send(self, request: HttpRequest) -> Iterator[HttpResponse]:
        """Send a request.

        Yields:
            The response, with a status from 200 to 299 and a media type that the request accepts.

        Raises:
            JhaanError: the URL is not valid, or the size of the body differs from the stated size.
            HttpRequestError: any other failure.
        """
        check_url(request.url)
        response = self._answer(request, self._auth(request.url))
        with response:
            if not 200 <= response.status_code < 300:
                raise self._refusal(response)
            accept = next((value for name, value in request.headers.items() if name.lower() == "accept"), "")
            accepted = [one.partition(";")[0].strip().lower() for one in accept.split(",") if one.strip()]
            media_type = _media_type(response)
            if accepted and not {"*/*", media_type} & set(accepted) and response.status_code != 204:
                kinds = {"": "no media type", "text/html": "a web page (text/html)"}
                raise self.error(
                    request.url,
                    f"answered with {kinds.get(media_type, one_line(media_type))} instead of {accepted[0]}",
                    "Check the URL: the endpoint may have another one.",
                    response.status_code,
                )
            found = HttpResponse(response, self, request.url)
            yield found
            left = response.raw.length_remaining
            if left is not None and left <= _PIECE:  # read the rest, so that the connection can be reused
                with suppress(HttpRequestError):
                    found.read(_PIECE)

    def error(self, url: str, what: str, advice: str, status: int = 0) -> HttpRequestError:
        """Return an error with a message in which secrets are masked.

        Args:
            url: the URL of the request.
            what: the predicate of a sentence about the service, or a whole sentence with @ for the URL.
            advice: the remedy.
            status: the status code of the response; 0 if there was no response.
        """
        place = mask_secrets(url)
        cause = what.replace("@", place, 1) if what[:1].isupper() else f"The {self._service} {place} {what}"
        text = f"{cause if cause.endswith(('?', '!')) else cause.rstrip('.') + '.'} {advice}"
        user, password, token = self._credentials or (None, None, None)
        for secret in (b64encode(f"{user}:{password}".encode()).decode(), password, token):
            text = text.replace(secret, "***") if secret else text
        return HttpRequestError(text, status)

    def fault(self, url: str, error: Exception, body: bytes | Body | None = None) -> HttpRequestError:
        """Return an error with the reason for a missing or incomplete response."""
        causes = list(_unwrap(error))
        what, advice = next(
            (what, advice)
            for kinds, what, advice in _FAULTS
            if any(isinstance(cause, kinds) for cause in causes)
        )
        if what == _BROKEN and body is not None and len(body) >= _LARGE:
            what = _BROKEN.replace("connection", f"connection while receiving {len(body) / 1e6:.1f} MB")
            advice = "Try again. If the error stays, send less at once."
        return self.error(url, what.format(why=_find_reason(causes), timeout=self.timeout), advice)

    def _answer(self, request: HttpRequest, auth: _Auth) -> Response:
        method, url, headers, body = request
        try:
            return self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                auth=auth,
                stream=True,
                timeout=self.timeout,
                allow_redirects=False,
                # Connect to services on this machine directly, even if the environment sets a proxy.
                proxies=dict.fromkeys(("http", "https", "all")) if is_loopback(url) else None,  # type: ignore[arg-type]
            )
        except (requests.RequestException, urllib3.HTTPError) as error:
            raise self.fault(url, error, body) from None
        except OSError:  # the only exception that requests does not wrap
            bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
            raise JhaanError(
                f"Cannot open {bundle}: no certificates. Correct or unset REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE."
            ) from None

    def _auth(self, url: str) -> _Auth:
        """Return the authentication for a request to a URL.

        A token is sent at once. For a name and a password, a first request without a body determines the scheme. So
        large bodies are not sent twice, and passwords are not sent in plain text to servers that support Digest.
        """
        if self._credentials is None:
            # Without an authentication function, Requests would use the netrc file.
            return lambda request: request
        place, token = urlsplit(url)._replace(query="", fragment="").geturl(), self._credentials.token
        if token is not None:
            self._warn(url)
            return partial(_show_token, token)
        if place not in self._auths:
            auth = _Password(self._credentials)
            with self._answer(HttpRequest("HEAD", place), auth) as response:
                wanted = _schemes_of(response.history[0] if response.history else response)
                if response.status_code == 401 and ("digest" in wanted or "basic" not in wanted):
                    raise self._refusal(response)
            if "digest" not in wanted:
                self._warn(url)
                auth.show_by_basic()
            self._auths[place] = auth
        return self._auths[place]

    def _warn(self, url: str) -> None:
        if self._session.warned or urlsplit(url).scheme == "https" or is_loopback(url):
            return
        self._session.warned = True
        print(  # noqa: T201 - users must be warned, on the command line and in Python
            f"jhaan: warning: others on the network can read the credentials for {urlsplit(url).netloc}. "
            "Use https:// if possible.",
            file=sys.stderr,
        )

    def _refusal(self, response: Response) -> HttpRequestError:
        """Return the error for an unsuccessful response, with the first part of the server's message."""
        url, status = str(response.request.url), response.status_code
        if 300 <= status < 400:
            place = mask_secrets(one_line(response.headers.get("Location", "an unknown URL")))
            return self.error(url, f"redirects to {place}", "If you trust that URL, use it instead.", status)
        said, media_type = b"", _media_type(response)
        is_text = media_type.startswith("text/") and media_type != "text/html"
        if is_text or re.fullmatch(r"application/(.+\+)?json", media_type):
            with suppress(HttpRequestError):
                for piece in HttpResponse(response, self, url).chunks():
                    said += piece
                    if len(said) >= 4 * _MOST_QUOTED:
                        break
        quoted = one_line(said[: 4 * _MOST_QUOTED].decode(_encoding(response), errors="replace"))
        advice = self._advice.get(status, "Try again later. If the error stays, contact the operator.")
        user = self._credentials.user if self._credentials else None
        who = f'user "{user}"' if user is not None else "this token"
        if status == 401:
            advice = self._on_401(_schemes_of(response), who)
        elif status == 403:
            more = f"Ask the operator about the rights of {who}."
            advice += f" {more if self._credentials else HOW_TO_GIVE}"
        if wait := response.headers.get("Retry-After", ""):
            advice += f" Retry after: {one_line(wait)} (seconds, or a time)."
        return self.error(
            url, f"answered with status {status}{f': {quoted}' if quoted else ''}", advice, status
        )

    def _on_401(self, wanted: set[str], who: str) -> str:
        if wanted and not wanted & {"basic", "digest", "bearer"}:
            return f"It needs {' or '.join(sorted(wanted))} authentication, which jhaan does not support."
        if self._credentials and self._credentials.token is not None:
            return f"The token is not accepted. Check {TOKEN}."
        if wanted == {"bearer"}:
            return f"It needs a token{' instead of a password' if self._credentials else ''}. Set {TOKEN}."
        if self._credentials is None:
            return f"It needs a name and a password. {HOW_TO_GIVE}"
        return f"The password of {who} is not accepted. Check {USER} and {PASSWORD}, or ~/.netrc."


def with_credentials(url: str, work: Callable[[Credentials | None], _Result]) -> _Result:
    """Call a function with the credentials for a URL.

    If they are required but not set, prompt the user.

    Args:
        url: the URL.
        work: function that receives the credentials: first those of the environment or the netrc file, and in a
            second call those entered by the user.

    Raises:
        JhaanError: the URL or the credentials are not valid, or `work` raises the error.
    """
    found = find_credentials(check_url(url))
    try:
        return work(found)
    except HttpRequestError as error:
        if error.status != 401 or found is not None or not can_ask():
            raise
    return work(ask_for_credentials(url))


def one_line(text: str) -> str:
    """Return the first part of an external text on one line, without control characters."""
    words = " ".join(STEERING.sub(" ", text).split())
    return words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}…"


# --- settings for requests ----------------------------------------------------------------------------------------


class _Session(requests.Session):
    """A session without cookies, with the system's certificates.

    The environment may set other certificates.
    """

    warned = False

    def __init__(self) -> None:
        super().__init__()
        self.headers.clear()
        self.headers["User-Agent"] = f"jhaan-kg/{__version__}"
        # In a compressed response, Content-Length is not the size of the content.
        self.headers["Accept-Encoding"] = "identity"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        paths = ssl.get_default_verify_paths()
        self.verify = paths.cafile or paths.capath or True
        retries = _Retry(
            _ATTEMPTS - 1,
            allowed_methods=None,
            status_forcelist=_PASSING,
            backoff_factor=BACKOFF,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, TimedAdapter(max_retries=retries))

    def get_redirect_target(self, resp: Response) -> None:
        """Return None.

        Otherwise, Requests would read the whole body of a redirect even if it does not follow it.
        """


class _Retry(Retry):
    """Retries after temporary failures.

    These are broken connections, and status codes without a long Retry-After.
    """

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> Self:
        if error is not None and not isinstance(error, urllib3.ProtocolError):
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_PAUSE:
            raise urllib3.MaxRetryError(_pool, url or "")
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        if response is not None:
            _give_up_body(response)
        return left

    def get_retry_after(self, response: Any) -> float | None:
        with suppress(urllib3.InvalidHeader, ValueError, OverflowError):
            return super().get_retry_after(response)
        return None


_Auth = Callable[[PreparedRequest], PreparedRequest]


def _show_token(token: str, request: PreparedRequest) -> PreparedRequest:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


class _Password(HTTPDigestAuth):
    """Authentication with a name and a password.

    It uses the Digest scheme if the server requests it, and otherwise the Basic scheme.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._user, self._password = credentials.user or "", credentials.password or ""
        super().__init__(self._user, self._password)
        self._basic: HTTPBasicAuth | None = None

    def show_by_basic(self) -> None:
        if ":" in self._user:
            raise JhaanError(f'The user name must not contain a colon: "{self._user}". Check {USER}.')
        # requests encodes str in ISO 8859-1, so pass bytes in UTF-8.
        self._basic = HTTPBasicAuth(self._user.encode(), self._password.encode())

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        if self._basic:
            self._basic(r)
        return cast(PreparedRequest, super().__call__(r))  # type: ignore[no-untyped-call]

    def handle_401(self, r: Response, **kwargs: Any) -> Response:
        # requests mistakes any challenge that contains the word "digest" for the Digest scheme.
        if "digest" not in _schemes_of(r):
            return r
        if _give_up_body(r.raw):
            r._content = b""
        return cast(Response, super().handle_401(r, **kwargs))  # type: ignore[no-untyped-call]

    def build_digest_header(self, method: str, url: str) -> str:
        header: str | None = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        if header is None:
            raise ServiceError(
                f"{urlsplit(url).netloc} needs a type of Digest authentication that jhaan does not support. "
                "Ask the operator for MD5, SHA-256 or SHA-512 with qop=auth."
            )
        # http.client encodes headers in Latin-1, and names must be sent in UTF-8.
        return header.encode().decode("latin-1")


def _give_up_body(raw: Any) -> bool:
    """Return whether a response has an unread body, and if so, close its connection.

    The body is then not read to the end.
    """
    if raw.length_remaining == 0:
        return False
    raw.close()
    return True


def schemes(challenge: str) -> set[str]:
    """Return the names of the schemes in `WWW-Authenticate`.

    See https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1.

    >>> sorted(schemes('Basic realm="a, b", Digest nonce="x", qop="auth", Negotiate'))
    ['basic', 'digest', 'negotiate']
    """
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', challenge)
    return {name.lower() for name in re.findall(r"(?:^|,)\s*([A-Za-z][\w.-]*)(?=\s+[^=\s,]|\s*,|\s*$)", bare)}


def _schemes_of(response: Response) -> set[str]:
    return schemes(response.headers.get("WWW-Authenticate", "")) if response.status_code == 401 else set()


def _media_type(response: Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _encoding(response: Response) -> str:
    """Return the encoding of a response's text.

    It is a declared single-byte encoding, otherwise UTF-8.
    """
    named = (response.encoding or "").lower()
    return named if named in ("iso-8859-1", "us-ascii", "windows-1252") else "utf-8"


def _unwrap(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """Yield an exception and the exceptions that it wraps.

    The libraries requests and urllib3 wrap exceptions in different attributes.
    """
    yield error
    inner = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
    for cause in inner if depth else ():
        if isinstance(cause, BaseException):
            yield from _unwrap(cause, depth - 1)


def _find_reason(causes: list[BaseException]) -> str:
    """Return the message of the innermost exception of the system or the protocol."""
    for cause in reversed(causes):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message.rstrip(".")
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return cause.reason.lower().replace("_", " ")
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    if any(isinstance(cause, RemoteDisconnected) for cause in causes):
        return "no answer"
    for cause in reversed(causes):
        if isinstance(cause, HTTPException | OSError):
            return one_line(f"{type(cause).__name__} {cause}".strip())
    return one_line(str(causes[0]) or type(causes[0]).__name__)
