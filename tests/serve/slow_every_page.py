"""Some pages of each type of entity: they are there, each link has a name, and none leads to nothing.

`trial_every_page.py` fetches all.
"""

from __future__ import annotations

import re

from every_page import Checked, is_evidence, paths
from in_process import Site


def test_most_of_the_graph_is_evidence() -> None:
    """Else the other tests would fetch less than they seem to."""
    assert len(paths()) > 25_000
    assert sum(not is_evidence(path) for path in paths()) > 2_500


def test_pages_are_there_and_their_links_lead_somewhere(site: Site) -> None:
    """The first and the last of each folder, since their names begin with the type; and each twelfth."""
    named: dict[str, list[str]] = {}
    for path in paths():
        named.setdefault(re.sub(r"/section/[^/]*|/[^/]*$", "", path), []).append(path)
    chosen = {path for each in named.values() for path in (each[0], each[-1])}
    chosen |= {
        *[path for path in paths() if not is_evidence(path)][::12],
        *filter(is_evidence, paths()[::400]),
    }

    def get(path: str, accept: str) -> tuple[int, str, str]:
        reply = site.fetch(path, accept)
        return reply.status_code, reply.headers["Content-Type"], reply.text

    checked = Checked(get)
    assert [fault for path in sorted(chosen) for fault in checked.faults(path)] == []
