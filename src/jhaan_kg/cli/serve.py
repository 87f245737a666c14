"""`jhaan serve`: the web pages and the SPARQL endpoint over HTTP."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import Command, add_flag, make_number_reader, make_parser, say, seconds
from jhaan_kg.errors import JhaanError

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

EXAMPLES = """  jhaan serve                                  on this machine only, port 8000
  jhaan serve --host 0.0.0.0 --port 80         for everybody who reaches this machine
  jhaan serve --report REPORT.txt              with the words of the passages, which the graph doesn't have
  jhaan serve --behind-proxy                   behind nginx on the same machine (docs/serving/README.md)
  jhaan serve --snapshot /srv/jhaan/snapshot   a snapshot that is replaced now and then; SIGHUP takes the new one
  JHAAN_SERVE_OPTIONS='--port 8100' jhaan serve"""


def serve_parser() -> argparse.ArgumentParser:
    from jhaan_kg.serve.config import MEBIBYTE, Limits

    usual = Limits()
    parser = make_parser(
        "serve",
        "Serve the graph: pages for people at /, stored questions at /questions, SPARQL queries at /sparql, graphs at "
        "/graphs, its description at /.well-known/void. It can only be read, and a query reaches nothing outside. Each "
        "query runs in a process that is ended at its limits. Options come from JHAAN_SERVE_OPTIONS too.",
        EXAMPLES,
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on; 0.0.0.0 or :: for all of the machine (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port",
        type=make_number_reader(0, 65_535),
        default=8000,
        help="the port to listen on; 0 for any that is free (default: 8000)",
    )
    parser.add_argument(
        "--snapshot",
        metavar="FOLDER",
        type=Path,
        help="serve this snapshot, or the snapshot of this checkout",
    )
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        action="append",
        nargs="?",
        help="a report's text: pages show the words of its passages, and what comparing the graph with it shows; may "
        "be given for several reports; without FILE, the text that jhaan text names (default: no text)",
    )
    parser.add_argument(
        "--public-url",
        metavar="URL",
        type=_url,
        help="the address by which clients reach the server, if it is another than the host and the port",
    )
    add_flag(
        parser,
        "--behind-proxy",
        "connections come from a proxy, whose header X-Forwarded-For says who the client is",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=usual.seconds,
        help=_usual("how long a query may take", f"{usual.seconds:g}"),
    )
    for flag, metavar, what, default in (
        ("--memory", "MIB", "how much memory a query may take beside the graph", usual.memory // MEBIBYTE),
        ("--max-answer", "MIB", "how long an answer may be", usual.size // MEBIBYTE),
        ("--max-request", "KIB", "how long a request may be", usual.request // 1024),
        ("--workers", "N", "how many SPARQL queries are answered at once", usual.workers),
        ("--page-workers", "N", "how many pages, things and stored questions are", usual.page_workers),
        ("--queue", "N", "how many of either kind wait beside those", usual.queue),
        ("--per-client", "N", "how many requests one client may have open", usual.per_client),
        ("--connections", "N", "how many connections may be open", usual.connections),
        ("--spool", "MIB", "how much room long answers may take in temporary files", usual.spool // MEBIBYTE),
        ("--min-rate", "BYTES", "how much of its answer a client has to take in a second", usual.min_rate),
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
        help=_usual("how many bits of an address of IPv6 stand for one client", str(usual.ipv6_prefix)),
    )
    add_flag(
        parser,
        "--log-queries",
        "log the texts of queries, which may say something about who asks; otherwise a digest",
    )
    return parser


def run_serve(argv: Sequence[str]) -> int:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the server can receive signals
    options = serve_parser().parse_args([*_from_environment(), *argv])

    from jhaan_kg.extras import import_extra

    for library in ("jinja2", "prometheus_client", "starlette", "uvicorn"):
        import_extra(library, "server")

    from jhaan_kg.report_text import require_texts
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
        here, find = address(opened), _make_finder(options.snapshot)
        texts = [] if options.report is None else require_texts(filter(None, options.report))
        pool = Pool(find(), limits, texts)  # it loads while this process imports the server

        from jhaan_kg.serve.run import serve
        from jhaan_kg.serve.service import Service

        service = Service(
            limits,
            (options.public_url or here).rstrip("/"),
            behind_proxy=options.behind_proxy,
            log_queries=options.log_queries,
        )

        def tell() -> None:
            print(here, flush=True)
            say(f"Queries go to {here}/sparql. Ctrl-C ends the server.")

        serve(service, opened, pool, find, tell)
    return 0


def _make_finder(folder: Path | None) -> Callable[[], Snapshot]:
    """Return a function that finds the snapshot, at the start and at each reload."""
    from jhaan_kg.build.cache import open_snapshot, snapshot_in

    if folder is None:
        return open_snapshot

    from jhaan_kg.build.progress import Progress

    def find() -> Snapshot:
        found = snapshot_in(folder.resolve(), Progress())
        if found is None:
            raise JhaanError(f"{folder}: this is neither a snapshot nor a checkout. Name a folder that is.")
        return found

    return find


def _from_environment() -> list[str]:
    try:
        return shlex.split(os.environ.get("JHAAN_SERVE_OPTIONS", ""))
    except ValueError as error:
        raise JhaanError(
            f"JHAAN_SERVE_OPTIONS can't be read: {error}. Write it as on a command line."
        ) from None


def _usual(what: str, default: str) -> str:
    return f"{what} (default: {default})"


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"{}|^`\\?#]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address as in https://example.org/jhaan")
    return text


COMMANDS = {"serve": Command(serve_parser, run_serve)}
