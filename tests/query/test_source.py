from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.errors import FindingsError
from jhaan_kg.query.catalogue import Parameter
from jhaan_kg.query.source import parse_query, read_query

FULL = """#+ summary: "Who met: whom?"
#+ description: |
#+   First line.
#+
#+     indented
#+ tags: [meetings, "2023"]
#+ parameters:
#+   - name: agency
#+     type: jhaan:Agency
#+     description: one agency
#+     default: agency:europol
#+     enumeration: [agency:europol, agency:frontex]
#+   - name: since
#+     type: date
#+     description: first day
#+     default: 2023-07-01
#+   - name: answer
#+     type: string
#+     description: yes or no
#+     enumeration: ["yes", "no"]
#+   - name: place
#+     type: jhaan:Place
#+     description: a place
#+     enumeration:
#+       query: SELECT ?value { ?event schema:location ?value }
#+ evidence: |
#+   ?a ?b ?c .
#+ base: ?d ?e ?f .
#+ absence: Nothing was found.
#+ absent-rows: all
#+ needs: evidence
#+ redundant: Two lists name the same meeting.

# a comment of the query
SELECT ?agency {
}
"""


def test_each_key_is_read() -> None:
    query = parse_query(FULL, "queries/meetings/who-met-whom.rq")
    assert (query.name, query.topic, query.path) == (
        "who-met-whom",
        "meetings",
        "queries/meetings/who-met-whom.rq",
    )
    assert query.summary == "Who met: whom?"
    assert query.description == "First line.\n\nindented"
    assert query.tags == ("meetings", "2023")
    base = "https://w3id.org/jhaan/id/agency/"
    assert query.parameters == (
        Parameter(
            "agency", "jhaan:Agency", "one agency", (base + "europol",), (base + "europol", base + "frontex")
        ),
        Parameter("since", "date", "first day", ("2023-07-01",)),
        Parameter("answer", "string", "yes or no", (), ("yes", "no")),
        Parameter(
            "place",
            "jhaan:Place",
            "a place",
            enumeration_query="SELECT ?value { ?event schema:location ?value }",
        ),
    )
    assert (query.evidence, query.base, query.absence) == ("?a ?b ?c .", "?d ?e ?f .", "Nothing was found.")
    assert (query.absent_rows, query.needs_evidence) == (True, True)
    assert query.redundant == "Two lists name the same meeting."
    assert query.text == "# a comment of the query\nSELECT ?agency {\n}\n"
    assert query.line == FULL.split("\n").index("# a comment of the query") + 1


def header(*lines: str) -> str:
    given = "\n".join(f"#+ {line}" for line in lines)
    return f"{given}\nSELECT ?x {{ }}\n"


GOOD = ("summary: What?", "description: All.")
PARAMETER = ("parameters:", "  - name: {name}", "    type: {type}", "    description: one", "    {more}")


def parameter(name: str = "agency", type: str = "jhaan:Agency", more: str = "") -> str:
    return header(*GOOD, *(line.format(name=name, type=type, more=more) for line in PARAMETER))


