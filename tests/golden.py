"""The golden master: digests of what users get, in `tests/golden.tsv`.

    make golden

records them for this checkout, prints the lines that changed, and exits with 1 if there are any. A commit that
changes a digest says why. The digests are of:

- each named graph of the snapshot, with its number of statements;
- rows and citations of each stored question, with its default and its tested parameters;
- the statements of each RDF export;
- the account of `jhaan verify` (if JHAAN_REPORT names the report's text);
- the findings of `jhaan check` on faulty sources: file, line and code;
- the shapes that faulty graphs break;
- status and media type of the addresses in `golden.txt`.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pyoxigraph import RdfFormat, parse

HERE = Path(__file__).resolve().parent
ROOT = Path.cwd()
"""The checkout whose digests are recorded: the current folder."""

RECORD = HERE / "golden.tsv"
EXPORTS = {
    "jsonld": RdfFormat.JSON_LD,
    "jsonld-dataset": RdfFormat.JSON_LD,
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
CITATIONS = {"sources", "sourceIris", "note"}
START_SECONDS = 300
FINDING = re.compile(r"(\S+?):(\d+): \w+ \[(\S+)\]", re.MULTILINE)

Line = tuple[str, str, str]
"""A line of the record: the kind of an item, its name, and its digest."""


def digest(lines: Iterable[str]) -> str:
    """Return a short checksum of lines."""
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def jhaan(*arguments: str) -> tuple[int, str]:
    """Run a command in this process, and return its exit code and standard output."""
    from jhaan_kg.cli import main

    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = main(arguments)
        out.flush()
    return code, raw.getvalue().decode()


def graphs() -> Iterator[Line]:
    """Yield the digest of each named graph."""
    snapshot = Path(jhaan("build")[1].strip())
    for path in sorted((snapshot / "graphs").rglob("*.nq")):
        by_graph: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            by_graph.setdefault(line.rsplit(" ", 2)[-2], []).append(line)
        for name, lines in sorted(by_graph.items()):
            yield "graph", name, f"{digest(sorted(lines))} {len(lines)}"


def cases() -> list[tuple[str, ...]]:
    """Return the command lines of all stored questions, with default and with tested parameters."""
    files = [path for path in (ROOT / "queries").rglob("*.rq") if path.parent.name != "violations"]
    found: set[tuple[str, ...]] = {(path.stem,) for path in files}
    for path in (ROOT / "tests" / "expected").glob("*.tsv"):
        given = re.search(r"^# parameters: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        words = [path.name.split(".")[0]]
        for name, _, value in (item.partition("=") for item in given[1].split(";")) if given else ():
            words += ["--" + re.sub("([A-Z])", r"-\1", name.strip()).lower(), value.strip()]
        found.add(tuple(words))
    return sorted(found)


def question(words: tuple[str, ...]) -> list[Line]:
    """Return the digests of the rows of a question, and of their citations."""
    code, text = jhaan("query", *words, "--cite", "--format", "json")
    name = " ".join(words)
    if code:
        return [("rows", name, f"exit code {code}")]
    table = json.loads(text)
    rows, cited = [], []
    for row in table["results"]["bindings"]:
        rows.append(
            json.dumps({key: cell for key, cell in row.items() if key not in CITATIONS}, sort_keys=True)
        )
        cited.append(json.dumps({key: row.get(key) for key in sorted(CITATIONS)}, sort_keys=True))
    columns = ",".join(column for column in table["head"]["vars"] if column not in CITATIONS)
    return [
        ("rows", name, f"{digest([columns, *rows])} {len(rows)}"),
        ("citations", name, digest(f"{row}\t{sources}" for row, sources in zip(rows, cited, strict=True))),
    ]


def export(name: str) -> list[Line]:
    """Return the digest of the statements of an export."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export")
        code, _ = jhaan("export", name, "-o", str(file))
        if code:
            return [("export", name, f"exit code {code}")]
        statements = sorted(set(map(str, parse(path=file, format=EXPORTS[name]))))
    return [("export", name, f"{digest(statements)} {len(statements)}")]


