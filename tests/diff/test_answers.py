"""Questions of two catalogues, and their answers on two graphs."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from jhaan_kg.diff.compare import AnswerChange, QuestionChange, compare_question, compare_questions
from jhaan_kg.query.catalogue import Catalogue, Parameter, StoredQuery
from jhaan_kg.query.engine import Answer, StoreEngine

ASK = "SELECT ?boat ?crew WHERE {\n  # VALUES ?crew\n  ?boat <urn:crew> ?crew }"


def question(name: str = "who", text: str = ASK, **more: object) -> StoredQuery:
    parameters = (Parameter("crew", "integer", "how many", ("3",)),) if "VALUES" in text else ()
    made = StoredQuery(
        name, "boats", f"queries/boats/{name}.rq", 4, f"{name}?", "", ("boats",), parameters, text
    )
    return made._replace(**more)  # type: ignore[arg-type]


def engine(turtle: str) -> StoreEngine:
    store = Store()
    store.extend(parse(turtle, format=RdfFormat.TURTLE))
    return StoreEngine(store)


def changes(old: str, new: str, before: StoredQuery, after: StoredQuery) -> list[AnswerChange]:
    change = compare_question(engine(old), before, engine(new), after)
    return [change] if change.differs or change.problem else []


def test_new_gone_and_changed_questions() -> None:
    old = Catalogue([question("gone"), question("kept"), question("told")])
    told = question("told", summary="Told otherwise?")
    new = Catalogue([question("kept"), told, question("new")])
    assert compare_questions(old, new) == [
        QuestionChange("gone", question("gone"), None),
        QuestionChange("new", None, question("new")),
        QuestionChange("told", question("told"), told),
    ]
    assert [change.sort for change in compare_questions(old, new)] == ["gone", "new", "changed"]


def test_where_a_question_stands_and_what_may_be_chosen_is_no_change() -> None:
    moved = question(path="queries/ships/who.rq", line=9)
    chosen = moved._replace(parameters=(moved.parameters[0]._replace(enumeration=("3", "4")),))
    assert compare_questions(Catalogue([question()]), Catalogue([chosen])) == []


def test_rows_that_are_gone_and_new_with_the_usual_parameters() -> None:
    old = "<urn:a> <urn:crew> 3 . <urn:b> <urn:crew> 3 . <urn:x> <urn:crew> 9 ."
    new = "<urn:b> <urn:crew> 3 . <urn:c> <urn:crew> 3 . <urn:d> <urn:crew> 3 . <urn:y> <urn:crew> 8 ."
    (change,) = changes(old, new, question(), question())
    three = Literal(3)
    assert (change.before, change.after) == (2, 3)
    assert change.gone == Answer(("boat", "crew"), ((NamedNode("urn:a"), three),))
    assert set(change.new.rows) == {(NamedNode("urn:c"), three), (NamedNode("urn:d"), three)}
    assert change.differs


def test_the_same_rows_are_no_change() -> None:
    """Of other data, or in another order."""
    old, new = "<urn:a> <urn:crew> 3 .", "<urn:a> <urn:crew> 3, 5 ."
    assert changes(old, new, question(), question()) == []
    graph = "<urn:a> <urn:crew> 3 . <urn:b> <urn:crew> 4 ."
    up, down = (
        question(text=f"SELECT ?b WHERE {{ ?b <urn:crew> ?c }} ORDER BY {how}") for how in ("?c", "DESC(?c)")
    )
    assert changes(graph, graph, up, down) == []


def test_columns_that_are_gone_and_new() -> None:
    graph = "<urn:a> <urn:crew> 3 ."
    fewer = question(text="SELECT ?boat ?way WHERE { ?boat ?way 3 }")
    (change,) = changes(graph, graph, question(), fewer)
    assert (change.columns_gone, change.columns_new) == (("crew",), ("way",))
    assert (change.gone.rows, change.new.rows) == ((), ())
    assert change.differs


@pytest.mark.parametrize("broken_is_old", [True, False])
def test_an_answer_that_cannot_be_had_is_no_difference_but_said(broken_is_old: bool) -> None:
    graph = "<urn:a> <urn:crew> 3 ."
    broken = question(text="SELECT ?boat WHERE { ?boat }")
    pair = (broken, question()) if broken_is_old else (question(), broken)
    (change,) = changes(graph, graph, *pair)
    assert not change.differs
    assert change.problem.startswith("Syntax error at line 1, column ")
