"""The generated pages of the reference, a picture, and the tutorial.

The tutorial includes its outputs.

`python -m jhaan_kg.reference` writes the long pages into `build/docs/`, which git ignores. The table of the
questions, a picture and the tutorial are in git, and tests check that they are current.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from jhaan_kg.api.knowledge_graph import KnowledgeGraph
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.pages import checks_page, reading_pages
from jhaan_kg.export.sources import source_root
from jhaan_kg.extras import import_extra
from jhaan_kg.files import write_whole
from jhaan_kg.reference.commands import commands_page, questions_index
from jhaan_kg.reference.python import python_page

TUTORIAL: Final = "docs/tutorial.ipynb"

PAGES: Final = {
    "checks": "build/docs/checks.md",
    "commands": "build/docs/commands.md",
    "index": "docs/questions.md",
    "picture": "docs/events-by-month.svg",
    "python": "build/docs/python.md",
    "questions": "build/docs/questions.md",
    "tutorial": TUTORIAL,
}
"""The pages and their files."""

_TIMEOUT: Final = 120
"""The time limit of a cell in seconds."""

_SHOWN: Final = ("text/html", "text/plain", "image/svg+xml")
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def page(name: str, root: Path) -> str:
    """Return the text of a page.

    Args:
        name: one of PAGES.
        root: the checkout.

    Raises:
        JhaanError: there is no such page, or it cannot be generated.
    """
    match name:
        case "commands":
            return commands_page()
        case "index":
            return questions_index()
        case "picture":
            with KnowledgeGraph.open() as graph:
                return graph.query("events-by-month").picture().svg
        case "python":
            return python_page(root)
        case "tutorial":
            return tutorial(root)
        case "checks":
            return checks_page(source_root(open_snapshot(), "shapes"))
        case "questions":
            return next(
                text.decode() for file, _, text in reading_pages(open_snapshot()) if file == "questions.md"
            )
    raise JhaanError(f'Unknown page "{name}". Choose one of: {", ".join(PAGES)}.')


def write(name: str, root: Path) -> Path:
    """Generate a page, write its file, and return the file.

    Raises:
        JhaanError: there is no such page, or it cannot be generated.
        OSError: the file cannot be written; an existing file is unchanged.
    """
    text = page(name, root)
    path = root / PAGES[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path


def tutorial(root: Path) -> str:
    """Run the cells of the notebook in an empty folder, and return it with their outputs.

    Of each output, only text, HTML and SVG are kept, without times and machine details.

    Raises:
        JhaanError: a cell fails, or a library that runs notebooks is not installed.
    """
    nbformat = import_extra("nbformat", "dev")
    notebook = nbformat.read(root / TUTORIAL, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        _run(notebook, Path(folder))
    notebook.metadata = _METADATA
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            output.pop("metadata", None)
            if "data" in output:
                output["data"] = {kind: output["data"][kind] for kind in _SHOWN if kind in output["data"]}
                output["metadata"] = {}
    text: str = nbformat.writes(notebook)
    return text + "\n"


def _run(notebook: Any, folder: Path) -> None:
    """Run the cells with the current Python, whatever kernels are installed."""
    manager = import_extra("jupyter_client.manager", "dev").AsyncKernelManager(
        kernel_spec_manager=import_extra("jupyter_client.kernelspec", "dev").KernelSpecManager(
            kernel_dirs=[]
        ),
        connection_file=str(folder / ".kernel.json"),
        transport="ipc",
        ip=str(folder / ".kernel"),
    )
    client = import_extra("nbclient", "dev").NotebookClient(
        notebook,
        km=manager,
        timeout=_TIMEOUT,
        coalesce_streams=True,
        resources={"metadata": {"path": folder}},
    )
    try:
        client.execute(env={**os.environ, "IPYTHONDIR": str(folder / ".ipython"), "NO_COLOR": "1"})
    except import_extra("nbclient.exceptions", "dev").CellExecutionError as error:
        raise JhaanError(f"A cell of {TUTORIAL} fails: {error}") from None
