"""The header of a stored query: YAML in comment lines `#+` at the top of its `.rq` file, as grlc reads it.

grlc (https://grlc.io) knows `summary`, `description` and `tags`; the other keys are ours. A header is read
when the snapshot is built, never when a query is answered.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml

from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.measures import MEASURES
from jhaan_kg.query.model import LITERAL_TYPES, VIOLATIONS, Parameter, StoredQuery
from jhaan_kg.query.names import literal

RESERVED: Final = frozenset(
    {
        "cite",
        "show",
        "format",
        "output",
        "help",
        "endpoint",
        "evidence",
        "context",
        "no-context",
        "property",
        "store",
        "version",
    }
)
"""Names of options of the command, which a parameter can't have."""

_KEYS = (
    "summary",
    "description",
    "notes",
    "profile",
    "tags",
    "parameters",
    "evidence",
    "base",
    "absence",
    "absent-rows",
    "needs",
    "redundant",
    "measure",
    "fix",
)
_PARAMETER_KEYS = ("name", "type", "description", "default", "enumeration")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_CURIE = re.compile(r"([A-Za-z][\w.\-]*):([\w.\-]+)")


def read_query(path: Path, root: Path) -> StoredQuery:
    """Read a stored query from its file.

    Args:
        path: the `.rq` file; its stem is the query's name, its folder the topic.
        root: the root of the sources, to which the path in the result and in findings is relative.

    Raises:
        FindingsError: the file can't be read or its header is at fault; all faults of the file are named.
    """
    relative = path.relative_to(root).as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise FindingsError(
            [_finding(relative, 0, f"the file can't be read: {error.strerror}.", "")]
        ) from None
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} can't be decoded."
        raise FindingsError([_finding(relative, 0, message, "Save it as UTF-8.")]) from None
    return parse_query(text, relative)


def parse_query(text: str, path: str) -> StoredQuery:
    r"""Read a stored query from the text of its file.

    Args:
        text: header and SPARQL.
        path: of the file, relative to the root of the sources: `queries/TOPIC/NAME.rq`.

    Raises:
        FindingsError: the header is at fault.

    >>> query = parse_query("#+ summary: Who?\n#+ description: All.\nSELECT ?x {}", "queries/all/who.rq")
    >>> query.name, query.topic, query.summary, query.line
    ('who', 'all', 'Who?', 3)
    """
    return _Reader(path).read(text)


def _finding(path: str, line: int, message: str, fix: str) -> Finding:
    return Finding(path, line, Severity.ERROR, "query-header", Path(path).stem, message, fix)


