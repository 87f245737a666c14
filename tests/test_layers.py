"""The layers and the budgets that ARCHITECTURE.md lists: which module may import which, and how large each may be."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import grimp
import networkx
import pytest

import jhaan_kg
from jhaan_kg.build.files import find_root
from jhaan_kg.cache_folder import NOT_BUILDING

PACKAGE = "jhaan_kg"
HEADING = "## Which module may import which"


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    graph = grimp.build_graph(PACKAGE, cache_dir=None, exclude_type_checking_imports=True)
    # The package offers its public names from there when somebody asks for them; its own modules need its version only.
    for public in graph.find_modules_directly_imported_by(PACKAGE):
        graph.remove_import(importer=PACKAGE, imported=public)
    return graph


def layers() -> list[set[str]]:
    root = find_root()
    assert root
    section = (
        (root / "ARCHITECTURE.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    )
    rows = re.findall(r"^\| [^`|]+ \| (`.*`) \|$", section, re.MULTILINE)
    return [set(re.findall(r"`([^`]+)`", row)) for row in rows]


def modules(package: Path) -> Iterator[str]:
    """Give the modules of the package and of `build`, which several layers share, as the table names them."""
    for path in package.iterdir():
        if path.name == "build":
            yield from (f"build.{part.stem}" for part in path.glob("*.py") if part.stem != "__init__")
        elif (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file():
            yield path.stem


def test_each_module_stands_in_one_layer() -> None:
    named = [module for layer in layers() for module in layer]
    assert sorted(named) == sorted(modules(Path(jhaan_kg.__file__).parent))


def test_nothing_imports_a_layer_above_it(imports: grimp.ImportGraph) -> None:
    ordered = tuple(grimp.Layer(*layer, independent=False) for layer in layers())
    found = imports.find_illegal_dependencies_for_layers(ordered, containers={PACKAGE})
    chains = [
        " -> ".join([*sorted(route.heads), *route.middle, *sorted(route.tails)])
        for one in found
        for route in one.routes
    ]
    assert chains == []


def test_no_modules_import_each_other_in_a_circle(imports: grimp.ImportGraph) -> None:
    edges = networkx.DiGraph(
        (importer, imported)
        for importer in imports.modules
        for imported in imports.find_modules_directly_imported_by(importer)
    )
    circles = [sorted(part) for part in networkx.strongly_connected_components(edges) if len(part) > 1]
    assert circles == []


def test_a_snapshot_depends_on_no_part_that_its_key_leaves_out(imports: grimp.ImportGraph) -> None:
    needed = imports.find_upstream_modules(f"{PACKAGE}.build.pipeline")
    assert {module.split(".")[1] for module in needed if "." in module} & NOT_BUILDING == set()
    assert set(modules(Path(jhaan_kg.__file__).parent)) >= NOT_BUILDING, "take what is gone off the list"


# --- budgets --------------------------------------------------------------------------------------------------------

BUDGETS = "## Budgets"
_NOT_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


def code_lines(path: Path) -> int:
    """Count the lines of a Python file with a token other than comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        for each in body if isinstance(body, list) else []:
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                docstrings.update(range(each.lineno, (each.end_lineno or each.lineno) + 1))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {
        line
        for each in tokens
        if each.type not in _NOT_CODE
        for line in range(each.start[0], each.end[0] + 1)
    }
    return sum(
        bool(line.strip())
        for number, line in enumerate(source.splitlines(), 1)
        if number in code - docstrings
    )


def test_no_package_is_larger_than_its_budget(root: Path) -> None:
    package = root / "src" / PACKAGE
    counted = {path: code_lines(path) for path in package.rglob("*.py")}
    section = (
        (root / "ARCHITECTURE.md").read_text(encoding="utf-8").partition(BUDGETS)[2].partition("\n## ")[0]
    )
    rows = re.findall(r"^\| (.+?) \| ([\d,]+) \| [\d,]+ \|$", section, re.MULTILINE)
    limits = {title: int(number.replace(",", "")) for title, number in rows}
    used: dict[str, int] = dict.fromkeys(limits, 0)
    titles = {name: title for title in limits for name in re.findall(r"`([^`]+)`", title)}
    for path, lines in counted.items():
        used[titles.get(path.relative_to(package).parts[0].removesuffix(".py"), "the rest")] += lines
    used["together"] = sum(counted.values())
    used["modules"] = len(counted)
    used["tests"] = sum(code_lines(path) for path in (root / "tests").rglob("*.py"))
    assert {title: lines for title, lines in used.items() if lines > limits[title]} == {}
