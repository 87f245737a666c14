"""A number of the graph against what the graph lists."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.statements import count_differences

REPORT = ("# 1. Network\n\nThe network has three agencies.\n",)
UNITS = """
jhaan:Agencies jhaan:countsObjectsOf org:hasMember, jhaan:participant .
jhaan:Seminars jhaan:countsSubjectsOf jhaan:inSeries .
"""
MEMBERS = "body:jhaan org:hasMember agency:fra, agency:eige ."


def quantity(of: str, unit: str, qualifier: str = "Exact", value: str = "jhaan:value 3") -> str:
    return (
        f"<http://x/n> jhaan:quantityOf {of} ; {value} ; jhaan:unit jhaan:{unit} ; "
        f"jhaan:qualifier jhaan:{qualifier} ; jhaan:statedIn <s/1/paragraph/1> ."
    )


def test_fewer_than_the_number() -> None:
    graph = graph_of(UNITS + MEMBERS + quantity("body:jhaan", "Agencies"))
    [found] = count_differences(graph, report_of(*REPORT))
    assert (found.line, found.kind.code) == (9, "count-differs")
    assert found.message == (
        "1 paragraph 1 counts 3 jhaan:Agencies of body:jhaan, but the graph lists 2: agency:eige, agency:fra."
    )


def test_more_than_the_number_in_the_other_direction() -> None:
    events = "event2023:a jhaan:inSeries concept:s . event2023:b jhaan:inSeries concept:s ."
    number = quantity("concept:s", "Seminars", value="jhaan:value 1")
    [found] = count_differences(graph_of(UNITS + events + number), report_of(*REPORT))
    assert "counts 1 jhaan:Seminars of concept:s, but the graph lists 2" in found.message


@pytest.mark.parametrize(
    "graph",
    [
        MEMBERS + "body:jhaan org:hasMember agency:cepol ." + quantity("body:jhaan", "Agencies"),
        # one member by each of two properties
        MEMBERS + "body:jhaan jhaan:participant agency:cepol ." + quantity("body:jhaan", "Agencies"),
        MEMBERS + quantity("body:jhaan", "Agencies", qualifier="Over"),
        MEMBERS + quantity("body:jhaan", "Agencies", value="jhaan:notStated jhaan:value"),
        MEMBERS + quantity("body:jhaan", "Plans"),  # nothing in the ontology counts plans
        MEMBERS + quantity("body:trio", "Agencies"),  # no list
    ],
)
def test_no_difference(graph: str) -> None:
    assert not list(count_differences(graph_of(UNITS + graph), report_of(*REPORT)))


def test_what_other_reports_alone_list_is_of_another_year() -> None:
    """The report has three members, of which it and a later report name two; the later one has two more."""

    def stated(name: str, agency: str, *passages: str) -> str:
        places = ", ".join(f"<{passage}>" for passage in passages)
        return (
            f"body:jhaan org:hasMember agency:{agency} . <http://x/{name}> rdf:subject body:jhaan ; "
            f"rdf:predicate org:hasMember ; rdf:object agency:{agency} ; jhaan:evidenceIn {places} ."
        )

    later = "https://w3id.org/jhaan/id/report/jhaan-2024/section/1/paragraph/1"
    graph = (
        stated("a", "fra", "s/1/paragraph/1", later)
        + stated("b", "eige", "s/1/paragraph/1")
        + stated("c", "cepol", later)
        + stated("d", "euaa", later)
    )
    [found] = count_differences(
        graph_of(UNITS + graph + quantity("body:jhaan", "Agencies")), report_of(*REPORT)
    )
    assert found.message.endswith("the graph lists 2: agency:eige, agency:fra.")
