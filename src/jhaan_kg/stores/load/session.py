"""One user's dealings with one store: whoever it asks for a name and a password is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, TypeVar
from urllib.parse import urlencode

from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.run import Answer
from jhaan_kg.web.client import HttpClient, HttpError, HttpResponse
from jhaan_kg.web.credentials import Credentials, ask_for_credentials, can_ask, find_credentials
from jhaan_kg.web.request import HttpRequest, curl_line

ADVICE: Final = {
    404: "There is nothing at this address. Check it, and --store: jhaan load --help has an example for each kind.",
    413: "It doesn't take as much at once. Raise its limit for the size of requests.",
}
"""What to do about a status, where there is more to say than in general."""

_Result = TypeVar("_Result")


class Session:
    """Sends requests and queries to a store, with the credentials that it wants."""

    def __init__(
        self,
        query: str,
        timeout: float,
        show: Callable[[str], None] = lambda _: None,
        *,
        asserted: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Begin; nothing is sent yet.

        Args:
            query: the address for queries.
            timeout: how many seconds an answer may take.
            show: takes each request as a line for a shell, before it is sent.
            asserted: what goes with a query so that nothing inferred is found; see `Kind`.

        Raises:
            JhaanError: the address or the credentials can't be used.
        """
        self.url: Final = query
        self.show: Final = show
        self._timeout: Final = timeout
        self._asserted: Final = tuple(asserted)
        self._log_in(find_credentials(query))

    def select(self, query: str) -> Answer:
        """Answer a SELECT query.

        Raises:
            ServiceError: the store can't be asked.
        """
        self._show_query(query)
        return self._persistently(lambda: self._engine.select(query))

    def ask(self, query: str) -> bool:
        """Answer an ASK query; errors as for `select`."""
        self._show_query(query)
        return self._persistently(lambda: self._engine.ask(query))

    @contextmanager
    def send(self, call: HttpRequest) -> Iterator[HttpResponse]:
        """Send a request that its sender has shown, and give its answer; errors as for `select`."""
        with ExitStack() as stack:
            yield self._persistently(lambda: stack.enter_context(self._client.send(call)))

    def _show_query(self, query: str) -> None:
        body = urlencode([("query", query), *self._asserted]).encode()
        headers = {
            "Accept": "application/sparql-results+json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.show(curl_line(HttpRequest("POST", self.url, headers, body), self.credentials))

    def _log_in(self, credentials: Credentials | None) -> None:
        self.credentials = credentials
        self._engine = EndpointEngine(
            self.url, credentials=credentials, dataset=self._asserted, timeout=self._timeout
        )
        self._client = HttpClient(credentials, timeout=self._timeout, advice=ADVICE)

    def _persistently(self, do: Callable[[], _Result]) -> _Result:
        """Do something, and again if it wants credentials and somebody at a terminal has given them."""
        try:
            return do()
        except HttpError as error:
            if error.status != 401 or self.credentials is not None or not can_ask():
                raise
        self._log_in(ask_for_credentials(self.url))
        return do()
