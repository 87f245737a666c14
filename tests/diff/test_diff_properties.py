"""Whatever two releases hold: a release equals itself, and a difference leads from the old one to the new one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.diff.compare import compare
from jhaan_kg.diff.release import ReleaseContent, read_release
from jhaan_kg.diff.report import as_text, as_trig
from jhaan_kg.digests import node_for
from jhaan_kg.namespaces import GRAPH, PREFIXES, RDF_TYPE, expand, jhaan

STATED = (
    "ontology",
    "document/r-2021",
    "register/things",
    "report/r-2021/1",
    "curation/r-2021/x",
    "context/y",
)
FOLLOWING = "inferred/r-2021"
PASSAGES = [NamedNode(f"https://w3id.org/jhaan/id/report/r-2021/section/1/paragraph/{n}") for n in range(3)]
NAMES = [
    NamedNode(expand(name))
    for name in ("agency:a", "agency:b", "body:c", "jhaan:Ship", "jhaan:crew", "report:r-2021")
]
PROPERTIES = [
    RDF_TYPE,
    *(
        NamedNode(expand(name))
        for name in (
            "rdfs:label", "rdfs:subClassOf", "owl:deprecated", "dcterms:isReplacedBy", "skos:changeNote",
            "skos:definition", "jhaan:textDigest", "jhaan:crew",
        )
    ),
]  # fmt: skip
TRUE = Literal("true", datatype=NamedNode(PREFIXES["xsd"] + "boolean"))
LITERALS = st.one_of(
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
    st.builds(Literal, st.text('ab \n\x1b"\\', max_size=6), language=st.just("en")),
    st.just(TRUE),
)
TRIPLES = st.builds(
    Triple,
    st.sampled_from([*NAMES, *PASSAGES]),
    st.sampled_from(PROPERTIES),
    st.one_of(st.sampled_from([*NAMES, *PASSAGES]), LITERALS),
)
RELEASES = st.dictionaries(
    TRIPLES,
    st.tuples(st.sampled_from((*STATED, FOLLOWING)), st.sets(st.sampled_from(PASSAGES))),
    max_size=12,
)
Drawn = dict[Triple, tuple[str, set[NamedNode]]]


def release(drawn: Drawn) -> ReleaseContent:
    """Write a snapshot of the triples, each in its graph and with its passages, and read it."""
    graphs: dict[NamedNode, list[Triple]] = {}
    evidence = graphs.setdefault(NamedNode(GRAPH + "evidence/r-2021"), [])
    for triple, (graph, passages) in drawn.items():
        graphs.setdefault(NamedNode(GRAPH + graph), []).append(triple)
        node = node_for("assertion", triple)
        evidence += [
            Triple(node, RDF_TYPE, jhaan("Assertion")),
            *(
                Triple(node, NamedNode(expand(f"rdf:{part}")), term)
                for part, term in zip(("subject", "predicate", "object"), triple, strict=True)
            ),
            *(Triple(node, jhaan("evidenceIn"), passage) for passage in passages),
        ]
    with TemporaryDirectory() as folder:
        write_snapshot(Path(folder), graph_files(graphs), {"format": 1, "queries": []}, {})
        return read_release(Snapshot.open(Path(folder)))


def stated(drawn: Drawn) -> set[Triple]:
    return {triple for triple, (graph, _) in drawn.items() if graph != FOLLOWING}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RELEASES)
def test_a_release_does_not_differ_from_itself(drawn: Drawn) -> None:
    difference = compare(release(drawn), release(drawn))
    assert not difference
    assert as_text(difference).endswith("No differences.\n")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RELEASES, RELEASES)
@example(
    old={Triple(NAMES[0], RDF_TYPE, TRUE): ("ontology", set())},
    new={
        Triple(NAMES[0], NamedNode(expand(name)), TRUE): ("ontology", set())
        for name in ("owl:deprecated", "dcterms:isReplacedBy")
    },
)  # a successor that is no thing
def test_applied_to_the_old_release_it_gives_the_new_one(old: Drawn, new: Drawn) -> None:
    difference = compare(release(old), release(new))
    quads = list(parse(as_trig(difference), format=RdfFormat.TRIG))
    removed, added = (
        {quad.triple for quad in quads if str(quad.graph_name).endswith(f"/{name}>")}
        for name in ("removed", "added")
    )
    assert (stated(old) - removed) | added == stated(new)
    assert removed <= stated(old)
    assert not added & stated(old)
    following = ({t for t, (graph, _) in drawn.items() if graph == FOLLOWING} for drawn in (old, new))
    before, after = following
    assert difference.inferred == (len(before - after), len(after - before))
    told = as_text(difference)
    assert ("No differences." in told) is not bool(difference)
    assert not set(told) & set(map(chr, (*range(10), *range(11, 32), 127)))
