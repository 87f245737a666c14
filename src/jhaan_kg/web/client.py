"""The client of services over HTTP: the answer comes back whole, or an error that says why not."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import requests
import urllib3.exceptions
from requests import PreparedRequest, Request, Response

from jhaan_kg import __version__
from jhaan_kg.errors import JhaanError
from jhaan_kg.web.address import checked_url
from jhaan_kg.web.call import Body, Call
from jhaan_kg.web.credentials import Credentials
from jhaan_kg.web.faults import Faults, HttpError, said_in
from jhaan_kg.web.login import Login
from jhaan_kg.web.transport import Transport

__all__ = ["Body", "Call", "Client", "HttpError", "Reply"]

FIRST_PAUSE: Final = 1.0
"""How many seconds to wait at most before the second attempt; twice as long before each further one."""

LONGEST_PAUSE: Final = 20.0
"""How many seconds to wait at most because a server asks for it; one that wants more is left alone."""

_PIECE: Final = 1 << 16
"""How many bytes of an answer are read at once."""

_MUCH: Final = 1 << 20
"""From how many bytes on a body is worth mentioning where a connection breaks."""


class Reply:
    """A successful answer whose body has not been read yet.

    Attributes:
        status: its status, 200 to 299.
        headers: its headers; names in any case.
        media_type: its media type in lower case, without parameters; empty if it says none.
        ends: whether it says where it ends; if not, a broken connection looks like its end.
    """

    def __init__(self, response: Response, faults: Faults, end: float) -> None:
        """Take an answer.

        Args:
            response: what came back.
            faults: says what goes wrong.
            end: until when it must be there, by the monotonic clock.
        """
        self.status: Final = response.status_code
        self.headers: Final[Mapping[str, str]] = response.headers
        self.media_type: Final = _media_type(response)
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
        self.ends: Final = chunked or "Content-Length" in response.headers or self.status == 204
        self._response, self._faults, self._end = response, faults, end

    def read(self, limit: int) -> bytes:
        """Give the body.

        Args:
            limit: how many bytes it may have.

        Raises:
            HttpError: it has more, doesn't come in time, or is not whole.
        """
        data = bytearray()
        for piece in self.chunks():
            data += piece
            if len(data) > limit:
                raise self._faults.too_large(limit)
        return bytes(data)

    def chunks(self) -> Iterator[bytes]:
        """Give the body as it comes; errors as for `read`."""
        try:
            while piece := self._response.raw.read1(_PIECE, decode_content=True):
                yield piece
                if time.monotonic() > self._end:
                    raise self._faults.too_slow()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._faults.of_exception(error) from None


class Client:
    """Sends requests to services. Any number of threads may use one at once."""

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        timeout: float,
        attempts: int = 3,
        service: str = "store",
        advice: Mapping[int, str] | None = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            credentials: what the services are shown that it asks.
            timeout: how many seconds the other side may be silent, and how many an answer may take once the request has
                been sent.
            attempts: how often a request is sent at most where it may succeed a moment later.
            service: what is asked, in a word for messages.
            advice: what to do about a status, where there is more to say than in general.

        Raises:
            JhaanError: there is no time for an answer.
        """
        if not timeout > 0:
            raise JhaanError(f"Nothing can be answered within {timeout:g} seconds. Give it more.")
        self._credentials: Final = credentials
        self._timeout: Final = timeout
        self._attempts: Final = attempts
        self._service: Final = service
        self._advice: Final = dict(advice or {})
        self._transport: Final = Transport(timeout)
        self._login: Final = Login(credentials, self._transport) if credentials else None

    @contextmanager
    def send(self, call: Call) -> Iterator[Reply]:
        """Send a request, again if it fails in a way that may pass and may be sent twice.

        Args:
            call: the request.

        Yields:
            The answer. It has a status from 200 to 299 and a type that the request accepts.

        Raises:
            JhaanError: the address can't be one, or the body isn't as large as it was said to be.
            HttpError: anything else.
        """
        checked_url(call.url)
        faults = Faults(self._service, call.url, self._timeout, self._credentials, self._advice)
        response, end = self._persistently(call, faults)
        try:
            yield Reply(response, faults, end)
            _drain(response)
        finally:
            response.close()

    def _persistently(self, call: Call, faults: Faults) -> tuple[Response, float]:
        for attempt in range(self._attempts):
            try:
                return self._once(call, faults)
            except HttpError as error:
                pause = self._pause(error, attempt)
                if not (call.repeatable and error.passing) or pause is None or attempt + 1 == self._attempts:
                    raise
            time.sleep(pause)
        raise ValueError("a client makes at least one attempt")

    def _pause(self, error: HttpError, attempt: int) -> float | None:
        """Give how long to wait after a failed attempt, or None if the server wants more than that."""
        most = min(LONGEST_PAUSE, self._timeout)
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= most else None
        return min(most, FIRST_PAUSE * float(2**attempt)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def _once(self, call: Call, faults: Faults) -> tuple[Response, float]:
        """Send a request once, or twice where a challenge has to be answered."""
        large = isinstance(call.body, Body) and (call.body.size is None or call.body.size >= _MUCH)
        if not call.repeatable:
            self._transport.forget()
        try:
            sent, response = self._exchange(call, faults)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise faults.of_exception(error, _size(call.body) if large else "") from None
        end = sent() + self._timeout
        if not 200 <= response.status_code < 300:
            raise _refusal(response, faults, end)
        self._check_type(call, response, faults)
        return response, end

    def _exchange(self, call: Call, faults: Faults) -> tuple[Callable[[], float], Response]:
        if self._login and (refusal := self._login.ask(call.url, _HEADERS)):
            raise _refusal(refusal, faults, time.monotonic() + self._timeout)
        body, sent = _opened(call.body)
        request = _prepared(call, body)
        if self._login and (auth := self._login.auth(call.url)):
            request.prepare_auth(auth)
        response = self._transport.send(request)
        if response.status_code == 401 and self._login:
            body, again = _opened(call.body)
            response.request.body = cast(Any, body)  # the types of requests leave streams out
            if answered := self._login.answer(response):
                return again, answered
        return sent, response

    @staticmethod
    def _check_type(call: Call, response: Response, faults: Faults) -> None:
        accept = next((value for name, value in call.headers.items() if name.lower() == "accept"), "")
        accepted = [one.partition(";")[0].strip().lower() for one in accept.split(",") if one.strip()]
        given = _media_type(response)
        if accepted and "*/*" not in accepted and given not in accepted and response.status_code != 204:
            response.close()
            raise faults.of_type(given, accepted[0], response.status_code)


_HEADERS: Final = {
    "User-Agent": f"jhaan-kg/{__version__}",
    "Accept-Encoding": "identity",  # what is compressed says no length
}


def _prepared(call: Call, body: bytes | _Stream | None) -> PreparedRequest:
    return Request(call.method, call.url, headers={**_HEADERS, **call.headers}, data=body).prepare()


class _Stream:
    """The pieces of a body, counted, for requests, which asks for a length."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.ended = 0.0

    def __iter__(self) -> Iterator[bytes]:
        count, size = 0, self._body.size
        for piece in self._body.open():
            count += len(piece)
            if size is not None and count > size:
                break
            yield piece
        if size is not None and count != size:
            more = "more" if count > size else "less"
            raise JhaanError(
                f"{self._body.name}: {more} than {size:,} bytes came, so it was changed while it was sent. Try again."
            )
        self.ended = time.monotonic()


class _Sized(_Stream):
    """A stream whose length is known, so that it needs no chunks."""

    def __len__(self) -> int:
        return self._body.size or 0


def _opened(body: bytes | Body | None) -> tuple[bytes | _Stream | None, Callable[[], float]]:
    """Give what requests can send, and what tells when it had been sent."""
    begun = time.monotonic()
    if not isinstance(body, Body):
        return body, lambda: begun
    if body.size == 0:  # requests would take it for one of unknown size
        return b"", lambda: begun
    stream = _Stream(body) if body.size is None else _Sized(body)
    return stream, lambda: stream.ended or time.monotonic()


def _size(body: bytes | Body | None) -> str:
    size = body.size if isinstance(body, Body) else None
    return f"{size / 1e6:,.1f} MB" if size is not None else "data"


def _media_type(response: Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _refusal(response: Response, faults: Faults, end: float) -> HttpError:
    """Turn an answer that is no success into an error, with the beginning of what it says."""
    reply = Reply(response, faults, end)

    def beginning(limit: int) -> bytes:
        data = b""
        with suppress(HttpError):
            for piece in reply.chunks():
                data += piece
                if len(data) >= limit:
                    break
        return data[:limit]

    with response:
        return faults.of_status(response, said_in(response, reply.media_type, beginning))


def _drain(response: Response) -> None:
    """Read the rest of a short answer, so that its connection can serve the next request."""
    left = response.raw.length_remaining
    if left is not None and left <= _PIECE:
        with suppress(urllib3.exceptions.HTTPError, OSError):
            while response.raw.read1(_PIECE):
                pass
