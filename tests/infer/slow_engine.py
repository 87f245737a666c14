"""The closure is the same in a process with another seed of hashing."""

from __future__ import annotations

import os
import subprocess
import sys

import print_closure


def test_same_result_with_any_hash_seed_and_order_of_triples() -> None:
    """This process has a seed of its own."""
    done = subprocess.run(
        [sys.executable, print_closure.__file__],
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = list(print_closure.lines())
    assert done.stdout.splitlines() == lines
    assert len(lines) > 100
