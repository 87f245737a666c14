"""What `jhaan serve` says where it can't start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bad_input import Run
from jhaan_kg.serve.config import listen

WRONG = {
    "unknown host": ("--host host.invalid", "Unknown host"),
    "a host without a label": ("--host a..b", "Unknown host"),
    "another's address": ("--host 192.0.2.1", "this machine does not have that address"),
    "port too high": ("--port 65536", 'must be a number from 0 to 65535, not "65536"'),
    "no workers": ("--workers 0", 'must be a number from 1 to 1000000000, not "0"'),
    "no time": ("--timeout 0", "--timeout"),
    "address without scheme": ("--public-url example.org", "must be an address such as https://"),
    "address with a query": ("--public-url https://a/?b", "must be an address such as https://"),
    "part of an option": ("--work 1", 'Unknown option "--work". Did you mean "--workers"?'),
    "open quote": ("--port 'x", "JHAAN_SERVE_OPTIONS must be written as on a command line"),
    "folder of something else": ("--snapshot .", "must be a snapshot or a checkout"),
    "no folder but a file": ("--snapshot /dev/null", "must be a snapshot or a checkout"),
}


@pytest.mark.parametrize(("options", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_start(
    options: str, said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong is said in one message, and nothing is served."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JHAAN_SERVE_OPTIONS", f"--port 0 {options}")
    code, out, err = run("serve")
    assert (code, out) == (2, "")
    assert said in err


def test_a_port_is_taken_by_one_server(run: Run) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        code, out, err = run("serve", "--port", str(port))
    assert (code, out) == (2, "")
    assert f"Cannot listen at 127.0.0.1:{port}: another program uses the port. Choose another" in err


@pytest.mark.parametrize("module", ["uvicorn", "starlette"])
def test_without_the_extra_it_is_said_how_to_install_it(
    module: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other packages bring some of the libraries, so that one may be there without another."""
    monkeypatch.setitem(sys.modules, module, None)
    assert run("serve", "--port", "0") == (
        2,
        "",
        f'jhaan: Missing library "{module}" of the extra "server". Install it: pip install {module}\n',
    )
