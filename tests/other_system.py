"""Run `jhaan` as another system would, as far as Linux can imitate it: `python other_system.py PLATFORM ARGUMENT...`.

Windows lacks some modules, functions and signals. Libraries are imported first, since they choose their parts for the
real system.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.process
import importlib
import multiprocessing.connection
import os
import signal
import sys
from typing import Final

for library in ("jinja2", "networkx", "openpyxl", "pyoxigraph", "pyshacl", "rdflib", "requests"):
    importlib.import_module(library)

USED: Final = (asyncio, concurrent.futures.process, multiprocessing.connection)
MODULES: Final = ("fcntl", "grp", "pwd", "resource", "termios")
FUNCTIONS: Final = (
    "fork",
    "nice",
    "setpriority",
    "getuid",
    "geteuid",
    "setsid",
    "killpg",
    "fchmod",
    "O_DIRECTORY",
)
SIGNALS: Final = ("SIGHUP", "SIGALRM", "SIGCHLD", "SIGPIPE", "setitimer", "pthread_sigmask")

if __name__ == "__main__":
    sys.platform = sys.argv[1]
    if sys.platform == "win32":
        sys.modules.update(dict.fromkeys(MODULES))  # type: ignore[arg-type]  # None: the import fails
        for module, names in ((os, FUNCTIONS), (signal, SIGNALS)):
            for name in names:
                delattr(module, name)

    from jhaan_kg.cli import main

    sys.exit(main(sys.argv[2:]))
