"""The client of services over HTTP: the answer comes back whole, or an error says why not."""

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
"""How many seconds to wait before the third attempt is twice this; the second follows at once."""

LONGEST_PAUSE: Final = 20.0
"""How many seconds to wait at most because a server asks for it; one that wants more is left alone."""

_ATTEMPTS: Final = 3
_PIECE: Final = 1 << 16
_LARGE: Final = 1 << 20
"""From how many bytes on a body is worth mentioning where a connection breaks."""

_MOST_QUOTED: Final = 300
"""How many characters of a server's own message are shown."""

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
"""The statuses after which the same request may succeed a moment later."""

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
"""What is said about each type of error behind a failure, the most specific first, and what to do; @ is the URL."""

_Result = TypeVar("_Result")


class HttpRequestError(ServiceError):
    """A request that failed; its status is 0 if no answer came."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class HttpResponse:
    """A successful response whose body is still unread.

    Attributes:
        status: 200 to 299.
        headers: names in any case.
        media_type: in lower case, without parameters; empty if it names none.
        ends: whether it says where it ends; if not, a broken connection looks like its end.
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
            HttpError: it has more bytes than the limit, doesn't come in time, or is not whole.
        """
        return b"".join(self.chunks(limit))

    def chunks(self, limit: int | None = None) -> Iterator[bytes]:
        """Yield the body as it comes; errors as for `read`."""
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
    """Sends requests to services. Any number of threads may use one at once.

    It keeps no cookies and follows no redirection. A request that fails in a way that may pass is sent again, so
    sending it twice must do no more than sending it once.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        timeout: float,
        service: str = "store",
        advice: Mapping[int, str] | None = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            credentials: what the services are shown that it asks.
            timeout: how many seconds the other side may be silent, and how long an answer may take from its first byte.
            service: what is asked, in a word for messages.
            advice: what to do about a status, where there is more to say than in general.

        Raises:
            JhaanError: the timeout is not above 0.
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
            The answer. It has a status from 200 to 299 and a type that the request accepts.

        Raises:
            JhaanError: the address can't be one, or the body isn't as large as it was said to be.
            HttpError: anything else.
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
            if left is not None and left <= _PIECE:  # so that the connection can serve the next request
                with suppress(HttpRequestError):
                    found.read(_PIECE)

    def error(self, url: str, what: str, advice: str, status: int = 0) -> HttpRequestError:
        """Return an error; secrets that a server repeats are masked.

        Args:
            url: the address.
            what: what the service did, or a sentence that begins with a capital and has @ for the address.
            advice: what to do.
            status: of the answer; 0 if there was none.
        """
        place = mask_secrets(url)
        said = what.replace("@", place, 1) if what[:1].isupper() else f"The {self._service} {place} {what}"
        text = f"{said if said.endswith(('?', '!')) else said.rstrip('.') + '.'} {advice}"
        user, password, token = self._credentials or (None, None, None)
        for secret in (b64encode(f"{user}:{password}".encode()).decode(), password, token):
            text = text.replace(secret, "***") if secret else text
        return HttpRequestError(text, status)

    def fault(self, url: str, error: Exception, body: bytes | Body | None = None) -> HttpRequestError:
        """Return an error that says why no answer came, or no whole one."""
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
                # What runs on this machine is asked directly, whatever proxies the environment names.
                proxies=dict.fromkeys(("http", "https", "all")) if is_loopback(url) else None,  # type: ignore[arg-type]
            )
        except (requests.RequestException, urllib3.HTTPError) as error:
            raise self.fault(url, error, body) from None
        except OSError:  # the only one that requests doesn't wrap
            bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
            raise JhaanError(
                f"Cannot open {bundle}: no certificates. Correct or unset REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE."
            ) from None

    def _auth(self, url: str) -> _Auth:
        """Return what adds the credentials to a request for an address.

        A token is shown at once. For a name and a password, each address is asked how it wants them, by a request
        without a body: a large one should travel once, and an address that wants Digest should see no password.
        """
        if self._credentials is None:
            return lambda request: request  # without it, requests would look into the netrc file
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
        print(  # noqa: T201 - whoever sends a secret must hear of it, from the command line and from Python
            f"jhaan: warning: others on the network can read the credentials for {urlsplit(url).netloc}. "
            "Use https:// if possible.",
            file=sys.stderr,
        )

    def _refusal(self, response: Response) -> HttpRequestError:
        """Return an error for an answer without success, with the beginning of its text."""
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
    """Do some work at an address; if it wants credentials, and none are set, ask the user at the terminal.

    Args:
        url: the address.
        work: is done with what environment or netrc file have for it; once more with what the user types, if need be.

    Raises:
        JhaanError: the address can't be one, or there are credentials that can't be used; and whatever the work raises.
    """
    found = find_credentials(check_url(url))
    try:
        return work(found)
    except HttpRequestError as error:
        if error.status != 401 or found is not None or not can_ask():
            raise
    return work(ask_for_credentials(url))


def one_line(text: str) -> str:
    """Return the beginning of a text of others, without what could steer a terminal."""
    words = " ".join(STEERING.sub(" ", text).split())
    return words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}…"


# --- what requests is told ---------------------------------------------------------------------------------------


class _Session(requests.Session):
    """A session without cookies, which trusts the certificates of the system unless the environment names others."""

    warned = False

    def __init__(self) -> None:
        super().__init__()
        self.headers.clear()
        self.headers["User-Agent"] = f"jhaan-kg/{__version__}"
        self.headers["Accept-Encoding"] = "identity"  # what is compressed says no length
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
        """Name no target: requests would read the body of a redirection to its end, though it doesn't follow it."""


class _Retry(Retry):
    """Attempts after what may pass: a broken connection, or a status that says so and names no long wait."""

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
    """A name and a password, shown by Digest where that is asked for, and once told to by Basic where it isn't."""

    def __init__(self, credentials: Credentials) -> None:
        self._user, self._password = credentials.user or "", credentials.password or ""
        super().__init__(self._user, self._password)
        self._basic: HTTPBasicAuth | None = None

    def show_by_basic(self) -> None:
        if ":" in self._user:
            raise JhaanError(f'The user name must not contain a colon: "{self._user}". Check {USER}.')
        # requests would write texts in ISO 8859-1
        self._basic = HTTPBasicAuth(self._user.encode(), self._password.encode())

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        if self._basic:
            self._basic(r)
        return cast(PreparedRequest, super().__call__(r))  # type: ignore[no-untyped-call]

    def handle_401(self, r: Response, **kwargs: Any) -> Response:
        # requests takes each challenge with the word in it for one of Digest
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
        return header.encode().decode("latin-1")  # names go out in UTF-8


def _give_up_body(raw: Any) -> bool:
    """Close the connection of an answer that has a body, which would else be read to its end, if it has one."""
    if raw.length_remaining == 0:
        return False
    raw.close()
    return True


def schemes(challenge: str) -> set[str]:
    """Return the names of the schemes in `WWW-Authenticate` (https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).

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
    """Return how a text is encoded, of the encodings that stores use."""
    named = (response.encoding or "").lower()
    return named if named in ("iso-8859-1", "us-ascii", "windows-1252") else "utf-8"


def _unwrap(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """Yield an error and what is behind it: requests and urllib3 wrap errors in several ways."""
    yield error
    inner = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
    for cause in inner if depth else ():
        if isinstance(cause, BaseException):
            yield from _unwrap(cause, depth - 1)


def _find_reason(causes: list[BaseException]) -> str:
    """Return the reason of the innermost error that the system or the protocol raised."""
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
