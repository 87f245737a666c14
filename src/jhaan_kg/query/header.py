"""The header of a stored query: YAML in comment lines `#+` at the top of its `.rq` file, as grlc reads it.

grlc (https://grlc.io) knows `summary`, `description` and `tags`; the other keys are ours. Headers are read when the
snapshot is built, never when a query is answered.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.catalogue import LITERAL_TYPES, VIOLATIONS, Parameter, StoredQuery
from jhaan_kg.query.measures import MEASURES
from jhaan_kg.query.names import literal

RESERVED: Final = frozenset(
    (
        *("cite", "show", "format", "output", "help", "endpoint", "evidence"),
        *("context", "no-context", "property", "store", "version"),
    )
)
"""Names of options of the command, which a parameter can't have."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where PyYAML has it, reads all headers in 20 ms instead of 90."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_CURIE = re.compile(r"([A-Za-z][\w.\-]*):([\w.\-]+)")
_KEY = re.compile(r"#\+ ([\w-]+) *:")


def read_query(path: Path, root: Path) -> StoredQuery:
    """Read a stored query from its file.

    Args:
        path: the `.rq` file; its stem is the query's name, its folder the topic.
        root: the root of the sources, to which the path in the result and in findings is relative.

    Raises:
        FindingsError: the file can't be read or its header has faults; all keys with a fault are named.
    """
    relative = path.relative_to(root).as_posix()
    try:
        return parse_query(path.read_bytes().decode("utf-8"), relative)
    except OSError as error:
        problem, fix = f"the file can't be read: {error.strerror}.", ""
    except UnicodeDecodeError as error:
        problem, fix = f"the file is not UTF-8: byte {error.start} can't be decoded.", "Save it as UTF-8."
    raise FindingsError([_make_finding(relative, 0, problem, fix)])


