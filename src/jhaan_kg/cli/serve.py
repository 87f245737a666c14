"""`jhaan serve`: the web pages and the SPARQL endpoint over HTTP."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import sys
from collections.abc import Sequence
from functools import partial
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
    add_flag(
        parser,
        "--behind-proxy",
        "Read the client's address from X-Forwarded-For, set by a proxy",
    )
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
        ("--max-request", "KIB", "Maximum request size in KiB", usual.request // 1024),
        ("--workers", "N", "Maximum number of simultaneous SPARQL queries", usual.workers),
        (
            "--page-workers",
            "N",
            "Maximum number of simultaneous page and question requests",
            usual.page_workers,
        ),
        ("--queue", "N", "Maximum number of waiting requests of each type", usual.queue),
        ("--per-client", "N", "Maximum number of open requests per client", usual.per_client),
        ("--connections", "N", "Maximum number of open connections", usual.connections),
        (
            "--spool",
            "MIB",
            "Maximum size of temporary files for long answers in MiB",
            usual.spool // MEBIBYTE,
        ),
        ("--min-rate", "BYTES", "Minimum bytes per second that a client must read", usual.min_rate),
    ):
        parser.add_argument(
            flag,
            metavar=metavar,
            type=make_number_reader(1, 10**9),
            default=default,
            help=_usual(what, str(default)),
        )
    parser.add_argument(
        "--ipv6-prefix",
        metavar="BITS",
        type=make_number_reader(1, 128),
        default=usual.ipv6_prefix,
        help=_usual("Bits of an IPv6 address that identify a client", str(usual.ipv6_prefix)),
    )
    add_flag(
        parser,
        "--log-queries",
        "Log the text of queries, which may be personal data, instead of a checksum",
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

    for library in ("jinja2", "prometheus_client", "starlette", "uvicorn"):
        import_extra(library, "server")

    from jhaan_kg.query.error_report import parse_address
    from jhaan_kg.report_text import texts_for
    from jhaan_kg.serve.config import MEBIBYTE, Limits, address, listen
    from jhaan_kg.serve.pool import Pool

    limits = Limits(
        seconds=options.timeout,
        memory=options.memory * MEBIBYTE,
        size=options.max_answer * MEBIBYTE,
        request=options.max_request * 1024,
        workers=options.workers,
        queue=options.queue,
        per_client=options.per_client,
        connections=options.connections,
        page_workers=options.page_workers,
        spool=options.spool * MEBIBYTE,
        min_rate=options.min_rate,
        ipv6_prefix=options.ipv6_prefix,
    )
    with listen(options.host, options.port) as opened:
        here, find = address(opened), partial(open_graph, options.snapshot)
        snapshot = find()
        texts = [] if options.report is None else texts_for(snapshot, filter(None, options.report))
        pool = Pool(snapshot, limits, texts)  # the pool loads the graph while this process imports the server

        from jhaan_kg.serve.run import serve
        from jhaan_kg.serve.service import Service

        service = Service(
            limits,
            (options.public_url or here).rstrip("/"),
            behind_proxy=options.behind_proxy,
            log_queries=options.log_queries,
            errors=parse_address(options.report_errors) if options.report_errors else "",
        )

        def tell() -> None:
            print(here, flush=True)
            say(f"Web pages: {here}/ SPARQL endpoint: {here}/sparql (stop: Ctrl-C)")

        serve(service, opened, pool, find, tell)
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
