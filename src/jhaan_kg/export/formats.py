"""The formats of `jhaan export`, in one table: `formats.toml`.

A format names the module that writes it, which is imported when it is needed: most of them would slow the start of
every command, and a release, itself a format, is made of the others.
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
    """A format.

    Attributes:
        what: what a file holds and who wants it, in few words.
        suffix: of its files.
        media_type: as registered with IANA, or as the programs call it that read it.
        module: the module that writes it, as seen from this package: `write(request)` returns the bytes of a file, or
            `files(request)` yields the paths and bytes of a folder; `note(request)` says what the file lacks.
        options: the options that it takes, beside those about what goes out.
        evidence: whether the evidence goes out where the user says nothing.
        folder: whether it is a folder of files.
        whole: whether it is always of all of the graph.
        in_two: whether two processes make it, so that no other thread may run meanwhile (see `beside`).
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
        """Return why this format can't be written so; empty if it can.

        Args:
            name: of the format.
            part: whether something of the graph is to be left out, or brought along that is usually left out.
            options: what else is chosen.
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
    """What of the graph goes out, and how; see `Request`. `evidence` is None for what the format usually does."""

    inferred: bool
    context: bool
    evidence: bool | None
    counting: str
    by_reference: bool
    frame: str | None
    search: str
    base: str


FORMATS: Final = {
    name: Format(**entry)
    for name, entry in tomllib.loads(Path(__file__).with_name("formats.toml").read_text("utf-8")).items()
}
"""The formats by name, those most asked for first."""


def export(snapshot: Snapshot, form: str, *, gzip: bool = False, **choices: Unpack[Choices]) -> bytes:
    """Write the graph as one file.

    Args:
        snapshot: what is written.
        form: the name of a format that is no folder.
        gzip: whether to compress the file.
        **choices: what goes out, and how.

    Returns:
        The file's bytes; texts in UTF-8. They depend on the snapshot and the arguments only.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the format can't be written so.
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
    """Write the graph as a folder of files; yield the path of each within the folder, with `/`, and its bytes."""
    yield from _module(form).files(_request(snapshot, form, choices))


def note(snapshot: Snapshot, form: str, **choices: Unpack[Choices]) -> str:
    """Return what an exported file lacks that a reader may look for in it; empty if nothing."""
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
    """Compress a file as gzip does at its best (RFC 1952); Python's own module writes other headers in other versions.

    >>> import gzip
    >>> gzip.decompress(compress(b"graph"))
    b'graph'
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return _HEADER + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")


def plain_text(text: str) -> str:
    r"""Return a text that XML and iCalendar can hold: control characters become U+FFFD, every line end one line feed.

    XML 1.0 has no control characters but tab and line ends (section 2.2), and its readers turn every line end into a
    line feed (2.11); RFC 5545 leaves DEL out as well (section 3.1).

    >>> plain_text("a\x0bb\r\nc")
    'a�b\nc'
    """
    return _BREAK.sub("\n", _UNKNOWN.sub("\ufffd", text))
