"""Several instances behind a real nginx, with the documented configuration except ports and paths."""

from __future__ import annotations

import itertools
import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from serving import Serving, serving
from under_load import is_refused, small_release, switch, until
from urllib3 import BaseHTTPResponse, PoolManager, Retry

from programs import program

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "serving" / "nginx.conf"
MARKS = ("mark-old", "mark-new")
REPEATED = Retry(1, status_forcelist=[503], raise_on_status=False, respect_retry_after_header=False)
"""Send a request once more if there is no answer or the status is 503."""


class Proxied:
    """Instances of the server, and the nginx before them.

    Attributes:
        link: the link to the release of the instances.
        instances: the instances.
        front: nginx, with its error log.
    """

    front: Serving

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.link = folder / "current"
        self._folder, self._stack = folder, stack
        self._addresses = itertools.count(1)
        self.instances = [self.start() for _ in range(3)]

    def start(self, port: int = 0) -> Serving:
        """Start an instance, at a free port by default."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        options = ("--snapshot", str(self.link), "--workers", "2", "--timeout", "60", "--behind-proxy")
        return self._stack.enter_context(serving(folder, *options, port=port))

    def another_address(self) -> str:
        """Return an unused loopback address."""
        number = next(self._addresses)
        return f"127.1.{number // 250}.{number % 250 + 1}"

    def ask(self, query: str, address: str = "", retries: Retry | None = None) -> BaseHTTPResponse:
        """Send a query by GET, from an unused address and only once by default."""
        with PoolManager(source_address=(address or self.another_address(), 0), timeout=60) as pool:
            headers = {"Accept": "text/csv"}
            return pool.request(
                "GET", self.front.sparql, None, {"query": query}, headers, retries=retries or False
            )


@contextmanager
def proxied(folder: Path) -> Iterator[Proxied]:
    """Run three instances behind nginx.

    Args:
        folder: an empty folder, into which releases with both MARKS are written.
    """
    nginx = program("nginx", "nginx")
    for mark in MARKS:
        small_release(folder / mark, mark)
    switch(folder / "current", folder / MARKS[0])
    # The workers of nginx run as another user, who has no access to pytest's folder.
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack, socket.socket() as free:
        public = Path(name)
        public.chmod(0o755)
        made = Proxied(folder, stack)
        free.bind(("127.0.0.1", 0))
        front = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        text = CONFIGURATION.read_text()
        for number, instance in enumerate(made.instances, 8101):
            text = text.replace(f"127.0.0.1:{number}", instance.url.removeprefix("http://"))
        text = re.sub(r" listen \[::\]:80 .*;", "", text)
        text = text.replace(" listen 80 ", f" listen {front} ")
        for place in ("/run", "/var/log/nginx", "/var/lib/nginx"):
            text = text.replace(f" {place}/", f" {public}/")
        if os.geteuid() != 0:
            text = text.replace("user www-data;", "")
        (public / "nginx.conf").write_text(text)
        command = [nginx, "-c", public / "nginx.conf", "-e", public / "error.log", "-g", "daemon off;"]
        with subprocess.Popen(command, text=True, start_new_session=True) as process:
            made.front = Serving(f"http://{front}", process, public / "error.log")
            try:
                until(lambda: process.poll() is not None or not is_refused(made.front), "nginx listens")
                assert process.poll() is None, made.front.log
                yield made
            finally:
                process.terminate()
