"""Loading of the graph for the worker processes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.find.index import index_of
from jhaan_kg.namespaces import BASE, DCTERMS
from jhaan_kg.pages.templates import REPORTS
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.report_text import read_texts
from jhaan_kg.serve.config import Limits
from jhaan_kg.serve.loaded import Loaded, in_memory

if TYPE_CHECKING:
    from jhaan_kg.isolation import Answer, Send


def prepare_worker(path: Path, texts: Sequence[Path], limits: Limits) -> Answer:
    """Load the data for workers, and return the function that answers their JSON requests.

    `worker.answer` documents the requests.

    Raises:
        JhaanError: the snapshot is missing or damaged, a text cannot be read, or a text does not belong to a report.
    """
    # Import in parallel, since the engine releases Python's global lock while it loads.
    importing = Thread(target=_import_worker)
    importing.start()
    loaded = load(path, texts)
    importing.join()
    loaded.prepare()
    REPORTS.set(loaded.titles)
    from jhaan_kg.serve.worker import Out, answer

    def answer_request(request: bytes, send: Send) -> None:
        answer(json.loads(request), Out(send, limits.size), loaded)

    return answer_request


def _import_worker() -> None:
    from jhaan_kg.serve.worker import prepare

    prepare()


def load(folder: Path, texts: Sequence[Path] = (), *, with_search: bool = True) -> Loaded:
    """Load a snapshot.

    Args:
        folder: the folder of the snapshot.
        texts: files with the texts of reports.
        with_search: whether to load the search index, and build it if needed.

    Raises:
        JhaanError: the snapshot is missing or damaged, a text cannot be read, or a text does not belong to a report.
    """
    snapshot = Snapshot.open(folder)
    files = snapshot.files(evidence=True, context=True)
    lines = {file.graph: file.read() for file in files}
    store = Store()
    # Lenient parsing is faster, and safe: checksums ensure that the files are unchanged since the build.
    store.bulk_load(b"".join(lines.values()), format=RdfFormat.N_QUADS, lenient=True)
    loaded = Loaded(
        store,
        lines,
        load_catalogue(snapshot.catalogue_path),
        in_memory(snapshot, lines),
        index_of(snapshot, lambda: StoreEngine(store)) if with_search else b"",
        read_texts(texts),
        _issued(store),
    )
    return replace(loaded, accounts=_accounts(loaded)) if texts else loaded


def _accounts(loaded: Loaded) -> dict[str, str]:
    """Verify the graph against the texts, and return the results by report id."""
    from jhaan_kg.verify import verify

    accounts = {}
    for report in loaded.reports.values():
        if report.text:
            proof = verify(loaded.snapshot, report.text, "", Progress(StringIO()), report.name)
            lines = [
                *map(str, proof.findings),
                *([] if proof.account is None else proof.account.lines()),
                proof.summary,
            ]
            accounts[report.name] = "\n".join(lines)
    return accounts


def _issued(store: Store) -> str:
    """Return the issue date of a release as an HTTP date (RFC 9110, section 5.6.7).

    Return an empty string if the release states no date, or a date in the future.
    """
    found = list(
        store.quads_for_pattern(NamedNode(BASE + "ontology"), NamedNode(DCTERMS + "issued"), None, None)
    )
    days = [quad.object.value for quad in found if isinstance(quad.object, Literal)]
    if not days:
        return ""
    day = datetime.fromisoformat(days[0]).replace(tzinfo=UTC)
    return format_datetime(day, usegmt=True) if day <= datetime.now(UTC) else ""
