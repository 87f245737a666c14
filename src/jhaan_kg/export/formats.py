"""The formats of `jhaan export`, as listed in `formats.toml`.

The module that writes a format is only imported when the format is used. This keeps the start of commands fast, and
allows the format `release` to use all other formats.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.near import suggest

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot


class Format(NamedTuple):
    """An export format.

    Attributes:
        what: a short description of the content and the intended users.
        suffix: the suffix of files.
        media_type: the media type, as registered with IANA or used by programs.
        module: the module that writes the format, as a name relative to this package. Its function `write(request)`
            returns a file in bytes, or `files(request)` yields the paths and bytes of a folder. An optional function
            `note(request)` describes missing content.
        options: the supported options, except those that select the content.
        evidence: whether the evidence is included by default.
        folder: whether the output is a folder of files.
        whole: whether the output always contains the whole graph.
        in_two: whether the export forks a second process, so that no other thread may run (see `beside`).
    """

    what: str
    suffix: str
    media_type: str
    module: str
    options: tuple[str, ...] = ()
    evidence: bool = False
    folder: bool = False
    whole: bool = False
    in_two: bool = False

    def refusal(self, name: str, *, part: bool, options: Iterable[str]) -> str:
        """Return the error message for options that this format does not support.

        It is empty if the format supports all.

        Args:
            name: the name of the format.
            part: whether the selected content differs from the default.
            options: the other options.
        """
        if part and self.whole:
            return f"Format {name} always has the whole graph. Remove --no-inferred, --no-external and --evidence."
        for option in options:
            if option not in self.options:
                takers = [other for other, form in FORMATS.items() if option in form.options]
                applies = f" It applies to: {', '.join(takers)}." if len(takers) <= _MOST_NAMED else ""
                flag = _FLAGS.get(option, "--" + option.replace("_", "-"))
                return f"Option {flag} does not apply to {name}.{applies}"
        return ""


_MOST_NAMED: Final = 5
"""The maximum number of formats in an error message."""

_FLAGS: Final = {"frame": "--class", "base": "--public-url"}
"""The command-line options that have another name than in `Choices`."""


class Choices(TypedDict, total=False):
    """The options of an export; see `Request`.

    If `evidence` is None, the default of the format applies.
    """

    inferred: bool
    context: bool
    evidence: bool | None
    counting: str
    by_reference: bool
    frame: str | None
    search: str
    base: str
    report_errors: str


FORMATS: Final = {
    name: Format(**entry)
    for name, entry in tomllib.loads(Path(__file__).with_name("formats.toml").read_text("utf-8")).items()
}
"""The formats by name, most common first."""


REMOVED: Final = {
    "asserted": "Export nquads --no-inferred, which has each graph of the sources.",
    "csvw": "Export csv. The sheet columns of xlsx describes the columns.",
    "jsonld-lines": "Export jsonld, or ntriples for tools that read lines.",
    "jsonld-schema": "Export jsonld-framed, whose keys the context (jsonld-context) defines.",
    "jsonld-things": "Export jsonld, or site, which has a JSON-LD file for each entity.",
    "lexicon": "Export trig, which has the graphs of the lexicon.",
    "provenance": "Export nquads or trig, whose named graphs are the sources.",
    "queries": "Run jhaan query NAME --show to print a stored query.",
    "void": "Export description, which has the statistics.",
}
"""The formats of earlier versions, with what to use instead."""


def find_format(name: str) -> Format:
    """Return the format with a name.

    Raises:
        JhaanError: the format does not exist.
    """
    if name in REMOVED:
        raise JhaanError(f"Format {name} was removed. {REMOVED[name]}")
    if name not in FORMATS:
        raise JhaanError(f'Unknown format "{name}".{suggest(name, FORMATS)}')
    return FORMATS[name]


def export(snapshot: Snapshot, form: str, *, gzip: bool = False, **choices: Unpack[Choices]) -> bytes:
    """Return the graph as one file.

    Args:
        snapshot: the snapshot.
        form: the name of a format that is a single file.
        gzip: whether to compress the file.
        **choices: the options of the export.

    Returns:
        The content of the file; text is in UTF-8. The bytes depend only on the snapshot and the arguments.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the format does not support the options.
    """
    if gzip and "gzip" not in FORMATS[form].options:
        raise JhaanError(FORMATS[form].refusal(form, part=False, options=["gzip"]))
    request = _request(snapshot, form, choices)
    data: bytes = _module(form).write(request)
    if gzip:
        return compress(data)
    return data


def export_files(snapshot: Snapshot, form: str, **choices: Unpack[Choices]) -> Iterator[tuple[str, bytes]]:
    """Yield the relative path (with `/`) and the content of each file of an export."""
    yield from _module(form).files(_request(snapshot, form, choices))


def note(snapshot: Snapshot, form: str, **choices: Unpack[Choices]) -> str:
    """Return a note on expected content that is missing from an exported file.

    It is empty if there is none.
    """
    module = _module(form)
    return str(module.note(_request(snapshot, form, choices))) if hasattr(module, "note") else ""


def _request(snapshot: Snapshot, form: str, choices: Choices) -> Request:
    entry, chosen = FORMATS[form], dict[str, Any](choices)
    evidence = chosen.pop("evidence", None)
    inferred, context = chosen.pop("inferred", True), chosen.pop("context", True)
    part = not inferred or not context or evidence is not None
    if refusal := entry.refusal(form, part=part, options=chosen):
        raise JhaanError(refusal)
    shown = entry.evidence if evidence is None else evidence
    return Request(snapshot, form, inferred, context, shown, **chosen)


def _module(form: str) -> Any:
    return import_module(f".{FORMATS[form].module}", "jhaan_kg.export")


_HEADER: Final = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
"""The header of a gzip file without name and time (RFC 1952, section 2.3).

It is for an unknown operating system.
"""


_UNKNOWN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BREAK: Final = re.compile("\r\n?")


def compress(data: bytes) -> bytes:
    """Compress data with gzip (RFC 1952) at the highest level.

    The header is fixed, because the header that Python's gzip module writes depends on the version of Python.

    >>> import gzip
    >>> gzip.decompress(compress(b"graph"))
    b'graph'
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return _HEADER + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")


def plain_text(text: str) -> str:
    r"""Return a text without control characters, for XML and iCalendar.

    They are replaced by U+FFFD, and line breaks by line feeds.

    XML 1.0 allows no control characters except tab and line breaks (section 2.2), and its parsers convert all line
    breaks to line feeds (section 2.11). RFC 5545 also excludes DEL (section 3.1).

    >>> plain_text("a\x0bb\r\nc")
    'a�b\nc'
    """
    return _BREAK.sub("\n", _UNKNOWN.sub("\ufffd", text))