FAULTS = [
    ("SELECT ?x { }", 1, "the file has no header"),
    (header("summary: What?"), 1, "has no description"),
    (header("description: All."), 1, "has no summary"),
    (header(*GOOD, "sumary: What?"), 1, 'unknown key "sumary". Did you mean "summary"?'),
    (header(*GOOD, "summary: Who?"), 3, 'the key "summary" exists twice'),
    (
        header("summary: What: this?", "description: All."),
        1,
        "not valid YAML: mapping values are not allowed",
    ),
    (header(*GOOD, "tags: [a"), 4, "the header is not valid YAML"),
    *(
        (header(*GOOD, f"tags: {value}"), 3, "the header must not have the tag or reference")
        for value in ("!!bool x", "!!timestamp x", "!!python/object/apply:os.system [x]", "!x y", "&a [b]")
    ),
    *((header(*GOOD, f"tags: {mark * 500}"), 3, "the header is nested too deeply") for mark in ("[", "{a: ")),
    (header(*GOOD, f"measure: 0x{'f' * 9000}"), 1, "the header has a value that is too long: Exceeds"),
    (header(*GOOD, f"evidence: '{'{' * 20_000}'"), 3, "brackets must not be nested more than 50 levels."),
    (header(*GOOD) + f"ASK\n{'{' * 20_000}", 5, "brackets must not be nested more than 50 levels."),
    (header(*GOOD, f"tags: {'[' * 20_000}"), 3, "the header is"),
    (header(*GOOD, "notes: 2023-02-30"), 1, "the header is not valid YAML: day is out of range"),
    (header("summary: |", "  What", "  and who?", "description: All."), 1, "summary must be on one line"),
    (header(*GOOD, "tags: [yes]"), 3, "tags must be a list of strings"),
    (header(*GOOD, "absent-rows: some"), 3, 'absent-rows must be "all"'),
    (header(*GOOD, "needs: context"), 3, 'needs must be "evidence"'),
    (header(*GOOD, "measure: centralty"), 3, 'unknown measure "centralty". Did you mean "centrality"?'),
    (header(*GOOD, "profile: agency"), 1, 'profile: unknown parameter "agency"'),
    (header(*GOOD, "fix: Correct it."), 1, "and only there"),
    (header(*GOOD, "parameters:", "  - agency"), 3, "parameters[0] must be a list of keys"),
    (
        header(*GOOD, "parameters:", "  - name: x", "    label: one"),
        3,
        'parameters[0] has the unknown key "label"',
    ),
    (
        header(*GOOD, "parameters:", *["  - {name: x, type: string, description: a}"] * 2),
        3,
        "parameters[1]: x exists twice",
    ),
    (header(*GOOD, "parameters:", "  - type: string"), 3, "parameters[0] has no name"),
    (parameter(name="cite"), 3, "parameters[0].name: cite is already an option"),
    (parameter(name="noExternal"), 3, "noExternal is already an option"),
    (parameter(name="my-agency"), 3, '"my-agency" must consist of letters and digits'),
    (parameter(type="text"), 3, "parameters[0].type: text is unknown"),
    (parameter(type="foo:Agency"), 3, "foo:Agency has the unknown prefix foo:"),
    (parameter(more="default: europol"), 3, 'parameters[0].default: "europol" must be a CURIE'),
    (
        parameter(type="integer", more="default: many"),
        3,
        'default: The value must be a whole number such as 12, not "many"',
    ),
    (
        parameter(type="string", more="enumeration: [yes, no]"),
        3,
        "enumeration: true must be a string. Put it in quotes",
    ),
    (parameter(type="string", more="default: {a: b}"), 3, "must be a single value"),
    (
        parameter(more="enumeration: [agency:fra]\n#+     default: agency:eige"),
        3,
        "agency/eige must be in the enumeration",
    ),
    (header(*GOOD) + "  #+ tags: [a]\n", 4, "a header line is below the header"),
]


@pytest.mark.parametrize(("text", "line", "message"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_named_with_its_key(text: str, line: int, message: str) -> None:
    with pytest.raises(FindingsError) as error:
        parse_query(text, "queries/a/b.rq")
    (finding,) = error.value.findings
    assert (finding.path, finding.line, finding.code) == ("queries/a/b.rq", line, "query-header")
    assert message in finding.message


def test_all_faults_of_a_file_are_named() -> None:
    with pytest.raises(FindingsError) as error:
        parse_query(header("summary: 1", "description: All.", "tags: 2"), "queries/a/b.rq")
    assert len(error.value.findings) == 2


@pytest.mark.parametrize("name", ["Who", "who_met", "who--met", "wer-käme"])
def test_names_are_in_kebab_case(name: str) -> None:
    with pytest.raises(FindingsError, match="must be in kebab-case"):
        parse_query(header(*GOOD), f"queries/a/{name}.rq")


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "queries" / "meetings" / "who.rq"
    path.parent.mkdir(parents=True)
    path.write_bytes(header(*GOOD).replace("\n", "\r\n").encode())
    assert read_query(path, tmp_path).path == "queries/meetings/who.rq"
    path.write_bytes(b"#+ summary: caf\xe9")
    with pytest.raises(FindingsError, match=r"queries/meetings/who\.rq: .*not UTF-8 \(byte 15\)"):
        read_query(path, tmp_path)
    with pytest.raises(FindingsError, match="cannot open the file: No such file"):
        read_query(path.with_name("none.rq"), tmp_path)
