"""What went wrong with a request, said exactly and with advice."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3.exceptions
from requests import Response

from jhaan_kg.errors import ServiceError
from jhaan_kg.web.address import shown
from jhaan_kg.web.credentials import HOW_TO_GIVE, PASSWORD, TOKEN, USER, Credentials
from jhaan_kg.web.login import schemes
from jhaan_kg.web.transport import proxies_for

_MOST_SAID: Final = 300
"""How many characters of a server's own message are shown."""

PASSING: Final = frozenset({429, 502, 503, 504})
"""The statuses after which the same request may succeed a moment later."""

_ADVICE: Final = {
    403: "It refuses access.",
    404: "There is nothing at this address. Check it.",
    405: "Nothing of this kind can be done at this address. Check it.",
    407: "The proxy wants a name and a password. Give them in HTTPS_PROXY or HTTP_PROXY.",
    408: "It took too long. Ask for less at once, or later.",
    413: "The request is too long for it. Raise its limit, or send less at once.",
    415: "It doesn't take what was sent at this address. Check it.",
    429: "It has too much to do. Try again later.",
    502: "What stands before it gets no answer from it. Try again later.",
    503: "It is not available. Try again later.",
    504: "It took too long. Ask for less at once, or later.",
    507: "It has no space left. Free some there.",
}


class HttpError(ServiceError):
    """A request that failed.

    Attributes:
        status: that of the answer; 0 if none came.
        passing: whether the same request may succeed a moment later.
        retry_after: how many seconds the server wants to be left alone; None if it doesn't say.
    """

    def __init__(
        self, message: str, status: int = 0, *, passing: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing
        self.retry_after = retry_after


class Faults:
    """Says what went wrong with the requests to one address."""

    def __init__(
        self,
        service: str,
        url: str,
        timeout: float,
        credentials: Credentials | None,
        advice: Mapping[int, str],
    ) -> None:
        """Speak of an address.

        Args:
            service: what is there, in a word.
            url: the address.
            timeout: how many seconds an answer may take.
            credentials: what the server is shown.
            advice: what to do about a status, where there is more to say than in general.
        """
        self._place: Final = f"The {service} {shown(url)}"
        self._url: Final = url
        self._timeout: Final = timeout
        self._credentials: Final = credentials
        self._advice: Final = {**_ADVICE, **advice}

    def error(self, what: str, advice: str, status: int = 0, *, passing: bool = False) -> HttpError:
        """Make an error of a sentence and an advice."""
        sentence = what if what.endswith(("?", "!")) else f"{what.rstrip('.')}."
        return HttpError(self._masked(f"{self._place}: {sentence} {advice}"), status, passing=passing)

    def too_slow(self) -> HttpError:
        """Say that no answer came in time."""
        return self.error(
            f"no answer came within {self._timeout:g} seconds", "Ask for less at once, or wait longer for it."
        )

    def not_whole(self) -> HttpError:
        """Say that the connection ended before the answer did."""
        return self.error("the connection broke: the answer is not whole", "Try again.", passing=True)

    def too_large(self, limit: int) -> HttpError:
        """Say that an answer is larger than what is read."""
        return self.error(f"its answer has more than {limit:,} bytes", "Check the address.")

    def of_exception(self, error: Exception, sent: str = "") -> HttpError:
        """Say why no answer came, or no whole one.

        Args:
            error: what requests or urllib3 raised.
            sent: what was on its way, if it was large.
        """
        causes = list(_causes(error))
        if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
            return self.error(
                f"its proxy {self._proxy()} can't be used: {_why(causes)}",
                "Check HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
            )
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return self.error(
                    f"its certificate can't be trusted: {cause.verify_message.rstrip('.')}",
                    "Check the address. If the certificate is right, name the file of the authority that "
                    "issued it in SSL_CERT_FILE.",
                )
        if any(isinstance(cause, urllib3.exceptions.NewConnectionError) for cause in causes):
            return self.error(f"it can't be reached: {_why(causes)}", "Check the address, and that it runs.")
        if any(isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError) for cause in causes):
            return self.too_slow()
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return self.error(
                f"no secure connection can be made: {_why(causes)}",
                "Check the address: it may begin with http://.",
            )
        if any(isinstance(c, IncompleteRead | urllib3.exceptions.IncompleteRead) for c in causes):
            return self.not_whole()
        if any(isinstance(c, BadStatusLine) and not isinstance(c, RemoteDisconnected) for c in causes):
            return self.error(
                f"what it sends is no HTTP: {_why(causes)}",
                "Check the address and its port: another service may be there.",
            )
        if sent:
            return self.error(
                f"the connection broke while {sent} were sent: {_why(causes)}",
                "Try again; if it stays so, it may not take as much at once.",
                passing=True,
            )
        return self.error(f"the connection broke: {_why(causes)}", "Try again.", passing=True)

    def of_status(self, response: Response, said: str) -> HttpError:
        """Say what an answer that is no success means.

        Args:
            response: the answer.
            said: the beginning of its text.
        """
        status = response.status_code
        if 300 <= status < 400:
            place = shown(one_line(response.headers.get("Location", "an address that it doesn't name")))
            return self.error(
                f"it sends on to {place}", "If you trust that address, give it instead.", status
            )
        advice = self._advice.get(status, "Try again later; if it stays so, tell those who run it.")
        if status == 401:
            advice = self._on_401(response.headers.get("WWW-Authenticate", ""))
        elif status == 403 and self._credentials is None:
            advice += f" If it wants a name and a password: {HOW_TO_GIVE}"
        elif status == 403:
            advice += f" Ask those who run it what {self._who()} may do."
        wait = response.headers.get("Retry-After", "")
        if wait:
            advice += f" It says when: {one_line(wait)} (seconds, or a time)."
        error = self.error(
            f"it refuses with status {status}{f': {said}' if said else ''}",
            advice,
            status,
            passing=status in PASSING,
        )
        error.retry_after = seconds_until(wait)
        return error

    def of_type(self, given: str, expected: str, status: int) -> HttpError:
        """Say that an answer is in another format than what was asked for."""
        what = {"": "no media type", "text/html": "a web page (text/html)"}.get(given, one_line(given))
        return self.error(
            f"it answers with {what}, and {expected} was expected",
            "Check the address: an endpoint's own page is often beside it, under another one.",
            status,
        )

    def _on_401(self, challenge: str) -> str:
        wanted = schemes(challenge)
        known = wanted & {"basic", "digest", "bearer"}
        if wanted and not known:
            return f"It wants {' or '.join(sorted(wanted))}, which this program can't give."
        wants_token = known == {"bearer"}
        what = (
            f"It wants a token: set {TOKEN}."
            if wants_token
            else f"It wants a name and a password. {HOW_TO_GIVE}"
        )
        if self._credentials is None:
            return what
        if self._credentials.token is not None:
            return f"It doesn't take the token. Check {TOKEN}."
        if wants_token:
            return f"It takes no name and password. {what}"
        return f"It doesn't take the password of {self._who()}. Check {USER} and {PASSWORD}, or ~/.netrc."

    def _who(self) -> str:
        user = self._credentials.user if self._credentials else None
        return f"user {user!r}" if user is not None else "who has this token"

    def _proxy(self) -> str:
        found = proxies_for(self._url)
        proxy = urlsplit(found.get(urlsplit(self._url).scheme) or found.get("all") or "")
        return urlunsplit(proxy._replace(netloc=proxy.netloc.rpartition("@")[2])) or "of the environment"

    def _masked(self, text: str) -> str:
        """Take secrets out of a text: a server may repeat what it was sent."""
        given = self._credentials or Credentials(None, None)
        basic = b64encode(f"{given.user}:{given.password}".encode()).decode()
        for secret in (basic, given.password, given.token):
            if secret:
                text = text.replace(secret, "***")
        return text


