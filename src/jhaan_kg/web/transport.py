"""How requests reach a server: certificates of the system, proxies of the environment, nothing followed."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from jhaan_kg.errors import JhaanError
from jhaan_kg.web.address import is_loopback


class Transport:
    """Sends prepared requests, and gives what comes back, whatever its status; redirections are not followed.

    An adapter is used without a session, since a session has cookies, and reads the body of a redirection to its end.
    """

    def __init__(self, timeout: float) -> None:
        """Keep connections open for the next request.

        Args:
            timeout: how many seconds the other side may be silent.
        """
        self._timeout: Final = timeout
        self._adapters: Final[dict[str, HTTPAdapter]] = {}

    def send(self, request: PreparedRequest) -> Response:
        """Send a request, and give the answer as soon as its headers are there.

        Raises:
            requests.RequestException: no answer came.
            JhaanError: the certificates that the environment names can't be read.
        """
        return self._adapter(str(request.url)).send(request, **self.settings(str(request.url)))

    def settings(self, url: str) -> dict[str, Any]:
        """Give what an adapter must be told to send a request to an address."""
        timeout = (self._timeout, self._timeout)  # the first counts too while a body is sent
        return {"stream": True, "timeout": timeout, "verify": True, "proxies": proxies_for(url)}

    def forget(self) -> None:
        """Close the connections that wait for a next request: the other side may have closed them unnoticed."""
        for adapter in self._adapters.values():
            adapter.close()

    def _adapter(self, url: str) -> HTTPAdapter:
        scheme = urlsplit(url).scheme
        if scheme not in self._adapters:
            self._adapters[scheme] = _Verifying(_certificates()) if scheme == "https" else HTTPAdapter()
        return self._adapters[scheme]


def proxies_for(url: str) -> Mapping[str, str]:
    """Give the proxies that the environment names for an address; never any for this machine itself."""
    return {} if is_loopback(url) else get_environ_proxies(url)


class _Verifying(HTTPAdapter):
    """An adapter that trusts the certificates of a context, and no others."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
        return super().proxy_manager_for(proxy, **options, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave the connection as it is: the context verifies, and requests' own bundle isn't added to it."""


def _certificates() -> ssl.SSLContext:
    """Make a context with the certificates of the system, of `SSL_CERT_FILE`, or of a bundle named for requests."""
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    try:
        if not bundle:
            return ssl.create_default_context()
        if Path(bundle).is_dir():
            return ssl.create_default_context(capath=bundle)
        return ssl.create_default_context(cafile=bundle)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or error
        raise JhaanError(
            f"{bundle}: these certificates can't be read: {why}. Correct or unset REQUESTS_CA_BUNDLE and "
            "CURL_CA_BUNDLE."
        ) from None
