"""Source files of stored queries.

The module reads their headers, compiles the catalogue, and describes it in RDF.

A header is YAML in comment lines that start with `#+`, at the top of an `.rq` file. The format and the keys `summary`,
`description` and `tags` come from grlc (https://grlc.io); this project adds the other keys. Headers are only read when
the snapshot is built.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pyoxigraph import Literal, NamedNode, Store, Triple

from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.namespaces import BASE, ONTOLOGY, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, SH, XSD
from jhaan_kg.near import did_you_mean
from jhaan_kg.pictures.kinds import PictureSpec, find_unknown, read_spec
from jhaan_kg.query.adhoc import guard
from jhaan_kg.query.catalogue import FORMAT, LITERAL_TYPES, VIOLATIONS, Parameter, StoredQuery
from jhaan_kg.query.engine import Engine, StoreEngine, bind, markers
from jhaan_kg.query.found import find_faults
from jhaan_kg.query.measures import MEASURES
from jhaan_kg.query.names import literal
from jhaan_kg.query.sparql_text import code, parse_template, prologue, sparql_mentions

RESERVED: Final = frozenset(
    (
        *("cite", "quote", "show", "format", "output", "help", "endpoint", "timeout", "evidence", "iris"),
        *("context", "external", "no-external", "property", "report-id", "snapshot"),
        *("store", "version"),
        "from",  # the first row of a page
    )
)
"""Names of options of commands and pages, which parameters must not have."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The YAML loader: that of libyaml if available, since it is much faster."""

QUERY: Final = BASE + "query/"
"""The namespace of stored queries."""

_PREFIXES: Final = NamedNode(BASE + "prefixes")
"""The node that declares the prefixes of queries.

The IRI of each declaration starts with its IRI.
"""

_USED_PREFIX: Final = re.compile(r"^PREFIX (\w+):", re.MULTILINE)

_DEEPEST_HEADER: Final = 10
"""The maximum nesting depth of lists and mappings; a valid header has at most four levels."""