def one_line(text: str) -> str:
    """Give the beginning of a text of others, without what could steer a terminal."""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
    return words if len(words) <= _MOST_SAID else f"{words[:_MOST_SAID]}…"


def said_in(response: Response, media_type: str, read: Callable[[int], bytes]) -> str:
    """Give the beginning of what a server says on its refusal, if that is text.

    Args:
        response: its answer.
        media_type: of the answer.
        read: gives up to that many bytes of it.
    """
    is_text = media_type.startswith("text/") and media_type != "text/html"
    if not is_text and not re.fullmatch(r"application/(.+\+)?json", media_type):
        return ""
    return one_line(read(4 * _MOST_SAID).decode(response.encoding or "utf-8", errors="replace"))


def seconds_until(wait: str) -> float | None:
    """Read `Retry-After` (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3): seconds, or a time.

    >>> seconds_until("120"), seconds_until("soon")
    (120.0, None)
    """
    if re.fullmatch(r"\d{1,9}", wait.strip()):
        return float(wait)
    try:
        then = parsedate_to_datetime(wait)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """Give an error and what is behind it: requests and urllib3 wrap errors in several ways."""
    yield error
    inner = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
    for cause in inner if depth else ():
        if isinstance(cause, BaseException):
            yield from _causes(cause, depth - 1)


def _why(causes: list[BaseException]) -> str:
    """Give the reason of the innermost error that the system or the protocol raised."""
    for cause in reversed(causes):
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return cause.reason.lower().replace("_", " ")
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    if any(isinstance(cause, RemoteDisconnected) for cause in causes):
        return "it hung up without an answer"
    for cause in reversed(causes):
        if isinstance(cause, HTTPException | OSError):
            return one_line(f"{type(cause).__name__} {cause}".strip())
    return one_line(str(causes[0]) or type(causes[0]).__name__)
