"""The server answers each stored question like the built-in engine."""

from __future__ import annotations

from pathlib import Path

from serving import serving

from compared import differing
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.query.endpoint import EndpointEngine, with_all_graphs


def test_the_server_answers_each_question_as_the_embedded_engine_does(tmp_path: Path) -> None:
    with serving(tmp_path, "--per-client", "50") as roomy:
        engine = with_all_graphs(EndpointEngine(roomy.sparql), evidence=True)
        assert differing(open_snapshot(), engine) == []
