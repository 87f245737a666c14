"""OpenLink Virtuoso, open source edition."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jhaan_kg.web import Credentials
from programs import program
from servers.server import Server, free_port, running

PASSWORD = "sesame"  # noqa: S105
SETTINGS = Path(__file__).with_name("virtuoso.ini").read_text()


class _Virtuoso(Server):
    """A server that changes the default password of the administrator."""

    def start(self) -> None:
        """Start the server, and set the password if the database is new."""
        new = not (self.folder / "virtuoso.db").exists()
        super().start()
        if new:
            # A checkpoint is needed, since Virtuoso 7.2.5 cannot replay a change of password from its log.
            change = f"exec=set password dba {PASSWORD}; checkpoint;"
            subprocess.run([*isql(self, "dba"), change], capture_output=True, check=True)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Serve the database in a folder, or a new one, with the limits of Debian's default settings.

    Virtuoso's own tools may read files in the folder (`DirsAllowed`). `isql` returns the command for SQL statements.
    """
    found = program("virtuoso-t", "virtuoso")
    told = subprocess.run([found, "--help"], capture_output=True, text=True, check=False)
    (version,) = re.findall(r"^Version (\d+\.\d+\.\d+)", told.stdout + told.stderr, re.MULTILINE)
    http, sql = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(SETTINGS.format(folder=folder, http=http, sql=sql))
    (folder / "sql-port").write_text(str(sql))
    command: list[str | Path] = [found, "+foreground", "+configfile", settings]
    url, credentials = f"http://127.0.0.1:{http}", Credentials("dba", PASSWORD)
    server = _Virtuoso("virtuoso", version, folder, command, url=url, credentials=credentials)
    with running(server):
        yield server


def isql(server: Server, password: str = PASSWORD) -> list[str]:
    """Return a command that sends SQL to Virtuoso: append `exec=STATEMENT`, or use standard input."""
    port = (server.folder / "sql-port").read_text()
    return [program("isql-vt", "virtuoso"), f"127.0.0.1:{port}", "dba", password]
