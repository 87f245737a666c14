"""A release, made as `make release-files` makes it, is all that a user needs: each step from its files alone.

They lie in an empty folder, and nothing of the checkout is used but tools and pinned versions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from installing import BIN, INSTALLATION, clean_copy, install, run, shown
from packaging.utils import canonicalize_name
from serving import serving
from test_licences import EXCEPTIONS
from test_signature import GOOD, sign, verify

from bad_input import contents
from browser.window import chromium, window
from jhaan_kg import __version__
from programs import program
from servers.oxigraph import oxigraph
from static_site import broken_links

pytestmark = pytest.mark.release


NAME = f"jhaan-kg-{__version__}"
QUERY = ("query", "empact-co-run", "--cite")


@pytest.fixture(scope="module")
def work(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the files of a release, in its folder `dist`."""
    folder = tmp_path_factory.mktemp("release")
    checkout = folder / "checkout"
    clean_copy(root, checkout)
    git = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "release"]):
        subprocess.run([*git, *words], cwd=checkout, check=True)
    subprocess.run([sys.executable, checkout / ".ci" / "release.py"], cwd=checkout, check=True)
    (checkout / "dist" / __version__).rename(folder / "dist")
    shutil.rmtree(checkout)
    return folder


@pytest.fixture(scope="module")
def unpacked(work: Path) -> Path:
    """The same folder, with data and site unpacked as the page shows."""
    (command,) = shown(INSTALLATION, "Use a release")
    subprocess.run(["bash", "-ec", command], cwd=work, check=True)
    return work


@pytest.fixture(scope="module")
def jhaan(work: Path, pins: Path) -> Path:
    """The command, installed from the wheel of the release with the extra for the server."""
    (wheel,) = (work / "dist").glob("*.whl")
    install(wheel, work / "env", pins, "server")
    return work / "env" / "bin" / "jhaan"


def test_the_files_are_those_of_the_page_and_can_be_verified(work: Path) -> None:
    names = {path.name for path in (work / "dist").iterdir()}
    page = INSTALLATION.read_text(encoding="utf-8").partition("## Use a release")[2].partition("\n## ")[0]
    assert names == set(re.findall(r"^\| `(\S+)` \|", page.replace("VERSION", __version__), re.MULTILINE))
    sign(work)
    (checked, listed), (signed, said) = verify(work)
    assert (checked, signed) == (0, 0)
    assert listed.count(": OK\n") == len(names) - 1
    assert said.startswith(GOOD)


def test_the_wheel_answers_a_question(jhaan: Path, work: Path, environment: Mapping[str, str]) -> None:
    done = run(jhaan, *QUERY, cwd=work, environment=environment)
    assert (done.returncode, "Frontex" in done.stdout) == (0, True), done.stderr


def test_the_server_answers_a_request(
    jhaan: Path, tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path, environment=environment, program=[jhaan]) as server:
        answer = requests.get(f"{server.url}/questions/empact-co-run.csv", timeout=60)
        assert (answer.status_code, "Frontex" in answer.text) == (200, True)


def test_a_store_loaded_with_the_data_gives_the_same_answer(
    jhaan: Path, unpacked: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    data = unpacked / f"{NAME}-data"
    sums = run("sha256sum", "--quiet", "--check", "SHA256SUMS", cwd=data, environment=environment)
    assert (sums.returncode, sums.stdout, sums.stderr) == (0, "", "")
    load = [
        BIN / "oxigraph",
        "load",
        "--location",
        tmp_path / "store",
        "--file",
        data / "dataset" / "jhaan.nq.gz",
    ]
    subprocess.run(load, check=True, capture_output=True)
    own = run(jhaan, *QUERY, "--format", "csv", cwd=tmp_path, environment=environment)
    with oxigraph(tmp_path, union=True, read_only=True) as server:
        asked = [*QUERY, "--format", "csv", "--endpoint", server.query]
        stored = run(jhaan, *asked, cwd=tmp_path, environment=environment)
    assert (stored.returncode, stored.stdout) == (0, own.stdout), stored.stderr
    assert "Frontex" in own.stdout


def test_the_site_opens_from_its_folder(unpacked: Path) -> None:
    site = unpacked / f"{NAME}-site"
    files = {name: data for name, data in contents(site).items() if isinstance(data, bytes)}
    assert list(broken_links(files)) == []
    with (
        chromium(program("chromium", "chromium")) as browser,
        window(browser, f"{site.as_uri()}/") as shown_in,
    ):
        shown_in.tab.goto((site / "index.html").as_uri())
        shown_in.tab.get_by_role("navigation", name="Main").get_by_role("link", name="The report").click()
        shown_in.tab.wait_for_url("**/read.html")
        assert shown_in.tab.locator("h1").is_visible()
        assert (shown_in.said, shown_in.failed) == ([], [])


def test_the_sbom_lists_all_libraries_with_versions_and_licences(work: Path, root: Path) -> None:
    text = (work / "dist" / f"{NAME}.cdx.json").read_text(encoding="utf-8")
    sbom = json.loads(text)
    package = sbom["metadata"]["component"]
    assert (package["name"], package["version"]) == ("jhaan-kg", __version__)
    pins = (root / "requirements" / "all.txt").read_text(encoding="utf-8")
    pinned = {
        match["name"]: match["marker"]
        for match in re.finditer(r"^(?P<name>\S+==\S+)(?P<marker> ;)?", pins, re.M)
    }
    listed = {part["purl"].removeprefix("pkg:pypi/").replace("@", "==") for part in sbom["components"]}
    assert {name for name, marker in pinned.items() if not marker} <= listed <= pinned.keys()
    without = {canonicalize_name(part["name"]) for part in sbom["components"] if not part.get("licenses")}
    assert without == EXCEPTIONS.keys()
    assert "timestamp" not in sbom["metadata"]
    assert "serialNumber" not in sbom
    assert str(work.parent) not in text
