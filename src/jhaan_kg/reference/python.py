"""The page of the Python API, from docstrings.

It describes exported objects and those that their docstrings mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jhaan_kg.export.pages import code, prose
from jhaan_kg.extras import import_extra

if TYPE_CHECKING:
    import griffe

PACKAGE: Final = "jhaan_kg"

_ERRORS: Final = f"{PACKAGE}.errors"
"""The module of errors that docstrings mention without an import."""

HEAD: Final = """# The Python API

Query the graph, get sources and export data from Python. The exports of the package come first, then the types that
they use. Everything is typed, and all examples are tested. See also the tutorial (`docs/tutorial.ipynb`).
`help(jhaan_kg.KnowledgeGraph)` shows the same texts.

"""

_SECTIONS: Final = {
    "parameters": "Parameters",
    "attributes": "Attributes",
    "returns": "Returns",
    "yields": "Yields",
    "raises": "Raises",
}
"""The sections of a docstring that are lists, with their headings."""


def python_page(root: Path) -> str:
    """Return the page, in Markdown.

    Raises:
        JhaanError: griffe is not installed.
    """
    loader: Any = import_extra("griffe", "dev")
    package: griffe.Module = loader.load(
        PACKAGE,
        docstring_parser="google",
        docstring_options={"returns_multiple_items": False, "returns_named_value": False},
        search_paths=[root / "src"],
    )
    exported = [_resolve(package[name]) for name in sorted(map(str, package.exports or []))]
    exported.sort(key=lambda one: -len(_members(one)))  # the objects with most members come first
    mentioned = [one for one in _collect(package, exported) if one not in exported]
    shown = [*exported, *sorted(mentioned, key=lambda one: one.name)]
    names = {one.canonical_path: one.name for one in shown}
    contents = "".join(f"- [{code(one.name)}](#{one.name}): {prose(_first_line(one))}\n" for one in shown)
    return HEAD + contents + "\n" + "\n".join(part for one in shown for part in _write_object(one, names))


def _resolve(found: Any) -> griffe.Object:
    """Return the target of an imported name."""
    target: griffe.Object = found.final_target if found.is_alias else found
    return target


def _collect(package: griffe.Module, start: Iterable[griffe.Object]) -> list[griffe.Object]:
    """Return the objects mentioned in signatures and docstrings, recursively."""
    found: dict[str, griffe.Object] = {}
    ahead = list(start)
    errors = _resolve(package[_ERRORS.removeprefix(f"{PACKAGE}.")])
    while ahead:
        for path in sorted(_find_names(ahead.pop(), errors)):
            inside = path.removeprefix(f"{PACKAGE}.")
            if path == inside or path in found or any(part.startswith("_") for part in inside.split(".")):
                continue
            found[path] = _resolve(package[inside])
            ahead.append(found[path])
    return list(found.values())


def _find_names(one: griffe.Object, errors: griffe.Object) -> set[str]:
    """Return the full names that an object mentions.

    They are in the annotations and docstrings of the object and of its public members.
    """
    expressions: list[Any] = [
        getattr(one, "annotation", None),
        getattr(one, "value", None),
        *getattr(one, "bases", []),
    ]
    function: Any = one
    if one.is_function:
        expressions += [*(parameter.annotation for parameter in function.parameters), function.returns]
    sections = [s for s in one.docstring.parsed if s.kind.value in _SECTIONS] if one.docstring else []
    expressions += [entry.annotation for section in sections for entry in section.value]
    raised = {str(entry.annotation) for s in sections if s.kind.value == "raises" for entry in s.value}
    paths = {f"{_ERRORS}.{name}" for name in raised if name in errors.members} | {
        name.canonical_path
        for expression in expressions
        if hasattr(expression, "iterate")
        for name in expression.iterate(flat=True)
        if hasattr(name, "canonical_path")
    }
    for member in _members(one):
        paths |= _find_names(member, errors)
    return paths


def _members(one: griffe.Object) -> list[griffe.Object]:
    """Return the public members of a class, in the order of the source."""
    return [
        _resolve(member)
        for name, member in one.members.items()
        if one.is_class and not name.startswith("_") and not member.is_alias and member.docstring
    ]


def _write_object(one: griffe.Object, names: dict[str, str]) -> Iterator[str]:
    yield f'<a id="{one.name}"></a>\n\n## {one.name}\n'
    if one.is_class:
        exported = one.name in map(str, one.package.exports or [])
        yield f"`from {PACKAGE if exported else one.module.canonical_path} import {one.name}`\n"
    else:
        yield f"```text\n{_define(one)}\n```\n"
    yield from _write_docstring(one, names)
    if any(str(base).endswith("Enum") for base in getattr(one, "bases", [])):
        yield f"One of: {', '.join(code(name) for name, member in one.members.items() if member.is_attribute)}\n"
    for member in _members(one):
        yield f'<a id="{one.name}.{member.name}"></a>\n\n### {one.name}.{member.name}\n'
        yield f"```text\n{_define(member)}\n```\n"
        yield from _write_docstring(member, names)


def _define(one: griffe.Object) -> str:
    """Return the signature of a function, the type of a property, or a type alias's meaning."""
    if one.is_function:
        kind = next((f"{label} " for label in ("classmethod", "staticmethod") if label in one.labels), "")
        function: Any = one
        return kind + re.sub(r"\((?:self|cls)(?:, /)?(?:, )?", "(", function.signature(), count=1)
    annotation = getattr(one, "annotation", None)
    if str(annotation) == "TypeAlias" or annotation is None:
        return f"{one.name} = {getattr(one, 'value', '')}"
    return f"{one.name}: {annotation}"


def _first_line(one: griffe.Object) -> str:
    return one.docstring.value.partition("\n")[0] if one.docstring else ""


def _write_docstring(one: griffe.Object, names: dict[str, str]) -> Iterator[str]:
    for section in one.docstring.parsed if one.docstring else []:
        kind = section.kind.value
        if kind in _SECTIONS:
            yield f"{_SECTIONS[kind]}:\n"
            yield "".join(f"- {_write_entry(kind, entry, names)}\n" for entry in section.value)
        elif kind == "text":
            yield from map(_write_paragraph, re.split(r"\n\s*\n", section.value.strip()))
        elif kind == "examples":
            yield from (_write_paragraph(text) for _, text in section.value)
        else:
            yield from map(_write_paragraph, [str(section.value)])


def _write_paragraph(text: str) -> str:
    if text.startswith(">>>"):
        return f"```pycon\n{text}\n```\n"
    return f"{prose(text)}\n"


def _write_entry(kind: str, entry: Any, names: dict[str, str]) -> str:
    annotation = _link_type(entry.annotation, names)
    name = getattr(entry, "name", "")
    described = prose(" ".join(str(entry.description).split()))
    if kind == "raises":
        return f"{annotation}: {described}"
    if not name:
        return f"{annotation}: {described}" if annotation else described
    usual = (
        f", default: {code(str(entry.value))}"
        if kind == "parameters" and entry.value and not name.startswith("*")
        else ""
    )
    return f"{code(name)} ({annotation}{usual}): {described}" if annotation else f"{code(name)}: {described}"


def _link_type(annotation: Any, names: dict[str, str]) -> str:
    """Return a type, with links to entries of this page."""
    if annotation is None or str(annotation) == "Final":
        return ""
    path = getattr(annotation, "canonical_path", str(annotation))
    path = path if "." in path else f"{_ERRORS}.{path}"
    text = code(str(annotation))
    return f"[{text}](#{names[path]})" if path in names else text
