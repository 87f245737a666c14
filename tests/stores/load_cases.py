"""Cases of loads into a store: its content afterwards, the untouched data, and the messages.

The test files of `load` name the stores.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import KINDS, DefaultGraph
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.plan import Action, LoadPlan
from jhaan_kg.stores.load.store import open_store
from jhaan_kg.stores.normal import normal_line
from servers import Server
from small_graph import BIG, FOREIGN, NEAR, NEW, ODD, OLD, OLD_ONLY, release, triple

Graphs = Mapping[str, list[Triple]]


def lines(triples: Iterable[Triple]) -> list[str]:
    """Return triples as sorted lines in normal form."""
    return sorted(map(normal_line, triples))


def held(server: Server, graph: str | None) -> list[str]:
    """Return the triples of a graph in a store as sorted lines in normal form."""
    return lines(server.triples(graph))


def put(server: Server, graph: str, triples: Iterable[Triple]) -> None:
    """Insert triples into a graph directly, without the code under test."""
    server.change(f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'{one} .' for one in triples)} }} }}")


def of(graphs: Graphs, server: Server) -> Graphs:
    """Return the graphs of a release that a store can contain."""
    return {graph: found for graph, found in graphs.items() if graph != ODD or server.kind != "blazegraph"}


def assert_loaded(server: Server) -> None:
    """Assert that a store contains exactly the triples of the newer release."""
    for graph, triples in of(NEW, server).items():
        assert held(server, graph) == lines(triples), graph


def loading(server: Server, request: Request) -> Loading:
    return Loading(open_store(server.url, server.kind, 120), request)


def carry_out(work: Loading, *, default_graph: bool = False) -> LoadPlan:
    """Carry out a load, assert that the store contains the data, and return the plan."""
    plan = work.plan_default_graph() if default_graph else work.plan()
    work.carry_out(plan)
    assert work.differences(plan) == []
    return plan


def load(server: Server, request: Request, *, default_graph: bool = False) -> LoadPlan:
    return carry_out(loading(server, request), default_graph=default_graph)


def actions(plan: LoadPlan) -> dict[str | None, Action]:
    return {step.graph: step.action for step in plan.steps}


@pytest.fixture
def new(tmp_path: Path, server: Server) -> Request:
    return release(tmp_path / "new", of(NEW, server))


@pytest.fixture
def old(tmp_path: Path, server: Server) -> Request:
    return release(tmp_path / "old", of(OLD, server))


def test_an_empty_store_holds_the_release_and_a_second_load_has_nothing_to_send(
    server: Server, new: Request
) -> None:
    assert set(actions(load(server, new)).values()) == {Action.NEW}
    assert_loaded(server)
    work = loading(server, new)
    plan = work.plan()
    assert set(actions(plan).values()) == {Action.SAME}
    assert work.script(plan) == []
    shown_by_all = server.kind in ("virtuoso", "rdf4j", "blazegraph") or is_union(server)
    assert work.is_found_without_graph(plan) is shown_by_all


def is_union(server: Server) -> bool:
    """Whether a server is Fuseki with the union of the named graphs as default graph."""
    return server.kind == "fuseki" and "unionDefaultGraph true" in (server.folder / "fuseki.ttl").read_text()


def test_an_older_release_becomes_the_new_one_and_what_is_gone_goes(
    server: Server, old: Request, new: Request
) -> None:
    load(server, old)
    done = actions(load(server, new))
    assert {graph for graph, action in done.items() if action is Action.CHANGED} == {
        GRAPH + "register/things",  # the same number of triples, but different ones
        GRAPH + "report/jhaan-2023/1",
    }
    assert done[OLD_ONLY] is Action.GONE
    assert held(server, OLD_ONLY) == []
    assert_loaded(server)


def test_a_load_goes_on_where_another_has_stopped(server: Server, new: Request) -> None:
    put(server, GRAPH + "context/places", NEW[GRAPH + "context/places"])
    put(server, BIG, NEW[BIG][:300])
    done = actions(load(server, new))
    assert done[GRAPH + "context/places"] is Action.SAME
    assert done[BIG] is Action.CHANGED
    assert done[GRAPH + "register/things"] is Action.NEW
    assert held(server, BIG) == lines(NEW[BIG])


def test_graphs_of_others_are_left_alone(server: Server, old: Request, new: Request) -> None:
    theirs = [triple("a", "theirs"), *NEW[GRAPH + "context/places"]]
    for graph in (FOREIGN, NEAR):
        put(server, graph, theirs)
    for request in (old, new, new):
        load(server, request)
    for graph in (FOREIGN, NEAR):
        assert held(server, graph) == lines(theirs)
    assert not {FOREIGN, NEAR} & actions(loading(server, new).plan()).keys()


def test_a_graph_without_evidence_loses_it(server: Server, new: Request) -> None:
    load(server, new)
    assert actions(load(server, new._replace(evidence=False)))[BIG] is Action.GONE
    assert held(server, BIG) == []


def test_what_the_store_holds_otherwise_is_told_with_samples(server: Server, new: Request) -> None:
    work = loading(server, new)
    plan = carry_out(work)
    place, register = GRAPH + "context/places", GRAPH + "register/things"
    server.change(f"DELETE DATA {{ GRAPH <{register}> {{ {NEW[register][0]} }} }}")
    put(server, register, [triple("a", "not ours")])
    put(server, place, [triple("a", "one more")])
    put(server, OLD_ONLY, [triple("a", "loaded by somebody else")])
    missing, extra = (tuple(lines([one])) for one in (NEW[register][0], triple("a", "not ours")))
    found = {difference.graph: difference for difference in work.differences(plan)}
    assert set(found) == {place, register, OLD_ONLY}
    assert (found[register].missing, found[register].extra) == (missing, extra)
    assert found[place][1:4] == (1, 2, ())
    assert found[OLD_ONLY][1:3] == (0, 1)


def see_one_change(server: Server, folder: Path, count: int, most_rows: int | None) -> None:
    """Load a graph, change one triple directly in the store, and assert that the program detects it."""
    request = release(folder / "big", {BIG: [triple(f"{number:05d}", "value") for number in range(count)]})
    store = open_store(server.url, server.kind, 120)
    store.kind = store.kind._replace(most_rows=most_rows)
    work = Loading(store, request)
    carry_out(work)
    assert actions(work.plan()) == {BIG: Action.SAME}
    server.change(f"DELETE DATA {{ GRAPH <{BIG}> {{ {triple(f'{count - 1:05d}', 'value')} }} }}")
    put(server, BIG, [triple(f"{count - 1:05d}", "changed")])
    assert actions(work.plan()) == {BIG: Action.CHANGED}


def test_a_graph_is_read_in_slices(server: Server, tmp_path: Path) -> None:
    see_one_change(server, tmp_path, 900, 100)


def test_a_dry_run_changes_nothing_and_its_script_does_the_load(
    server: Server, old: Request, new: Request, tmp_path: Path
) -> None:
    load(server, old)
    put(server, FOREIGN, [triple("a", "theirs")])
    work = loading(server, new)
    script = work.script(work.plan())
    assert held(server, OLD_ONLY) == lines(OLD[OLD_ONLY])
    file = tmp_path / "load.sh"
    file.write_text("\n".join(script) + "\n")
    done = subprocess.run(["sh", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert held(server, OLD_ONLY) == []
    assert_loaded(server)
    assert held(server, FOREIGN) == lines([triple("a", "theirs")])


def test_each_request_is_shown_before_it_is_sent(server: Server, new: Request) -> None:
    shown: list[str] = []
    work = Loading(open_store(server.url, server.kind, 120, shown.append), new)
    plan = carry_out(work)
    sent = [line for line in work.script(plan) if "curl" in line]
    assert "GROUP BY ?graph" in shown[0]
    assert len(shown) == 1 + len(sent) + len(plan.writes) + 1, "each graph is read back, and all are counted"
    assert all("curl -sS --fail-with-body" in line for line in shown)
    assert not any("sesame" in line for line in shown), "the password"


def test_a_store_of_no_known_kind_is_loaded_by_what_it_was_found_to_take(
    server: Server, tmp_path: Path
) -> None:
    put(server, FOREIGN, [triple("a", "theirs")])
    store = open_store(server.query, "generic", 120)
    assert store.note
    carry_out(Loading(store, release(tmp_path / "new", of(NEW, server))))
    assert_loaded(server)
    assert held(server, FOREIGN) == lines([triple("a", "theirs")])


# --- the default graph -------------------------------------------------------------------------------------


@pytest.fixture
def own_default(server: Server) -> Server:
    """A store whose default graph is separate from the named graphs."""
    if server.kind == "virtuoso":
        pytest.skip("Virtuoso has no default graph of its own")
    if is_union(server):
        pytest.skip("its default graph is a union")
    return server


def flat(server: Server) -> list[str]:
    graphs = of(NEW, server).items()
    return lines(one for graph, triples in graphs if "/evidence/" not in graph for one in triples)


@pytest.mark.parametrize("present", [0, 1])
def test_a_default_graph_with_nothing_but_the_release_is_filled_up(
    present: int, own_default: Server, new: Request
) -> None:
    for one in NEW[GRAPH + "register/things"][:present]:
        own_default.change(f"INSERT DATA {{ {one} }}")
    done = load(own_default, new, default_graph=True)
    assert actions(done) == {None: Action.CHANGED if present else Action.NEW}
    assert held(own_default, None) == flat(own_default)
    assert held(own_default, BIG) == []
    assert actions(load(own_default, new, default_graph=True)) == {None: Action.SAME}


def test_named_graphs_stay_when_the_default_graph_is_loaded(own_default: Server, new: Request) -> None:
    load(own_default, new)
    if KINDS[own_default.kind].default_graph is DefaultGraph.UNION:
        with pytest.raises(JhaanError, match="already has named graphs of this project"):
            loading(own_default, new).plan_default_graph()
    else:
        load(own_default, new, default_graph=True)
        assert held(own_default, None) == flat(own_default)
    assert held(own_default, BIG) == lines(NEW[BIG])


def test_a_default_graph_with_something_else_is_refused_and_left_alone(
    own_default: Server, new: Request
) -> None:
    own_default.change(f"INSERT DATA {{ {triple('a', 'theirs')} }}")
    with pytest.raises(JhaanError, match=r"that are not of this release, such as: .*theirs") as error:
        loading(own_default, new).plan_default_graph()
    assert error.value.exit_code == 2
    assert held(own_default, None) == lines([triple("a", "theirs")])
