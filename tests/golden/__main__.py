"""Compare this checkout with a commit: `python -m golden COMMIT`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from golden.compare import Difference, compare
from golden.record import record

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).with_name("accepted.yaml")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "jhaan-kg-golden"
KEPT = 3
"""The number of recorded commits that stay in the cache."""

SHOWN = 8
"""The maximum number of differing items of a kind that are shown."""


def base(commit: str) -> Path:
    """Return the folder with the recorded output of a commit; record it if necessary."""
    recorder = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("re*")))
    folder = CACHE / f"{commit[:12]}-{sha256(recorder).hexdigest()[:8]}"
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory() as scratch:
        checkout, recorded = Path(scratch, "checkout"), Path(scratch, "recorded")
        say(f"Building {commit[:12]} …")
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=checkout, check=True)
        subprocess.run(["make", ".venv/dev"], cwd=checkout, check=True, stdout=sys.stderr)
        subprocess.run([checkout / ".venv/bin/jhaan", "build"], cwd=checkout, check=True, stdout=sys.stderr)
        say("Recording it …")
        recorded.mkdir()
        record(checkout, recorded)
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in sorted(CACHE.iterdir(), key=os.path.getmtime)[: -KEPT + 1 or None]:
            shutil.rmtree(old)
        shutil.move(recorded, folder)
    return folder


def accept(differences: Sequence[Difference], commit: str) -> tuple[list[Difference], list[str]]:
    """Return the differences that are not accepted, and messages about the entries of the list of accepted ones."""
    reviewed: dict[str, Any] = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or {}
    entries = reviewed.get("differences", []) if str(reviewed.get("base")) == commit else []
    left, said = list(differences), []
    for entry in entries:
        own = [each for each in left if any(fnmatch(each.item, pattern) for pattern in entry["items"])]
        checksum = sha256("".join(each.item + each.checksum for each in own).encode()).hexdigest()[:16]
        if checksum == entry.get("checksum"):
            left = [each for each in left if each not in own]
            said.append(f"{len(own)} accepted: {entry['reason']}")
        else:
            said.append(
                f"NOT accepted, since {len(own)} differences have the checksum {checksum}: {entry['reason']}"
            )
    return left, said


def summary(differences: Sequence[Difference]) -> str:
    """Return a summary of the differences for people, by kind of item."""
    by_kind: dict[str, list[Difference]] = defaultdict(list)
    for each in differences:
        folder, _, rest = each.item.partition("/")
        by_kind[f"{folder}/{rest.partition('/')[0]}" if rest.count("/") else folder].append(each)
    lines = []
    for kind, own in by_kind.items():
        lines.append(f"\n{kind}: {len(own)} differ")
        for each in own[:SHOWN]:
            lines += [f"  {each.item.removeprefix(kind + '/')}", *(f"      {line}" for line in each.lines)]
        if len(own) > SHOWN:
            lines.append(f"  … and {len(own) - SHOWN} more")
    return "\n".join(lines)


def say(words: str) -> None:
    """Print the current step to standard error."""
    print(words, file=sys.stderr, flush=True)


def main(revision: str) -> int:
    """Compare this checkout, with uncommitted changes, with a commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--verify", f"{revision}^{{commit}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    before = base(commit)
    now = CACHE / "now"
    shutil.rmtree(now, ignore_errors=True)
    now.mkdir()
    say("Building this checkout …")
    subprocess.run([ROOT / ".venv/bin/jhaan", "build"], cwd=ROOT, check=True, stdout=sys.stderr)
    say("Recording it …")
    record(ROOT, now)
    differences = list(compare(before, now))
    left, said = accept(differences, commit)
    print(f"{len(differences)} items differ from {commit[:12]} ({before} and {now}).")
    print("\n".join(said) + summary(left))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