_DEEPEST: Final = 50
"""The maximum nesting depth of brackets in a query; SPARQL parsers are recursive."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_CURIE = re.compile(r"([A-Za-z][\w.\-]*):([\w.\-]+)")
_KEY = re.compile(r"#\+ ([\w-]+) *:")


def read_query(path: Path, root: Path) -> StoredQuery:
    """Read a stored query from its file.

    Args:
        path: the `.rq` file; the stem is the query's name, and the folder is the topic.
        root: the root of the sources; paths in the result and in findings are relative to it.

    Raises:
        FindingsError: the file cannot be read, or keys of the header are not valid; the error names all these keys.
    """
    relative = path.relative_to(root).as_posix()
    try:
        return parse_query(path.read_bytes().decode("utf-8"), relative)
    except OSError as error:
        fault = _FaultError(f"cannot open the file: {error.strerror}.", "", 0)
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8 (byte {error.start})."
        fault = _FaultError(problem, "Save it as UTF-8.", 0)
    raise FindingsError([_make_finding(relative, fault)])


def parse_query(text: str, path: str) -> StoredQuery:
    r"""Parse the text of a stored query's file.

    Args:
        text: the header and the SPARQL.
        path: the path of the file, relative to the root of the sources: `queries/TOPIC/NAME.rq`.

    Raises:
        FindingsError: the header is not valid.

    >>> query = parse_query("#+ summary: Who?\n#+ description: All.\nSELECT ?x {}", "queries/all/who.rq")
    >>> query.name, query.topic, query.summary, query.line
    ('who', 'all', 'Who?', 3)
    """
    lines = text.splitlines(keepends=True)
    length = next((index for index, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    body = "".join(lines[length:])
    name, topic = Path(path).stem, Path(path).parent.name
    faults: list[_FaultError] = []
    if not _NAME.fullmatch(name):
        fix = "Rename the file, as in who-meets-whom.rq."
        faults.append(_FaultError(f'the name "{name}" must be in kebab-case.', fix, 0))
    values: dict[str, Any] = {"tags": (), "parameters": ()}
    key_lines: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        match = _KEY.match(line)
        if number > length and line.lstrip().startswith("#+"):
            fix = "Move it to the top of the file."
            faults.append(_FaultError("a header line is below the header.", fix, number))
        elif number <= length and match and key_lines.setdefault(match[1], number) != number:
            faults.append(_FaultError(f'the key "{match[1]}" exists twice.', "Delete one.", number))
    try:
        for key, value in _load(lines[:length]).items():
            try:
                values[key] = _KEYS[key](value, key)
            except _FaultError as fault:
                values[key] = ""
                fault.line = key_lines.get(key, 1)
                faults.append(fault)
        for key in ("summary", "description"):
            if key not in values:
                raise _FaultError(f"the header has no {key}.", f"Add: #+ {key}: …")
        if (topic == VIOLATIONS) != ("fix" in values):
            raise _FaultError(
                f"the key fix must be in queries of queries/{VIOLATIONS}/, and only there.",
                "Write on one line what to do about a row.",
            )
        profile = values.get("profile")
        if profile and profile not in (parameter.name for parameter in values["parameters"]):
            raise _FaultError(
                f'profile: unknown parameter "{profile}".',
                "Name a parameter of the question.",
            )
        _check_depth(body, length + 1)
        for template in ("evidence", "base", "key"):
            _check_depth(values.get(template, ""), key_lines.get(template, 1))
        for parameter in values["parameters"]:
            _check_depth(parameter.enumeration_query, key_lines["parameters"])
    except _FaultError as fault:
        faults.append(fault)
    except ValueError as error:  # Python limits the number of digits of an integer
        faults.append(_FaultError(f"the header has a value that is too long: {error}.", "Shorten it."))
    if faults:
        raise FindingsError(_make_finding(path, fault) for fault in faults)
    first_line = length + 1 + body.count("\n", 0, len(body) - len(body.lstrip()))
    values["needs_evidence"] = values.pop("needs", False)
    fields = {key.replace("-", "_"): value for key, value in values.items()}
    return StoredQuery(name=name, topic=topic, path=path, line=first_line, text=body.strip() + "\n", **fields)


class _FaultError(Exception):
    """An error in a header, with the remedy."""

    def __init__(self, message: str, fix: str, line: int = 1) -> None:
        super().__init__(message)
        self.fix, self.line = fix, line


def _make_finding(path: str, fault: _FaultError) -> Finding:
    name = Path(path).stem
    return Finding(path, fault.line, Severity.ERROR, "query-header", name, str(fault), fault.fix)


def _load(lines: list[str]) -> dict[str, Any]:
    text = "".join(re.sub(r"^#\+ ?", "", line) for line in lines)
    try:
        _check_plain(text)
        header = yaml.load(text, _LOADER)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fix = "Put a text with a colon or # in quotes." if "mapping" in str(error.problem) else ""
        raise _FaultError(f"the header is not valid YAML: {error.problem}.", fix, line) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise _FaultError(f"the header is not valid YAML: {error}.", "") from None
    if header is None:
        raise _FaultError("the file has no header.", "Begin it with: #+ summary: …")
    return _read_mapping(header, _KEYS, "the header")


def _check_plain(text: str) -> None:
    """Check that a header is plain YAML that is not nested too deeply.

    Tags, anchors and aliases are not allowed.

    Raises:
        YAMLError: the header cannot be parsed.
    """
    depth = 0
    for event in yaml.parse(text, _LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        marked = getattr(event, "tag", None) or getattr(event, "anchor", None)
        if marked or depth > _DEEPEST_HEADER:
            what = f'must not have the tag or reference "{marked}"' if marked else "is nested too deeply"
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise _FaultError(f"the header {what}.", "Put a text with ! & or * in quotes.", line)


def _check_depth(text: str, line: int) -> None:
    depth = 0
    for token in code(text):
        depth += token.is_symbol("(", "{", "[") - token.is_symbol(")", "}", "]")
        if depth > _DEEPEST:
            fault = f"brackets must not be nested more than {_DEEPEST} levels."
            raise _FaultError(fault, "Simplify the query.", line + text.count("\n", 0, token.start))


def _read_mapping(value: Any, keys: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = f"Keys are: {', '.join(keys)}."
    if not isinstance(value, dict):
        raise _FaultError(f"{where} must be a list of keys with values.", known)
    for key in value:
        if key not in keys:
            raise _FaultError(f'{where} has the unknown key "{key}".{did_you_mean(str(key), keys)}', known)
    return value


def _read_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _FaultError(f"{where} must be a string.", "Put a number or a date in quotes.")
    return value.strip()


def _read_prose(value: Any, where: str) -> str:
    """Return a text whose lines are joined; blank lines separate paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in _read_text(value, where).split("\n\n"))


