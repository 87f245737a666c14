"""Where credentials come from."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.web.credentials import Credentials, ask_for_credentials, find_credentials

URL = "https://store.example.org:8443/sparql"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"JHAAN_STORE_{name}", raising=False)
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_none() -> None:
    assert find_credentials(URL) is None


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine store.example.org login bob password x\n", encoding="utf-8")
    assert find_credentials(URL) == Credentials("bob", "x")
    monkeypatch.setenv("JHAAN_STORE_USER", "ada")
    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "")
    assert find_credentials(URL) == Credentials("ada", "")


def test_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_STORE_TOKEN", "abc.def-123=")
    assert find_credentials(URL) == Credentials(None, None, "abc.def-123=")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("machine other.example.org login bob password x", None),
        ("machine store.example.org\n  login bob\n  password 'pä ss'", Credentials("bob", "'pä")),
        ("default login all password y", Credentials("all", "y")),
        ("machine store.example.org login bob", Credentials("bob", "")),
        ("", None),
    ],
)
def test_the_file_that_netrc_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: str, found: Credentials | None
) -> None:
    file = tmp_path / "other"
    file.write_text(lines + "\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(file))
    if "'" in lines:  # netrc knows no spaces in a word without double quotes
        with pytest.raises(JhaanError, match=r"Cannot read .*other: syntax error at line \d\.") as caught:
            find_credentials(URL)
        assert "ss'" not in str(caught.value)
    else:
        assert find_credentials(URL) == found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"USER": "ada"}, "Set both JHAAN_STORE_USER and JHAAN_STORE_PASSWORD"),
        ({"PASSWORD": "s3cret"}, "Set both JHAAN"),
        ({"USER": "", "PASSWORD": "s3cret"}, "Set both JHAAN"),
        ({"USER": "ada", "PASSWORD": "s3cret", "TOKEN": "t"}, "Set either JHAAN_STORE_TOKEN, or"),
        ({"USER": "ada", "PASSWORD": "s3cret\n"}, "Control character"),
        ({"TOKEN": ""}, "JHAAN_STORE_TOKEN must consist of"),
        ({"TOKEN": "s3cret token"}, "without spaces"),
        ({"TOKEN": "s3cret\n"}, "must consist of ASCII characters"),
    ],
)
def test_what_can_not_be_used(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], message: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"JHAAN_STORE_{name}", value)
    with pytest.raises(JhaanError, match=message) as caught:
        find_credentials(URL)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", "/no/such/file")
    with pytest.raises(JhaanError, match="Cannot open /no/such/file: no such file"):
        find_credentials(URL)


def test_no_text_of_credentials_shows_a_secret() -> None:
    for given in (Credentials("ada", "s3cret"), Credentials(None, None, "s3cret")):
        assert "s3cret" not in f"{given} {given!r}"
        assert "***" in repr(given)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_somebody_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal("ada\n"))
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: stream.write(prompt) and "s3cret")
    assert ask_for_credentials(URL) == Credentials("ada", "s3cret")
    assert said.getvalue() == "User for store.example.org:8443: Password of ada: "
    assert capsys.readouterr().out == ""


def test_nobody_is_asked_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ada\n"))
    with pytest.raises(JhaanError, match=r"store\.example\.org:8443 needs a name and a password\."):
        ask_for_credentials(URL)
