"""The page of every entity: it is there, each of its links has a name, and none leads to nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from every_page import Checked, is_evidence, paths
from serving import Serving

pytestmark = pytest.mark.release


SHARES = 4
"""Into how many tests the work is divided, which may run side by side."""


def test_most_of_the_graph_is_evidence() -> None:
    """Else the other tests would fetch less than they seem to."""
    assert len(paths()) > 25_000
    assert sum(not is_evidence(path) for path in paths()) > 2_500


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_there_and_its_links_lead_somewhere(server: Serving, share: int) -> None:
    with requests.Session() as session, ThreadPoolExecutor(2) as fetching:

        def get(path: str, accept: str) -> tuple[int, str, str]:
            reply = session.get(server.url + path, headers={"Accept": accept}, timeout=60)
            return reply.status_code, reply.headers["Content-Type"], reply.text

        checked = Checked(get)
        found = fetching.map(lambda path: list(checked.faults(path)), paths()[share::SHARES])
        assert [fault for of_page in found for fault in of_page] == []