def _read_line(value: Any, where: str) -> str:
    text = _read_text(value, where)
    if "\n" in text:
        raise _FaultError(f"{where} must be on one line.", "Shorten it.")
    return text


def _read_texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _FaultError(f"{where} must be a list of strings.", f"Write: {where}: [one, two]")
    return tuple(value)


def _make_flag_reader(word: str) -> Callable[[Any, str], bool]:
    def check(value: Any, where: str) -> bool:
        if value != word:
            raise _FaultError(f'{where} must be "{word}".', f'Write "{word}", or leave the key out.')
        return True

    return check


def _read_measure(value: Any, where: str) -> str:
    if str(value) not in MEASURES:
        hint = did_you_mean(str(value), MEASURES)
        raise _FaultError(f'{where}: unknown measure "{value}".{hint}', f"Write: {', '.join(MEASURES)}.")
    return str(value)


def _read_picture(value: Any, where: str) -> PictureSpec:
    try:
        return read_spec(value)
    except ValueError as error:
        fix = "See docs/writing-queries.md on pictures."
        raise _FaultError(f"{where}: {error}.", fix) from None


def _read_parameters(value: Any, where: str) -> tuple[Parameter, ...]:
    if not isinstance(value, list):
        raise _FaultError(f"{where} must be a list.", "Begin each parameter with: - name: …")
    parameters: dict[str, Parameter] = {}
    for index, item in enumerate(value):
        parameter = _read_parameter(item, f"{where}[{index}]")
        if parameters.setdefault(parameter.name, parameter) is not parameter:
            raise _FaultError(f"{where}[{index}]: {parameter.name} exists twice.", "Delete one.")
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
            f'{where}.name: "{name}" must consist of letters and digits.', "Begin with a letter."
        )
    if re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() in RESERVED:
        raise _FaultError(
            f"{where}.name: {name} is already an option of jhaan or of the web pages.", "Choose another name."
        )
    curie = _CURIE.fullmatch(type_name)
    if type_name not in LITERAL_TYPES and (not curie or curie[1] not in PREFIXES):
        what = f"has the unknown prefix {curie[1]}:" if curie else "is unknown"
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
            raise _FaultError(f"{where}.default: {text} must be in the enumeration.", "Add it there.")
    description = _read_line(entries["description"], f"{where}.description")
    return Parameter(name, type_name, description, default, enumeration, enumeration_query)


def _read_values(value: Any, type_name: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    try:
        return tuple(dict.fromkeys(_read_value(item, type_name) for item in items))
    except JhaanError as error:
        raise _FaultError(f"{where}: {error}", f"The parameter's type is {type_name}.") from None


def _read_value(value: object, type_name: str) -> str:
    """Return a value from a header as an IRI, or as the lexical form of a literal."""
    if not isinstance(value, bool | int | str | datetime.date):
        raise JhaanError(f'"{value}" must be a single value.')
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if type_name == "string" and not isinstance(value, str):
        raise JhaanError(f"{text} must be a string. Put it in quotes.")
    if type_name in LITERAL_TYPES:
        return literal(type_name, text).value
    match = _CURIE.fullmatch(text)
    if not match or match[1] not in PREFIXES:
        raise JhaanError(f'"{text}" must be a CURIE with a known prefix.')
    return PREFIXES[match[1]] + match[2]


_KEYS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "summary": _read_line,
    "description": _read_prose,
    "notes": _read_prose,
    "profile": _read_line,
    "tags": _read_texts,
    "parameters": _read_parameters,
    "found": lambda value, where: _read_texts(value if isinstance(value, list) else [value], where),
    "evidence": _read_text,
    "key": _read_text,
    "base": _read_text,
    "absence": _read_prose,
    "absent-rows": _make_flag_reader("all"),
    "needs": _make_flag_reader("evidence"),
    "redundant": _read_prose,
    "measure": _read_measure,
    "picture": _read_picture,
    "fix": _read_line,
}
"""The keys of a header, with the functions that check and convert the values."""


