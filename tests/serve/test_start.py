"""What `jhaan serve` says where it can't start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bad_input import Run

NO_HOST = "Unknown host"
WRONG = {
    "no address": ("--host 300.1.1.1", NO_HOST),
    "unknown host": ("--host host.invalid", NO_HOST),
    "empty host": ("--host ''", NO_HOST),
    "a host without a label": ("--host a..b", NO_HOST),
    "a label that is too long": (f"--host {'x' * 64}", NO_HOST),
    "another's address": ("--host 192.0.2.1", "this machine does not have that address"),
    "port too high": ("--port 65536", 'must be a number from 0 to 65535, not "65536"'),
    "port below 0": ("--port -1", ""),
    "port in words": ("--port http", 'must be a number from 0 to 65535, not "http"'),
    "no workers": ("--workers 0", 'must be a number from 1 to 1000000000, not "0"'),
    "half a mebibyte": ("--memory 1.5", 'must be a number from 1 to 1000000000, not "1.5"'),
    "no time": ("--timeout 0", "--timeout"),
    "time that is no number": ("--timeout nan", "--timeout"),
    "address without scheme": ("--public-url example.org", "must be an address such as https://"),
    "address with a query": ("--public-url https://a/?b", "must be an address such as https://"),
    "part of an option": ("--work 1", 'Unknown option "--work". Did you mean "--workers"?'),
    "word": ("all", 'Unexpected argument "all".'),
    "wrong option": ("--prot 1", 'Unknown option "--prot". Did you mean "--port"?'),
    "open quote": ("--port 'x", "JHAAN_SERVE_OPTIONS must be written as on a command line"),
    "folder of something else": ("--snapshot .", "must be a snapshot or a checkout"),
    "no folder": ("--snapshot nowhere", "must be a snapshot or a checkout"),
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
