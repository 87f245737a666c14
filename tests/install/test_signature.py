"""Signing the checksums of a release, and verifying a download, with the commands of the pages."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from installing import INSTALLATION, shown

from programs import program

pytestmark = pytest.mark.release


VERSIONING = INSTALLATION.with_name("versioning.md")
GOOD = 'Good "jhaan-release" signature for jhaan-kg with ED25519 key '


def write_sums(folder: Path) -> None:
    files = [file for file in sorted(folder.iterdir()) if not file.name.startswith("SHA256SUMS")]
    sums = "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (folder / "SHA256SUMS").write_text(sums)


def sign(work: Path) -> None:
    """Sign the checksums of a release in the folder `dist`, as the page on versions shows, with a new key."""
    program("ssh-keygen", "ssh-keygen")
    (work / "docs").mkdir(exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", work / "KEY"], check=True)
    commands = shown(VERSIONING, "How a release is made")
    assert [command.split()[0] for command in commands] == ["ssh-keygen", "echo"]
    for command in commands:
        subprocess.run(["bash", "-ec", command.replace("/VERSION/", "/")], cwd=work, check=True)
    (work / "docs" / "allowed_signers").rename(work / "allowed_signers")


def verify(work: Path) -> list[tuple[int, str]]:
    """Verify the release, as the page on installation shows; return exit codes and outputs of the two commands."""
    commands = shown(INSTALLATION, "Verify a download")
    done = [
        subprocess.run(["bash", "-ec", command], cwd=work, capture_output=True, text=True, check=False)
        for command in commands
    ]
    return [(each.returncode, each.stdout) for each in done]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with a small release, signed."""
    (tmp_path / "dist").mkdir()
    for name in ("jhaan-kg-site.tar.gz", "jhaan_kg.whl"):
        (tmp_path / "dist" / name).write_text(name)
    write_sums(tmp_path / "dist")
    sign(tmp_path)
    return tmp_path


def test_the_files_that_were_signed_are_good(work: Path) -> None:
    (checked, listed), (signed, said) = verify(work)
    assert (checked, listed) == (0, "jhaan-kg-site.tar.gz: OK\njhaan_kg.whl: OK\n")
    assert signed == 0
    assert said.startswith(GOOD)


def test_a_changed_file_is_found_also_with_changed_checksums(work: Path) -> None:
    (work / "dist" / "jhaan_kg.whl").write_text("other bytes")
    (checked, listed), (signed, _) = verify(work)
    assert (checked, signed) == (1, 0)
    assert "jhaan_kg.whl: FAILED\n" in listed
    write_sums(work / "dist")
    (checked, _), (signed, said) = verify(work)
    assert (checked, signed, GOOD in said) == (0, 255, False)


def test_another_key_and_another_purpose_are_rejected(work: Path) -> None:
    ours, signature = (work / "allowed_signers").read_bytes(), work / "dist" / "SHA256SUMS.sig"
    for path in (work / "KEY", signature):
        path.unlink()
    sign(work)
    assert verify(work)[1][0] == 0
    (work / "allowed_signers").write_bytes(ours)
    assert verify(work)[1][0] == 255
    signature.unlink()
    sign_for_mail = ["ssh-keygen", "-q", "-Y", "sign", "-f", "KEY", "-n", "mail", "dist/SHA256SUMS"]
    subprocess.run(sign_for_mail, cwd=work, check=True)
    assert verify(work)[1][0] == 255