# --- the compiled catalogue ------------------------------------------------------------------------------------------


def find_query_faults(queries: Iterable[StoredQuery]) -> list[Finding]:
    """Return a finding for each fault that prevents an answer, its citations, its sentence or its picture."""
    engine = StoreEngine(Store())
    return [
        Finding(query.path, query.line, Severity.ERROR, f"query-{rule}", query.name, fault)
        for query in queries
        for rule, fault in _find_faults(query, engine)
    ]


def _find_faults(query: StoredQuery, engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield the rule and the message of each fault of a query."""
    try:
        guard(query.text)  # first, because an engine would call a service while it parses the query
        columns = engine.select(query.text).variables
    except JhaanError as error:
        yield "syntax", str(error)
        return
    names = [parameter.name for parameter in query.parameters]
    for name in names:
        try:
            engine.select(bind(query.text, {name: [Literal("sample")]}))
        except JhaanError as error:
            yield "parameter", str(error)
    for name in {name for name, _ in markers(query.text)}.difference(names):
        yield "parameter", f"# VALUES ?{name} is not for a parameter of the header."
    for key in ("evidence", "key", "base"):
        try:
            if template := getattr(query, key):
                parse_template(template, query.text)
        except JhaanError as error:
            yield "template", f"{key}: {error}"
    if query.measure:
        columns = MEASURES[query.measure][1]
    for sentence in query.found:
        for fault in find_faults(sentence, names, columns):
            yield "found", f"found: {fault}."
    for name in find_unknown(query.picture, columns) if query.picture else ():
        yield "picture", f"picture: ?{name} is not a column. Columns are: {', '.join(columns)}."


def compile_catalogue(folder: Path, engine: Engine | None = None, *, part: bool = False) -> dict[str, Any]:
    """Compile all stored queries of a folder into a JSON object.

    Args:
        folder: the folder of the `.rq` files, with subfolders by topic.
        engine: the finished graph, for the enumeration queries of headers; None to leave out their lists of values.
        part: whether the graph lacks reports, so that a parameter may have no value in it.

    Raises:
        FindingsError: a header is not valid, two files have the same name, or an enumeration query fails.
    """
    queries: dict[str, StoredQuery] = {}
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*.rq")):
        if path.parent.name == VIOLATIONS:
            continue
        try:
            query = read_query(path, folder.parent)
            if engine:
                parameters = tuple(
                    _enumerate_values(query, parameter, engine, part=part) for parameter in query.parameters
                )
                if part:
                    parameters = tuple(_keep_default(parameter, engine) for parameter in parameters)
                query = query._replace(parameters=parameters)
        except FindingsError as error:
            findings += error.findings
            continue
        if query.name in queries:
            message = f"the name {query.name} is already used by {queries[query.name].path}."
            findings.append(
                Finding(query.path, 1, Severity.ERROR, "query-name", query.name, message, "Rename one.")
            )
        queries.setdefault(query.name, query)
    if findings:
        raise FindingsError(findings)
    return {"format": FORMAT, "queries": [queries[name].to_json() for name in sorted(queries)]}


def _keep_default(parameter: Parameter, engine: Engine) -> Parameter:
    """Remove the default values that are not in a graph of some reports."""

    def is_here(value: str) -> bool:
        if parameter.enumeration and value not in parameter.enumeration:
            return False
        return not parameter.class_iri or engine.ask(f"ASK {{ <{value}> ?property ?value }}")

    return parameter._replace(default=tuple(filter(is_here, parameter.default)))


def _enumerate_values(query: StoredQuery, parameter: Parameter, engine: Engine, *, part: bool) -> Parameter:
    if not parameter.enumeration_query:
        return parameter
    problem = "it must be a SELECT of ?value with at least one row."
    try:
        answer = engine.select(parameter.enumeration_query)
        terms = [row[0] for row in answer.rows] if answer.variables == ("value",) else []
        if values := tuple(term.value for term in terms if isinstance(term, NamedNode | Literal)):
            return parameter._replace(enumeration=values)
        if part:
            return parameter
    except JhaanError as error:
        problem = str(error)
    message = f"the enumeration query of parameter {parameter.name} fails: {problem}"
    fix = "Correct the query, or list the values."
    raise FindingsError(
        [Finding(query.path, 1, Severity.ERROR, "query-enumeration", query.name, message, fix)]
    )


def catalogue_triples(catalogue: Iterable[StoredQuery]) -> list[Triple]:
    """Return a sorted RDF description of the queries, for SPARQL editors.

    It follows the convention of https://github.com/sib-swiss/sparql-examples, and also links each query to the terms of
    the ontology that it uses. Prefix declarations have IRIs, because the snapshot contains no blank nodes.
    """
    triples, prefixes = [], set()
    for query in catalogue:
        prefixes.update(_USED_PREFIX.findall(prologue(query.text)))
        node = NamedNode(QUERY + query.name)
        label = query.name.replace("-", " ")
        triples += [
            Triple(node, RDF_TYPE, NamedNode(SH + "SPARQLExecutable")),
            Triple(node, RDF_TYPE, NamedNode(SH + "SPARQLSelectExecutable")),
            Triple(node, RDFS_LABEL, Literal(label[0].upper() + label[1:], language="en")),
            Triple(node, NamedNode(RDFS + "comment"), Literal(query.summary, language="en")),
            Triple(node, NamedNode(SH + "prefixes"), _PREFIXES),
            Triple(node, NamedNode(SH + "select"), Literal(query.text)),
            *(Triple(node, NamedNode(SCHEMA + "keywords"), Literal(tag)) for tag in query.tags),
            *(Triple(node, NamedNode(SCHEMA + "mentions"), NamedNode(iri)) for iri in _find_own_terms(query)),
        ]
    label_of_all = Literal("prefixes of the stored queries", language="en")
    triples += [
        Triple(_PREFIXES, RDF_TYPE, NamedNode(OWL + "Ontology")),
        Triple(_PREFIXES, RDFS_LABEL, label_of_all),
    ]
    for prefix in prefixes:
        node = NamedNode(f"{_PREFIXES.value}/{prefix}")
        namespace = Literal(PREFIXES[prefix], datatype=NamedNode(XSD + "anyURI"))
        triples += [
            Triple(_PREFIXES, NamedNode(SH + "declare"), node),
            Triple(node, RDF_TYPE, NamedNode(SH + "PrefixDeclaration")),
            Triple(node, RDFS_LABEL, Literal(f"prefix {prefix}:", language="en")),
            Triple(node, NamedNode(SH + "prefix"), Literal(prefix)),
            Triple(node, NamedNode(SH + "namespace"), namespace),
        ]
    return sorted(triples, key=str)


def _find_own_terms(query: StoredQuery) -> set[str]:
    """Return the terms of this project's ontology that a query uses.

    They may be in the SPARQL, in templates, or as types of parameters.
    """
    templates = [prologue(query.text) + template for template in (query.evidence, query.base) if template]
    iris = {mention.iri for text in (query.text, *templates) for mention in sparql_mentions(text)}
    iris.update(parameter.class_iri or "" for parameter in query.parameters)
    return {iri for iri in iris if iri.startswith(ONTOLOGY)}
