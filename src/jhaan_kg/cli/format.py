"""`jhaan format`: put Turtle files into the one style."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from jhaan_kg.cli.common import existing, parser, say
from jhaan_kg.errors import JhaanError

EXAMPLES = """  jhaan format                      all Turtle files of the sources
  jhaan format data/register        these files or folders
  jhaan format --check              only name the files that are not in style"""
FOLDERS = ("ontology", "shapes", "data")


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "format",
        "Put Turtle and TriG files into the one style of this project. Comments and the written form of values stay.",
        EXAMPLES,
    )
    made.add_argument("paths", nargs="*", metavar="PATH", type=existing, help="files or folders")
    made.add_argument(
        "--check", action="store_true", help="change nothing; exit code 1 if a file is not in style"
    )
    return made


def run(argv: Sequence[str]) -> int:
    """Format files; see `jhaan format --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.read import find_root
    from jhaan_kg.turtle.format import format_file, is_formatted_file

    paths: list[Path] = options.paths
    if not paths:
        root = find_root()
        if root is None:
            raise JhaanError("There are no sources here. Name the files to format.")
        paths = [root / folder for folder in FOLDERS]
    files = [file for path in paths for file in _turtle_files(path)]
    changed, faults = [], []
    for file in files:
        try:
            if not is_formatted_file(file) if options.check else format_file(file):
                changed.append(file)
        except JhaanError as error:
            faults.append(error)
        except OSError as error:
            faults.append(JhaanError(f"{file}: can't be written: {error.strerror}. It is as it was."))
    for file in changed:
        print(file)
    if faults:
        both = JhaanError("\n".join(map(str, faults)))
        both.exit_code = max(error.exit_code for error in faults)
        raise both
    what = "not in style; run: jhaan format" if options.check else "changed"
    say(
        f"{len(changed)} of {len(files)} files {what}."
        if changed
        else f"All {len(files)} files are in style."
    )
    return 1 if changed and options.check else 0


def _turtle_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    files = sorted(file for file in path.rglob("*") if file.suffix in (".ttl", ".trig"))
    if not files:
        raise JhaanError(f"{path}: there is no Turtle file here, whose name ends in .ttl or .trig.")
    yield from files
