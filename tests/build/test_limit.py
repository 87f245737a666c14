"""Sources limited to one report, on small sources with two reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from tiny_sources import write

from jhaan_kg.build.assemble import assemble
from jhaan_kg.build.cache import snapshot_for
from jhaan_kg.build.files import Kind
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import Sources, limit_sources, read_sources
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import GRAPH, SCHEMA, XSD, expand


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return read_sources(write(tmp_path_factory.mktemp("limit")))


def registered(sources: Sources) -> set[str]:
    return {
        str(statement.triple.subject).rpartition("/")[2].rstrip(">")
        for statement in sources.statements(Kind.REGISTER)
    }


def test_only_the_files_of_the_report_and_those_of_none_stay(sources: Sources) -> None:
    limited = limit_sources(sources, "fbn-2022")
    assert {file.entry.report for file in limited.files} == {"", "fbn-2022"}
    assert list(limited.trees) == ["fbn-2022"]
    assert [file.name for file in limited.of_kind(Kind.LEXICON)] == ["data/curation/lexicon.ttl"]


def test_the_register_lacks_what_only_the_other_report_mentions(sources: Sources) -> None:
    # The fleet and the isle are only in the other report too, but external facts about this one's link to them.
    assert registered(sources) - registered(limit_sources(sources, "fbn-2022")) == {"south", "fbn-2021"}
    assert registered(sources) - registered(limit_sources(sources, "fbn-2021")) == {
        *("fbn-2022", "port", "quay")  # an external fact about the quay places it in the port
    }


def test_external_facts_about_what_is_gone_go_too(tmp_path: Path) -> None:
    fact = "<https://w3id.org/jhaan/id/remark/a> <https://w3id.org/jhaan/ontology#partner> "
    more = {
        "data/context/south.ttl": f"{fact}<https://w3id.org/jhaan/id/agency/south> .\n",
        "data/context/north.ttl": f"{fact.replace('/a>', '/b>')}<https://w3id.org/jhaan/id/agency/north> .\n",
    }
    limited = limit_sources(read_sources(write(tmp_path, **more)), "fbn-2022")
    subjects = {str(statement.triple.subject) for statement in limited.statements(Kind.CONTEXT)}
    assert "<https://w3id.org/jhaan/id/remark/b>" in subjects
    assert "<https://w3id.org/jhaan/id/remark/a>" not in subjects


def test_what_a_report_mentions_of_another_stays(tmp_path: Path) -> None:
    about = "<https://w3id.org/jhaan/ontology#concernsThing> <https://w3id.org/jhaan/id/report/fbn-2021>"
    more = {"data/context/other.ttl": f"<https://w3id.org/jhaan/id/agency/north> {about} .\n"}
    limited = limit_sources(read_sources(write(tmp_path, **more)), "fbn-2022")
    assert "fbn-2021" in registered(limited)


def test_a_statement_of_both_is_in_the_graph_of_each(sources: Sources) -> None:
    day = Literal("2021-05-04", datatype=NamedNode(XSD + "date"))
    both = Triple(NamedNode(expand("event2023:moot")), NamedNode(SCHEMA + "startDate"), day)
    for report in ("fbn-2021", "fbn-2022"):
        assembled = assemble(limit_sources(sources, report))
        assert both in assembled.graphs[NamedNode(f"{GRAPH}report/{report}/1")]
        assert {f"/report/{report}/" in passage.value for passage in assembled.assertions[both].passages} == {
            True
        }


def test_an_unknown_report_is_refused(sources: Sources) -> None:
    with pytest.raises(JhaanError, match=r'Unknown report "fbn-2023"\. Choose one of: fbn-2021, fbn-2022\.'):
        snapshot_for(sources.root, Progress(), "fbn-2023")
