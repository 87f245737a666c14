"""The formats of `jhaan export`, in one table: `formats.toml`.

The module that writes a format is imported when it is needed: most would slow the start of every command, and a
release, itself a format, is made of the others.
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

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot


class Format(NamedTuple):
    """An export format.

    Attributes:
        what: the content of a file and its users, in few words.
        suffix: the suffix of its files.
        media_type: the media type, as registered with IANA or used by programs.
        module: the module that writes it, relative to this package: `write(request)` returns the bytes of a file, or
            `files(request)` yields the paths and bytes of a folder; `note(request)` describes what the file lacks.
        options: its options, besides those that select the content.
        evidence: whether the evidence is included by default.
        folder: whether it is a folder of files.
        whole: whether it always contains the whole graph.
        in_two: whether two processes make it, so that no other thread may run (see `beside`).
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
        """Return why this format cannot be written with some options; empty if it can.

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
"""How many formats an error names at most."""

_FLAGS: Final = {"frame": "--class", "base": "--public-url"}
"""Options of the command whose names differ from those of choices."""


class Choices(TypedDict, total=False):
    """The exported part of the graph and its form; see `Request`. `evidence` is None for the format's default."""

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
"""The formats by name, the most popular first."""


def export(snapshot: Snapshot, form: str, *, gzip: bool = False, **choices: Unpack[Choices]) -> bytes:
    """Write the graph as one file.

    Args:
        snapshot: the snapshot.
        form: the name of a format other than a folder.
        gzip: whether to compress the file.
        **choices: the content and form of the export.

    Returns:
        The file's bytes; texts in UTF-8. They depend only on the snapshot and the arguments.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the format does not support the options.
    """
    if gzip and "gzip" not in FORMATS[form].options:
        raise JhaanError(FORMATS[form].refusal(form, part=False, options=["gzip"]))
    request = _request(snapshot, form, choices)
    data: bytes = _module(form).write(request)
    if gzip:
        from jhaan_kg.export.formats import compress

        return compress(data)
    return data


def export_files(snapshot: Snapshot, form: str, **choices: Unpack[Choices]) -> Iterator[tuple[str, bytes]]:
    """Write the graph as a folder of files; yield the path of each (relative, with `/`) and its bytes."""
    yield from _module(form).files(_request(snapshot, form, choices))


def note(snapshot: Snapshot, form: str, **choices: Unpack[Choices]) -> str:
    """Return a note on what an exported file lacks that readers may expect; empty if nothing."""
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
"""The header of a gzip file without name and time, of an unknown system (RFC 1952, section 2.3)."""


_UNKNOWN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BREAK: Final = re.compile("\r\n?")


def compress(data: bytes) -> bytes:
    """Compress data with gzip at the best level (RFC 1952); the headers of Python's module depend on its version.

    >>> import gzip
    >>> gzip.decompress(compress(b"graph"))
    b'graph'
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return _HEADER + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")


def plain_text(text: str) -> str:
    r"""Return a text for XML and iCalendar: U+FFFD for control characters, and a line feed for each line end.

    XML 1.0 has only tab and line ends as control characters (section 2.2), and its readers turn every line end into a
    line feed (2.11); RFC 5545 also excludes DEL (section 3.1).

    >>> plain_text("a\x0bb\r\nc")
    'a�b\nc'
    """
    return _BREAK.sub("\n", _UNKNOWN.sub("\ufffd", text))
