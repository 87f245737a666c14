"""The lines of the statements of a Turtle or TriG source, found with rdflib's parser.

It is stricter or laxer than the standard at times and rewrites literals, so nothing else is taken from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import MutableSequence
from contextlib import suppress
from typing import Any, Final

from rdflib import BNode, Dataset
from rdflib.plugins.parsers.notation3 import RDFSink
from rdflib.plugins.parsers.trig import TrigSinkParser

from jhaan_kg.rdflib_terms import quiet_rdflib

MEMBER: Final = ("", "")
"""The key of the members of lists."""

Lines = dict[tuple[str, str], list[int]]


def find_lines(text: str) -> Lines:
    """Return the lines of the objects of a source, in its order, by subject and predicate.

    The subject of a blank node is empty. If rdflib does not understand the source, the lines up to there are returned.
    """
    sink = _Sink(Dataset())
    parser = _Parser(sink, text)
    with quiet_rdflib(), suppress(Exception):  # besides syntax errors, it raises whatever its own code meets
        parser.loadBuf(text)
    return parser.found


class _Sink(RDFSink):
    """Receiver of terms that keeps literals as texts, since their values are not needed."""

    def newLiteral(self, s: str, dt: object, lang: object) -> Any:  # noqa: ARG002, N802
        return s

    def newList(self, n: object, f: object) -> Any:  # noqa: ARG002, N802
        return BNode()


class _Parser(TrigSinkParser):
    """Parser that notes the line of each object and of each member of a list."""

    def __init__(self, sink: RDFSink, text: str) -> None:
        super().__init__(sink, baseURI="urn:x", turtle=True)
        self.found: Lines = defaultdict(list)
        self._breaks = [at for at, sign in enumerate(text) if sign == "\n"]
        self._objects: list[int] = []
        self._waiting: deque[int] = deque()

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        objects, line = self._objects, self._line(argstr, i)
        end = super().object(argstr, i, res)
        objects.append(line)
        return end

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        outer, self._objects = self._objects, []
        end = super().objectList(argstr, i, res)
        self._waiting, self._objects = deque(self._objects), outer
        return end

    def item(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read a member of a list."""
        line = self._line(argstr, i)
        end = super().item(argstr, i, res)
        self.found[MEMBER].append(line)
        return end

    def subject(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read a subject, not as an item as rdflib does."""
        return self.path(argstr, i, res)

    def prop(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read a predicate, not as an item as rdflib does."""
        return self.path(argstr, i, res)

    def makeStatement(self, quadruple: tuple[Any, Any, Any, Any]) -> None:  # noqa: N802
        """Note the line of the next object of the list just read."""
        _, predicate, subject, _ = quadruple
        verb = predicate[1] if isinstance(predicate, tuple) else predicate  # a tuple stands for "a"
        key = "" if isinstance(subject, BNode) else str(subject), str(verb)
        self.found[key].append(self._waiting.popleft())

    def _line(self, text: str, at: int) -> int:
        return bisect_right(self._breaks, self.skipSpace(text, at)) + 1
