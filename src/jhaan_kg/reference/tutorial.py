"""The tutorial: a notebook whose cells stand in its file, run anew with the outputs that they give."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.extras import needed

FILE: Final = Path("docs") / "tutorial.ipynb"
TIMEOUT: Final = 120
"""How many seconds a cell may take."""

_SHOWN: Final = ("text/html", "text/plain")
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def page(root: Path) -> str:
    """Run the cells of the notebook in an empty folder, and give it with their outputs.

    Of each output text and HTML are kept, and nothing that tells when or on which machine it ran.

    Raises:
        JhaanError: a cell fails, or a library that runs notebooks is not installed.
    """
    nbformat = needed("nbformat", "dev")
    notebook = nbformat.read(root / FILE, as_version=4)
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
    """Run the cells with the Python that runs this, whatever kernels the machine has."""
    manager = needed("jupyter_client.manager", "dev").AsyncKernelManager(
        kernel_spec_manager=needed("jupyter_client.kernelspec", "dev").KernelSpecManager(kernel_dirs=[]),
        connection_file=str(folder / ".kernel.json"),
        transport="ipc",
        ip=str(folder / ".kernel"),
    )
    client = needed("nbclient", "dev").NotebookClient(
        notebook, km=manager, timeout=TIMEOUT, coalesce_streams=True, resources={"metadata": {"path": folder}}
    )
    try:
        client.execute(env={**os.environ, "IPYTHONDIR": str(folder / ".ipython"), "NO_COLOR": "1"})
    except needed("nbclient.exceptions", "dev").CellExecutionError as error:
        raise JhaanError(f"{FILE}: a cell fails: {error}") from None
