"""A whole release: the graph in every form, its description, and the proof that all of them hold the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from jhaan_kg.export.description.dcat import ReleasedFile, describe
from jhaan_kg.export.formats import FORMATS, export, export_files
from jhaan_kg.export.release.described import described, page_of
from jhaan_kg.export.release.parts import Part, parts
from jhaan_kg.export.release.proof import Proof
from jhaan_kg.export.release.readme import readme
from jhaan_kg.export.released import Release
from jhaan_kg.export.request import Request

MANIFEST: Final = "manifest.json"
PAGE: Final = "README.md"


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write a release.

    Args:
        request: of which snapshot.

    Yields:
        The path of each file and its bytes: those of the parts, then what describes them.

    Raises:
        JhaanError: a part, read again, does not hold what the graph holds.
    """
    proof, flat = Proof(request), request._replace(evidence=False)
    entries: list[dict[str, Any]] = []
    released: list[ReleasedFile] = []
    for part in parts():
        written = list(_written(part, request))
        entries.append(_entry(part, written, proof.counts(part, written)))
        released += described(part, written)
        yield from written
    release = Release.of(flat.triples())
    about = {
        "version": release.version,
        "issued": release.issued.isoformat(),
        "statements": proof.statements,
        "snapshot": request.snapshot.key,
    }
    yield MANIFEST, (json.dumps({**about, "parts": entries}, ensure_ascii=False, indent=1) + "\n").encode()
    page = readme(about, entries).encode()
    yield PAGE, page
    for path, data in describe(flat, [*released, page_of(PAGE, page)]).items():
        yield f"description/{path}", data


def _written(part: Part, request: Request) -> Iterator[tuple[str, bytes]]:
    if part.is_folder:
        for path, data in export_files(request.snapshot, part.form, **part.choices):
            yield part.path + path, data
    else:
        yield part.path, export(request.snapshot, part.form, gzip=part.is_compressed, **part.choices)


def _entry(part: Part, written: list[tuple[str, bytes]], counts: dict[str, int]) -> dict[str, Any]:
    form = FORMATS[part.form]
    entry: dict[str, Any] = {
        "path": part.path,
        "format": part.form,
        "chosen": part.chosen,
        "what": form.what,
        "mediaType": form.media_type,
        "bytes": sum(len(data) for _, data in written),
    }
    if part.is_folder:
        entry["files"] = len(written)
    else:
        entry["sha256"] = sha256(written[0][1]).hexdigest()
    return entry | {"counts": counts}
