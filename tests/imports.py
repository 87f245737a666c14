"""The imports of commands, each in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROBE = """
import sys
before = set(sys.modules)
from jhaan_kg.cli import main
main(sys.argv[2:])
import json
with open(sys.argv[1], "w") as file:
    json.dump(sorted(set(sys.modules) - before), file)
"""

USES = {
    "--help": set(),
    "query renamings": {"pyoxigraph"},
    "query organisers --agency eulisa --cite": {"pyoxigraph"},
    "query renamings --format json": {"pyoxigraph"},
    "query renamings --format xlsx -o renamings.xlsx": {"pyoxigraph", "xlsxwriter"},
    "query most-central-agencies": {"pyoxigraph", "networkx"},
    "sparql ask.rq": {"pyoxigraph"},
    "explain Eurojust --property called": {"pyoxigraph", "yaml"},
    "read 9.8": {"pyoxigraph", "yaml"},
    "pair Frontex Europol": {"pyoxigraph", "yaml"},
    "find frontex": {"pyoxigraph"},
    "find frontx": {"pyoxigraph", "rapidfuzz"},
    "text": {"pyoxigraph"},
    "load --help": set(),
    "serve --help": set(),
    "export turtle -o all.ttl": {"pyoxigraph"},
    "export rdfxml -o all.rdf": {"pyoxigraph"},
    "export gexf --counting meetings -o all.gexf": {"networkx", "numpy", "pyoxigraph"},
    "export ics -o all.ics": {"dateutil", "icalendar", "pyoxigraph"},
    "export description -o description.ttl": {"pyoxigraph"},
    "export jsonld-framed --class event -o events.jsonld": {"pyoxigraph"},
    "export csv -o tables": {"pyoxigraph", "yaml"},
    "export xlsx -o all.xlsx": {"pyoxigraph", "xlsxwriter", "yaml"},
    "export ontology -o ontology": {"pyoxigraph"},
}
"""The libraries that each command may import."""

QUICK = ("--help", "query organisers --agency eulisa --cite")
"""The commands that the fast tests try."""


def imported(folder: Path, command: str) -> set[str]:
    """Return the modules that a command imports."""
    (folder / "ask.rq").write_text("ASK { ?agency a jhaan:Agency }", encoding="utf-8")
    (folder / "ask.ttl").write_text("", encoding="utf-8")
    file = folder / "modules.json"
    probe = [sys.executable, "-c", PROBE, str(file), *command.split()]
    done = subprocess.run(probe, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(file.read_text(encoding="utf-8")))


def libraries(modules: set[str]) -> set[str]:
    """Return the third-party libraries among modules."""
    roots = {module.partition(".")[0] for module in modules}
    # Compiled libraries import modules of Cython, whose names depend on its version.
    own = {
        "jhaan_kg",
        *(root for root in roots if root.startswith(("cython_runtime", "_cython_", "_sysconfigdata_"))),
    }
    return {root for root in roots - own if root not in sys.stdlib_module_names}


def takes_requests_and_nothing_else(folder: Path, command: str) -> bool:
    """Whether a command with an endpoint imports only the libraries that it needs for its requests."""
    found = libraries(imported(folder, f"{command} --endpoint http://127.0.0.1:1/"))
    listed = {library for libraries in USES.values() for library in libraries}
    needed = {"pyoxigraph", "requests", *(["yaml"] if command.startswith("explain ") else [])}
    return found & {*listed, "requests", "rdflib", "yaml", "pyshacl"} == needed
