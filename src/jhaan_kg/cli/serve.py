"""`jhaan serve`: the web pages and the SPARQL endpoint over HTTP."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_flag,
    add_options,
    make_number_reader,
    make_parser,
    open_graph,
    say,
    seconds,
)
from jhaan_kg.errors import JhaanError

EXAMPLES = """  jhaan serve                                  on this machine only, at port 8000
  jhaan serve --host 0.0.0.0 --port 80         for all who can reach this machine
  jhaan serve --report REPORT.txt              with the text of the passages
  jhaan serve --behind-proxy                   behind nginx on the same machine (docs/server.md)
  jhaan serve --snapshot /srv/jhaan/snapshot   with a given snapshot; SIGHUP reloads it
  JHAAN_SERVE_OPTIONS='--port 8100' jhaan serve"""


def serve_parser() -> Parser:
    from jhaan_kg.serve.config import MEBIBYTE, Limits

    usual = Limits()
    parser = make_parser(
        "serve",
        "Start the web interface (/), the API of the stored questions (/questions), the SPARQL endpoint (/sparql) and "
        "the named graphs (/graphs). The graph is read-only. Each query has limits for time and memory. "
        "Options are also read from the environment variable JHAAN_SERVE_OPTIONS.",
        EXAMPLES,
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="Address to listen on; 0.0.0.0 or :: for all addresses (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port",
        type=make_number_reader(0, 65_535),
        default=8000,
        help="Port to listen on; 0 for any free port (default: 8000)",
    )
    add_options(parser, "--snapshot")
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        action="append",
        nargs="?",
        help="Report text for quotations and for the page on data quality; repeatable; without FILE, the text of "
        "jhaan text (default: no text)",
    )
    parser.add_argument(
        "--public-url",
        metavar="URL",
        type=_url,
        help="Address at which clients reach the server (default: host and port)",
    )
    add_options(parser, "--report-errors")
    add_flag(parser, "--behind-proxy", "Read the client's address from X-Forwarded-For, set by a proxy")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=usual.seconds,
        help=_usual("Time limit of a query", f"{usual.seconds:g}"),
    )
    for flag, metavar, what, default in (
        ("--memory", "MIB", "Memory limit of a query in MiB", usual.memory // MEBIBYTE),
        ("--max-answer", "MIB", "Maximum answer size in MiB", usual.size // MEBIBYTE),
        ("--workers", "N", "Number of SPARQL queries answered at once", usual.workers),
        ("--page-workers", "N", "Number of other requests answered at once", usual.page_workers),
        ("--per-client", "N", "Number of requests of a client answered at once", usual.per_client),
    ):
        parser.add_argument(
            flag,
            metavar=metavar,
            type=make_number_reader(1, 10**9),
            default=default,
            help=_usual(what, str(default)),
        )
    return parser


def run_serve(argv: Sequence[str]) -> int:
    is_linux = sys.platform == "linux"
    if is_linux:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the server can receive signals
    options = serve_parser().parse_args([*_from_environment(), *argv])
    if not is_linux:  # it limits each query by means of Linux
        raise JhaanError(
            "jhaan serve runs only on Linux. Use a container, a virtual machine or WSL, or write a static site: "
            "jhaan export site -o FOLDER"
        )

    from jhaan_kg.extras import import_extra

    for library in ("httptools", "prometheus_client", "starlette", "uvicorn", "werkzeug"):
        import_extra(library, "server")

    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.error_report import parse_address
    from jhaan_kg.serve.config import MEBIBYTE, Limits, Settings, address, is_local, listen
    from jhaan_kg.serve.run import serve

    limits = Limits(
        seconds=options.timeout,
        memory=options.memory * MEBIBYTE,
        size=options.max_answer * MEBIBYTE,
        workers=options.workers,
        page_workers=options.page_workers,
        per_client=options.per_client,
    )
    with listen(options.host, options.port) as opened:
        here = address(opened)
        settings = Settings(
            limits,
            (options.public_url or here).rstrip("/"),
            parse_address(options.report_errors) if options.report_errors else "",
            behind_proxy=options.behind_proxy,
        )

        def find() -> tuple[Snapshot, Settings]:
            from jhaan_kg.report_text import texts_for

            snapshot = open_graph(options.snapshot)
            texts = [] if options.report is None else texts_for(snapshot, filter(None, options.report))
            return snapshot, settings._replace(texts=tuple(texts))

        def started() -> None:
            print(here, flush=True)
            say(f"Web pages: {here}/ SPARQL endpoint: {here}/sparql (stop: Ctrl-C)")
            if not options.behind_proxy and not is_local(opened):
                say(
                    "Other machines can reach this server, and nothing protects it from many or slow connections, "
                    "nor encrypts them. On the internet, put nginx in front (docs/server.md)."
                )

        serve(opened, find, started)
    return 0


def _from_environment() -> list[str]:
    try:
        return shlex.split(os.environ.get("JHAAN_SERVE_OPTIONS", ""))
    except ValueError as error:
        raise JhaanError(
            f"JHAAN_SERVE_OPTIONS must be written as on a command line ({str(error).lower()})."
        ) from None


def _usual(what: str, default: str) -> str:
    return f"{what} (default: {default})"


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"{}|^`\\?#]+", text):
        raise argparse.ArgumentTypeError(
            f'must be an address such as https://example.org/jhaan, not "{text}"'
        )
    return text


COMMANDS = {"serve": Command(serve_parser, run_serve)}