def parse_query(text: str, path: str) -> StoredQuery:
    r"""Read a stored query from the text of its file.

    Args:
        text: header and SPARQL.
        path: of the file, relative to the root of the sources: `queries/TOPIC/NAME.rq`.

    Raises:
        FindingsError: the header has faults.

    >>> query = parse_query("#+ summary: Who?\n#+ description: All.\nSELECT ?x {}", "queries/all/who.rq")
    >>> query.name, query.topic, query.summary, query.line
    ('who', 'all', 'Who?', 3)
    """
    lines = text.splitlines(keepends=True)
    length = next((index for index, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    body = "".join(lines[length:])
    name, topic = Path(path).stem, Path(path).parent.name
    findings = [
        _make_finding(path, index, "a header line is below the header.", "Move it to the top of the file.")
        for index, line in enumerate(lines[length:], length + 1)
        if line.lstrip().startswith("#+")
    ]
    if not _NAME.fullmatch(name):
        findings.append(
            _make_finding(
                path,
                0,
                f"the name {name!r} is not in kebab-case.",
                "Rename the file, as in who-meets-whom.rq.",
            )
        )
    values: dict[str, Any] = {"tags": (), "parameters": ()}
    places: dict[str, int] = {}
    for index, line in enumerate(lines[:length], 1):
        match = _KEY.match(line)
        if match and places.setdefault(match[1], index) != index:
            findings.append(
                _make_finding(path, index, f"the key {match[1]!r} is there twice.", "Delete one.")
            )
    try:
        for key, value in _load(lines[:length]).items():
            try:
                values[key] = _KEYS[key](value, key)
            except _FaultError as fault:
                values[key] = ""
                findings.append(_make_finding(path, places.get(key, 1), str(fault), fault.fix))
        for key in ("summary", "description"):
            if key not in values:
                raise _FaultError(f"the header has no {key}.", f"Add: #+ {key}: …")
        if (topic == VIOLATIONS) != ("fix" in values):
            raise _FaultError(
                f"each query of queries/{VIOLATIONS}/ has the key fix, and no other query has it.",
                "Write there on one line what to do about a row.",
            )
        profile = values.get("profile")
        if profile and profile not in (parameter.name for parameter in values["parameters"]):
            raise _FaultError(
                f"profile: the question has no parameter {profile!r}.",
                "Name the parameter by which the question belongs to a profile.",
            )
    except _FaultError as fault:
        findings.append(_make_finding(path, fault.line, str(fault), fault.fix))
    if findings:
        raise FindingsError(findings)
    first_line = length + 1 + body.count("\n", 0, len(body) - len(body.lstrip()))
    values["needs_evidence"] = values.pop("needs", False)
    fields = {key.replace("-", "_"): value for key, value in values.items()}
    return StoredQuery(name=name, topic=topic, path=path, line=first_line, text=body.strip() + "\n", **fields)


def _make_finding(path: str, line: int, message: str, fix: str) -> Finding:
    return Finding(path, line, Severity.ERROR, "query-header", Path(path).stem, message, fix)


class _FaultError(Exception):
    """A fault of the header, with what to do about it."""

    def __init__(self, message: str, fix: str, line: int = 1) -> None:
        super().__init__(message)
        self.fix, self.line = fix, line


def _load(lines: list[str]) -> dict[str, Any]:
    try:
        header = yaml.load("".join(re.sub(r"^#\+ ?", "", line) for line in lines), _LOADER)  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fix = "Put a text with a colon or # in quotes." if "mapping" in str(error.problem) else ""
        raise _FaultError(f"the header is not YAML: {error.problem}.", fix, line) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that the calendar lacks
        raise _FaultError(f"the header is not YAML: {error}.", "") from None
    if header is None:
        raise _FaultError("the file has no header.", "Begin it with: #+ summary: …")
    return _read_mapping(header, _KEYS, "the header")


def _read_mapping(value: Any, keys: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = f"Keys are: {', '.join(keys)}."
    if not isinstance(value, dict):
        raise _FaultError(f"{where} must be a list of keys with values.", known)
    for key in value:
        if key not in keys:
            raise _FaultError(f"{where} has the unknown key {key!r}.{did_you_mean(str(key), keys)}", known)
    return value


def _read_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _FaultError(f"{where} must be a text.", "Put a number or a date in quotes.")
    return value.strip()


def _read_line(value: Any, where: str) -> str:
    text = _read_text(value, where)
    if "\n" in text:
        raise _FaultError(f"{where} must be on one line.", "Shorten it.")
    return text


def _read_texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _FaultError(f"{where} must be a list of texts.", f"Write: {where}: [one, two]")
    return tuple(value)


def _make_flag_reader(word: str) -> Callable[[Any, str], bool]:
    def check(value: Any, where: str) -> bool:
        if value != word:
            raise _FaultError(f"{where} can only be {word!r}.", f"Write {word!r}, or leave the key out.")
        return True

    return check


def _read_measure(value: Any, where: str) -> str:
    if str(value) not in MEASURES:
        hint = did_you_mean(str(value), MEASURES)
        raise _FaultError(f"{where}: there is no measure {value!r}.{hint}", f"Write: {', '.join(MEASURES)}.")
    return str(value)


def _read_parameters(value: Any, where: str) -> tuple[Parameter, ...]:
    if not isinstance(value, list):
        raise _FaultError(f"{where} must be a list.", "Begin each parameter with: - name: …")
    parameters: dict[str, Parameter] = {}
    for index, item in enumerate(value):
        parameter = _read_parameter(item, f"{where}[{index}]")
        if parameters.setdefault(parameter.name, parameter) is not parameter:
            raise _FaultError(f"{where}[{index}]: {parameter.name} is there twice.", "Delete one.")
    return tuple(parameters.values())


def _read_parameter(value: Any, where: str) -> Parameter:
    entries = _read_mapping(value, dict.fromkeys(Parameter._fields[:5]), where)
    for key in ("name", "type", "description"):
        if key not in entries:
            raise _FaultError(f"{where} has no {key}.", f"Add: {key}: …")
    name, type_name = (
        _read_text(entries["name"], f"{where}.name"),
        _read_text(entries["type"], f"{where}.type"),
    )
    if not _VARIABLE.fullmatch(name):
        raise _FaultError(
            f"{where}.name: {name!r} must consist of letters and digits.", "Begin with a letter."
        )
    if re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() in RESERVED:
        raise _FaultError(f"{where}.name: {name} is an option of the command.", "Choose another name.")
    curie = _CURIE.fullmatch(type_name)
    if type_name not in LITERAL_TYPES and (not curie or curie[1] not in PREFIXES):
        what = f"has the unknown prefix {curie[1]}:" if curie else "is not a type of parameter"
        types = ", ".join(LITERAL_TYPES)
        raise _FaultError(
            f"{where}.type: {type_name} {what}.",
            f"A type is a class such as jhaan:Agency, or one of: {types}.",
        )
    listed, enumeration_query = entries.get("enumeration", []), ""
    if isinstance(listed, dict):
        keys = _read_mapping(listed, {"query": str}, f"{where}.enumeration")
        listed, enumeration_query = [], _read_text(keys.get("query"), f"{where}.enumeration.query")
    enumeration = _read_values(listed, type_name, f"{where}.enumeration")
    default = _read_values(entries.get("default", []), type_name, f"{where}.default")
    for text in default:
        if enumeration and text not in enumeration:
            raise _FaultError(f"{where}.default: {text} is not in the enumeration.", "Add it there.")
    description = _read_line(entries["description"], f"{where}.description")
    return Parameter(name, type_name, description, default, enumeration, enumeration_query)


def _read_values(value: Any, type_name: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    try:
        return tuple(dict.fromkeys(_read_value(item, type_name) for item in items))
    except JhaanError as error:
        raise _FaultError(f"{where}: {error}", f"The parameter's type is {type_name}.") from None


def _read_value(value: object, type_name: str) -> str:
    """Return a value of the header as an IRI or as the lexical form of a literal of the type."""
    if not isinstance(value, bool | int | str | datetime.date):
        raise JhaanError(f"{value!r} is not a single value.")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if type_name == "string" and not isinstance(value, str):
        raise JhaanError(f"{text} is not a text: put it in quotes.")
    if type_name in LITERAL_TYPES:
        return literal(type_name, text).value
    match = _CURIE.fullmatch(text)
    if not match or match[1] not in PREFIXES:
        raise JhaanError(f"{text!r} is not a CURIE with a known prefix.")
    return PREFIXES[match[1]] + match[2]


_KEYS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "summary": _read_line,
    "description": _read_text,
    "notes": _read_text,
    "profile": _read_line,
    "tags": _read_texts,
    "parameters": _read_parameters,
    "evidence": _read_text,
    "base": _read_text,
    "absence": _read_text,
    "absent-rows": _make_flag_reader("all"),
    "needs": _make_flag_reader("evidence"),
    "redundant": _read_text,
    "measure": _read_measure,
    "fix": _read_line,
}
"""The keys of a header, and what reads their values."""