def verify(_: None) -> list[Line]:
    """Return the digest of each line of the account of `jhaan verify`."""
    code, text = jhaan("verify")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [("verify", "exit code", str(code)), *(("verify", line, "") for line in lines)]


def findings(_: None) -> list[Line]:
    """Return the codes that `jhaan check` reports for each line of faulty sources."""
    places = {
        "good.ttl": "register/good.ttl",
        "register.ttl": "register/faults.ttl",
        "context.ttl": "context/faults.ttl",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ontology", "shapes"):
            shutil.copytree(ROOT / name, Path(folder, name))
        for name, place in places.items():
            path = Path(folder, "data", place)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "tests/checks/invented" / name, path)
        _, text = jhaan("check", str(Path(folder, "data")))
    found = Counter(FINDING.findall(text))
    return [("finding", f"{file}:{line} {code}", str(n)) for (file, line, code), n in found.items()]


def shapes(_: None) -> list[Line]:
    """Return the number of results for each shape that the faulty graphs break."""
    sys.path[:0] = [str(ROOT / "tests" / "shapes")]
    from faulty_graphs import FIXTURES, local, together

    found = Counter(
        (local(each.shape), local(each.constraint), each.severity.name) for each in together(FIXTURES)
    )
    return [("shape", " ".join(filter(None, key)), str(n)) for key, n in found.items()]


def addresses(_: None) -> list[Line]:
    """Return status and media type of the server's answers to the fixed list of requests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jhaan_kg", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not fetch(f"http://127.0.0.1:{port}", "GET", "/health/ready", "*/*").startswith("200"):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError("the server does not answer")
                time.sleep(0.2)
            lines = []
            for line in (HERE / "golden.txt").read_text(encoding="utf-8").splitlines():
                if line and not line.startswith("#"):
                    method, path, accept = [*line.split(" "), "*/*"][:3]
                    lines.append(("address", line, fetch(f"http://127.0.0.1:{port}", method, path, accept)))
            return lines
        finally:
            server.terminate()


def fetch(server: str, method: str, path: str, accept: str) -> str:
    """Return status and media type of an answer."""
    try:
        with urlopen(Request(server + path, method=method, headers={"Accept": accept}), timeout=60) as answer:
            return f"{answer.status} {answer.headers.get_content_type()}"
    except HTTPError as error:
        return f"{error.code} {error.headers.get_content_type()}"
    except OSError as error:
        return f"none: {error}"


def record() -> list[Line]:
    """Return all lines of the record, sorted."""
    lines = list(graphs())
    jobs: list[tuple[Callable[..., list[Line]], object]] = [
        (addresses, None),
        (shapes, None),
        (findings, None),
    ]
    if os.environ.get("JHAAN_REPORT"):
        jobs.append((verify, None))
    jobs += [(export, name) for name in EXPORTS] + [(question, words) for words in cases()]
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(run, jobs):
            lines += part
    return sorted(lines)


def run(job: tuple[Callable[..., list[Line]], object]) -> list[Line]:
    """Run a job in a process of the pool."""
    work, argument = job
    return work(argument)


def main(arguments: Sequence[str]) -> int:
    """Write the record of this checkout (to another file if one is named), and print what changed."""
    target = Path(arguments[0]) if arguments else RECORD
    before = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
    after = ["\t".join(line) for line in record()]
    if not os.environ.get("JHAAN_REPORT"):
        print("JHAAN_REPORT is not set: the lines of jhaan verify are kept as they were.", file=sys.stderr)
        after = sorted(after + [line for line in before if line.startswith("verify\t")])
    target.write_text("".join(f"{line}\n" for line in after), encoding="utf-8")
    changes = [
        line
        for line in unified_diff(before, after, n=0, lineterm="")
        if line[:1] in "+-" and line[1:2] != line[:1]
    ]
    print("\n".join(changes) or "No digest changed.")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