class _Reader:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._findings: list[Finding] = []

    def read(self, text: str) -> StoredQuery:
        lines = text.splitlines(keepends=True)
        length = next((index for index, line in enumerate(lines) if not line.startswith("#+")), len(lines))
        for index in range(length, len(lines)):
            if lines[index].lstrip().startswith("#+"):
                self._report(
                    index + 1, "a header line stands below the header.", "Move it to the top of the file."
                )
        header = self._compose(lines[:length])
        if header is None:
            self._report(1, "the file has no header.", "Begin it with: #+ summary: …")
            raise FindingsError(self._findings)
        entries = self._mapping(header, 1, _KEYS, "the header")
        body = "".join(lines[length:])
        skipped = len(body) - len(body.lstrip())
        parts = Path(self._path).parts
        query = StoredQuery(
            name=Path(self._path).stem,
            topic=parts[-2] if len(parts) > 1 else "",
            path=self._path,
            line=length + 1 + body.count("\n", 0, skipped),
            summary=self._one_line(entries, "summary", required=True),
            description=self._text(entries, "description", required=True),
            notes=self._text(entries, "notes"),
            profile=self._one_line(entries, "profile"),
            tags=self._texts(entries, "tags"),
            parameters=self._parameters(entries),
            text=body.strip() + "\n",
            evidence=self._text(entries, "evidence"),
            base=self._text(entries, "base"),
            absence=self._text(entries, "absence"),
            absent_rows=self._choice(entries, "absent-rows", "all"),
            needs_evidence=self._choice(entries, "needs", "evidence"),
            redundant=self._text(entries, "redundant"),
            measure=self._measure(entries),
            fix=self._one_line(entries, "fix"),
        )
        if (query.topic == VIOLATIONS) != bool(query.fix):
            self._report(
                1,
                f"fix: belongs to each query of queries/{VIOLATIONS}/, and to no other.",
                "Say there what to do about a row, on one line.",
            )
        if query.profile and query.profile not in (parameter.name for parameter in query.parameters):
            self._report(
                _line(entries["profile"]),
                f"profile: the question has no parameter {query.profile!r}.",
                "Name the parameter by which the question belongs to a profile.",
            )
        if not _NAME.fullmatch(query.name):
            self._report(
                0,
                f"the name {query.name!r} is not in kebab-case.",
                "Rename the file, as in who-meets-whom.rq.",
            )
        if self._findings:
            raise FindingsError(self._findings)
        return query

    def _report(self, line: int, message: str, fix: str) -> None:
        self._findings.append(_finding(self._path, line, message, fix))

    def _compose(self, lines: list[str]) -> yaml.Node | None:
        header = "".join(re.sub(r"^#\+ ?", "", line) for line in lines)
        try:
            return yaml.compose(header, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            fix = (
                "Put a text that holds a colon or # in quotes."
                if "mapping values" in str(error.problem)
                else ""
            )
            self._report(line, f"the header is no YAML: {error.problem}.", fix)
            raise FindingsError(self._findings) from None
        except yaml.YAMLError as error:
            self._report(1, f"the header is no YAML: {error}.", "")
            raise FindingsError(self._findings) from None

    def _mapping(self, node: yaml.Node, line: int, keys: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._report(line, f"{what} is no list of keys with values.", f"Keys are: {', '.join(keys)}.")
            return {}
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name not in keys:
                hint = did_you_mean(name, keys)
                self._report(
                    line, f"{what} has the unknown key {name!r}.{hint}", f"Keys are: {', '.join(keys)}."
                )
            elif name in entries:
                self._report(line, f"{what} has the key {name!r} twice.", "Leave one out.")
            else:
                entries[name] = value
        return entries

    def _text(self, entries: dict[str, yaml.Node], key: str, *, required: bool = False) -> str:
        if key not in entries:
            if required:
                self._report(1, f"the header has no {key}.", f"Add: #+ {key}: …")
            return ""
        value = _plain(entries[key])
        if not isinstance(value, str) or not value.strip():
            self._report(
                _line(entries[key]), f"{key} is no text.", "Write a text; put it in quotes if it is a number."
            )
            return ""
        return value.strip()

    def _one_line(self, entries: dict[str, yaml.Node], key: str, *, required: bool = False) -> str:
        text = self._text(entries, key, required=required)
        if "\n" in text:
            self._report(_line(entries[key]), f"{key} has several lines.", "Say it on one line.")
        return text

    def _texts(self, entries: dict[str, yaml.Node], key: str) -> tuple[str, ...]:
        value = _plain(entries[key]) if key in entries else []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._report(_line(entries[key]), f"{key} is no list of texts.", f"Write: {key}: [one, two]")
            return ()
        return tuple(value)

    def _choice(self, entries: dict[str, yaml.Node], key: str, only: str) -> bool:
        if key not in entries:
            return False
        if _plain(entries[key]) != only:
            self._report(
                _line(entries[key]), f"{key} can only be {only!r}.", f"Write {only!r}, or leave the key out."
            )
        return True

    def _measure(self, entries: dict[str, yaml.Node]) -> str:
        name = self._text(entries, "measure")
        if name and name not in MEASURES:
            hint = did_you_mean(name, MEASURES)
            self._report(
                _line(entries["measure"]),
                f"there is no measure {name!r}.{hint}",
                f"Measures are: {', '.join(MEASURES)}.",
            )
        return name

    def _parameters(self, entries: dict[str, yaml.Node]) -> tuple[Parameter, ...]:
        node = entries.get("parameters")
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._report(_line(node), "parameters is no list.", "Begin each parameter with: - name: …")
            return ()
        parameters = [parameter for item in node.value if (parameter := self._parameter(item))]
        names = [parameter.name for parameter in parameters]
        for index, name in enumerate(names):
            if name in names[:index]:
                self._report(
                    _line(node.value[index]), f"the parameter {name} stands twice.", "Leave one out."
                )
        return tuple(parameters)

    def _parameter(self, node: yaml.Node) -> Parameter | None:
        line, before = _line(node), len(self._findings)
        entries = self._mapping(node, line, _PARAMETER_KEYS, "a parameter")
        if len(self._findings) > before:
            return None
        for key in ("name", "type", "description"):
            if key not in entries:
                self._report(line, f"a parameter has no {key}.", f"Add: {key}: …")
        name, type_name = self._text(entries, "name"), self._text(entries, "type")
        description = self._one_line(entries, "description")
        if len(self._findings) > before:
            return None
        self._check_name(name, _line(entries["name"]))
        if not self._check_type(type_name, _line(entries["type"])):
            return None
        enumeration, enumeration_query = self._enumeration(entries.get("enumeration"), type_name)
        default = self._values(entries.get("default"), "default", type_name)
        for value in default:
            if enumeration and value not in enumeration:
                self._report(
                    _line(entries["default"]),
                    f"the default {value} is not in the enumeration.",
                    "Add it there.",
                )
        return Parameter(name, type_name, description, default, enumeration, enumeration_query)

    def _check_name(self, name: str, line: int) -> None:
        if not _VARIABLE.fullmatch(name):
            self._report(
                line, f"{name!r} is no name for a parameter.", "Use letters and digits only, a letter first."
            )
        if re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() in RESERVED:
            self._report(
                line, f"{name} is the name of an option of the command.", "Give the parameter another name."
            )

    def _check_type(self, type_name: str, line: int) -> bool:
        match = _CURIE.fullmatch(type_name)
        if type_name in LITERAL_TYPES or (match and match[1] in PREFIXES):
            return True
        what = f"has the unknown prefix {match[1]}:" if match else "is no type of parameter"
        types = ", ".join(LITERAL_TYPES)
        self._report(
            line, f"{type_name} {what}.", f"A type is a class such as jhaan:Agency, or one of: {types}."
        )
        return False

    def _enumeration(self, node: yaml.Node | None, type_name: str) -> tuple[tuple[str, ...], str]:
        if not isinstance(node, yaml.MappingNode):
            return self._values(node, "enumeration", type_name), ""
        return (), self._text(self._mapping(node, _line(node), ("query",), "enumeration"), "query")

    def _values(self, node: yaml.Node | None, key: str, type_name: str) -> tuple[str, ...]:
        if node is None:
            return ()
        value = _plain(node)
        items = value if isinstance(value, list) else [value]
        try:
            return tuple(dict.fromkeys(_written(item, type_name) for item in items))
        except JhaanError as error:
            self._report(_line(node), f"{key}: {error}", f"The parameter's type is {type_name}.")
            return ()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _plain(node: yaml.Node) -> Any:
    """Give the value of a node as Python has it, by the rules of YAML's safe types."""
    loader = yaml.SafeLoader("")
    construct: Callable[..., Any] = loader.construct_object
    return construct(node, deep=True)


def _written(value: object, type_name: str) -> str:
    """Give a value of the header as an IRI or as the lexical form of a literal of the type."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, datetime.date | int):
        text = str(value)
    elif isinstance(value, str):
        text = value
    else:
        raise JhaanError(f"{value!r} is no single value.")
    if type_name == "string" and not isinstance(value, str):
        raise JhaanError(f"{text} is not a text: put it in quotes.")
    if type_name in LITERAL_TYPES:
        return literal(type_name, text).value
    match = _CURIE.fullmatch(text)
    if not match or match[1] not in PREFIXES:
        raise JhaanError(f"{text!r} is no CURIE with a known prefix.")
    return PREFIXES[match[1]] + match[2]
