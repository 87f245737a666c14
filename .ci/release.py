"""Build the files of a release, twice, into `dist/VERSION/`: `release.py`, or `release.py check` to check only HEAD.

Each build starts from a clone of HEAD in a folder of its own. The wheel is built from the sdist and installed with
the pinned versions of all extras. It then exports the data release and the static site. Both builds must have the
same bytes.
"""

from __future__ import annotations

import filecmp
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
SURROUNDINGS = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/Anchorage", "LC_ALL": "POSIX"},
)
"""What differs between the two builds, and must not change a byte."""

SHOWN = 10
"""How many names a message lists."""


def run(*command: str | Path, cwd: Path = ROOT, **settings: str) -> str:
    """Run a program without settings of this user, and return what it prints."""
    around = {name: os.environ[name] for name in os.environ if not name.startswith(("JHAAN_", "PYTHON"))}
    around.pop("SOURCE_DATE_EPOCH", None)
    done = subprocess.run(
        command, cwd=cwd, env=around | settings, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def listed(names: list[str]) -> str:
    """Return the first names of a list, and how many there are more."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def clean_head() -> str:
    """Return the commit of HEAD, or exit if the working tree has changes."""
    changes = run("git", "status", "--porcelain", "-z").split("\0")
    if names := [change[3:] for change in changes if change[2:3] == " "]:
        sys.exit(
            f"The working tree has changes: {listed(names)}. Commit or remove them, then make the release again."
        )
    return run("git", "rev-parse", "HEAD").strip()


def build(commit: str, folder: Path, settings: dict[str, str]) -> Path:
    """Build a release from a clone of its own; return the folder with its files, packed and unpacked."""
    clone, built, env = folder / "jhaan-kg", folder / "built", folder / "env"
    settings = {"JHAAN_REPORT": "", "JHAAN_CACHE": str(folder / "cache")} | settings
    run("git", "clone", "--quiet", "--no-checkout", ROOT, clone)
    run("git", "checkout", "--quiet", commit, cwd=clone)
    pins = clone / "requirements"
    python = ("--quiet", "--python", sys.executable)
    build_pins = ("--build-constraints", pins / "dev.txt", "--require-hashes")
    run(UV, "build", *python, *build_pins, "--out-dir", built, clone, **settings)
    (built / ".gitignore").unlink(missing_ok=True)
    (wheel,) = built.glob("*.whl")
    name = f"jhaan-kg-{wheel.name.split('-')[1]}"

    run(UV, "venv", *python, env)
    run(UV, "pip", "install", "--quiet", "--python", env, "--require-hashes", "-r", pins / "all.txt")
    run(UV, "pip", "install", "--quiet", "--python", env, "--no-deps", wheel)
    for form, ending in (("release", "data"), ("site", "site")):
        run(env / "bin" / "jhaan", "export", form, "-o", built / f"{name}-{ending}", cwd=folder, **settings)
    write_sbom(env, clone, built / f"{name}.cdx.json", settings)
    issued = json.loads((built / f"{name}-data" / "manifest.json").read_bytes())["issued"]
    for ending in ("data", "site"):
        pack(built / f"{name}-{ending}", issued)
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files_of(built)}
    (built / "SHA256SUMS").write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
    return built


def write_sbom(env: Path, clone: Path, file: Path, settings: dict[str, str]) -> None:
    """Write the software bill of materials (CycloneDX) of an environment, for the package of a clone."""
    project = ("--pyproject", clone / "pyproject.toml", "--output-reproducible")
    written = run(sys.executable, "-m", "cyclonedx_py", "environment", *project, env, **settings)
    sbom = json.loads(written)
    sbom["metadata"]["component"]["version"] = file.name.removesuffix(".cdx.json").rpartition("-")[2]
    file.write_text(json.dumps(sbom, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def pack(folder: Path, issued: str) -> None:
    """Pack a folder beside it; the bytes depend on paths, contents and the day of the release."""
    seconds = int(datetime.fromisoformat(issued).replace(tzinfo=UTC).timestamp())
    with (
        folder.with_name(f"{folder.name}.tar.gz").open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        paths = {path.relative_to(folder.parent).as_posix(): path for path in folder.rglob("*")}
        for name in sorted(name for name, path in paths.items() if path.is_file()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = paths[name].stat().st_size, seconds
            with paths[name].open("rb") as content:
                archive.addfile(entry, content)


def files_of(built: Path) -> list[Path]:
    """Return the files of a release, without the unpacked ones."""
    return [path for path in sorted(built.iterdir()) if path.is_file()]


def differing(one: Path, other: Path) -> list[str]:
    """Return the paths of the files that differ between two folders, or that only one of them has."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file()
    }
    _, mismatches, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted([*mismatches, *missing])


def release(commit: str) -> None:
    """Build a release twice, and put its files into `dist/VERSION` if the bytes are the same."""
    scratch = Path(tempfile.mkdtemp(prefix="jhaan-release-"))
    try:
        builds = []
        for number, settings in enumerate(SURROUNDINGS, 1):
            sys.stderr.write(f"Building the release from a clone of {commit[:12]}, {number} of 2 …\n")
            folder = scratch / f"build {number}"
            folder.mkdir()
            builds.append(build(commit, folder, settings))
    except BaseException:
        shutil.rmtree(scratch)
        raise
    if names := differing(*builds):
        sys.exit(
            f"The two builds differ: {listed(names)}. No release was written. Compare {builds[0]} with {builds[1]}."
        )
    (wheel,) = builds[0].glob("*.whl")
    place = ROOT / "dist" / wheel.name.split("-")[1]
    files = files_of(builds[0])
    _, others, _ = filecmp.cmpfiles(place, builds[0], [file.name for file in files], shallow=False)
    if others:  # they may be signed or published
        shutil.rmtree(scratch)
        sys.exit(
            f"{place.relative_to(ROOT)} has another build of this version: {listed(others)}. No release was written. "
            "Move that folder away, then make the release again."
        )
    place.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, place)
    shutil.rmtree(scratch)
    sys.stderr.write(f"{len(files)} files in {place.relative_to(ROOT)}, built twice with the same bytes\n")


def main(arguments: list[str]) -> None:
    """Check HEAD, and build the release unless only the check was asked for."""
    try:
        commit = clean_head()
        if arguments != ["check"]:
            release(commit)
    except subprocess.CalledProcessError as error:
        sys.exit(f"No release was written: {' '.join(map(str, error.cmd))} failed, see above.")
    except KeyboardInterrupt:
        sys.exit("Interrupted. No release was written.")


if __name__ == "__main__":
    main(sys.argv[1:])
