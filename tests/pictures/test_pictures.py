"""Pictures have the numbers of their tables, and their texts do not lie across each other."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

import pytest
from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.namespaces import XSD
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.timeline import in_year, read_events, timeline_picture
from jhaan_kg.pictures.drawing import Picture, draw, need_picture, picture_of
from jhaan_kg.pictures.kinds import PictureSpec, read_spec
from jhaan_kg.pictures.shapes import SIZE, Mark, width_of
from jhaan_kg.query.engine import Answer, answer
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.source import parse_query
from jhaan_kg.results.cells import readable

SVG = "{http://www.w3.org/2000/svg}"
BARS = PictureSpec("bars", (("label", ("agency",)), ("values", ("meetings", "others"))))


def rows(*values: tuple[object, ...]) -> tuple[tuple[Literal, ...], ...]:
    return tuple(tuple(Literal(value) for value in row) for row in values)  # type: ignore[arg-type]


def read(picture: Picture | None) -> ET.Element:
    assert picture
    return ET.fromstring(picture.svg)  # noqa: S314 - our own


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def drawn(loaded: Loaded, name: str, **chosen: str) -> tuple[Answer, Picture | None]:
    stored = loaded.catalogue.get(name)
    values = resolve_parameters(loaded.engine, stored, {key: (text,) for key, text in chosen.items()})
    found = answer(loaded.engine, stored, values)
    return found, picture_of(stored, loaded.engine, values, found)


def questions(loaded: Loaded) -> Iterator[str]:
    return (query.name for query in loaded.catalogue if query.picture)


def test_bars_have_the_numbers_of_the_rows() -> None:
    found = Answer(("agency", "meetings", "others"), rows(("CEPOL", 12, 3), ("<EIGE> & co", 6, 0)))
    picture = draw(BARS, found, title="How many?", found="2 agencies.", source="Source: the report.")
    root = read(picture)
    assert [text for text in texts(root) if text.isdigit()] == ["12", "3", "6", "0"]
    bars = [element for element in root.iter(f"{SVG}rect") if element.get("height") == "14"]
    assert [int(bar.attrib["width"]) for bar in bars] == [512, 128, 256, 0]
    assert {"How many?", "2 agencies.", "Source: the report.", "<EIGE> & co"} <= set(texts(root))
    assert [title.text for title in root.iter(f"{SVG}title")][1:] == [
        "CEPOL: 12 meetings, 3 others",
        "<EIGE> & co: 6 meetings, 0 others",
    ]


def test_a_part_of_a_page_has_links_and_no_style() -> None:
    found = Answer(("agency", "meetings", "others"), rows(("CEPOL", 12, 3)))
    picture = draw(BARS, found, title="How many?")
    assert picture
    fragment = picture.as_fragment(lambda row: f"#row-{row + 1}")
    assert '<a href="#row-1" aria-label="CEPOL: 12 meetings, 3 others">' in fragment
    assert "style" not in fragment
    assert "script" not in fragment


def test_a_timeline_has_each_day_where_it_is() -> None:
    spec = PictureSpec("timeline", (("label", ("event",)), ("day", ("day",)), ("state", ("state",))))
    days = ["2023-01-01", "2023-01-31", "2023-12-31"]
    found = Answer(
        ("event", "day", "state"),
        tuple(
            (Literal(f"event {day}"), Literal(day, datatype=NamedNode(XSD + "date")), Literal(state))
            for day, state in zip(days, ("preferred", "not preferred", ""), strict=True)
        ),
    )
    circles = [(int(c.attrib["cx"]), c.attrib["class"]) for c in read(draw(spec, found)).iter(f"{SVG}circle")]
    assert [style for _, style in circles] == ["s0", "open", "s0"]
    first, second, last = (x for x, _ in circles)
    assert first < second < 5 + 84 < 5 + 11 * 84 < last < 5 + 12 * 84


def test_a_question_without_rows_or_with_too_many_has_none(loaded: Loaded) -> None:
    assert draw(BARS, Answer(("agency", "meetings", "others"), ())) is None
    assert draw(BARS, Answer(("agency", "meetings", "others"), rows(*[("a", 1, 2)] * 41))) is None
    for name, message in (("renamings", "has no picture"), ("events-by-month", "no rows or too many")):
        with pytest.raises(JhaanError, match=message):
            need_picture(loaded.catalogue.get(name), None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "pie"}, "the kind must be one of: bars"),
        ({"kind": "bars", "label": "a"}, "bars needs the key values"),
        (
            {"kind": "bars", "label": "a", "values": ["b"], "day": "c"},
            'unknown key "day" of bars, which can have: label, values',
        ),
        (
            {"kind": "bars", "label": "a", "values": ["b", "c", "d", "e", "f"]},
            "values must be 1 to 4 column names",
        ),
    ],
)
def test_a_header_with_a_faulty_picture_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_spec(given)
    header = f"#+ summary: Who?\n#+ description: All.\n#+ picture: {given}\nSELECT ?a {{}}"
    with pytest.raises(FindingsError, match="picture"):
        parse_query(header, "queries/all/who.rq")


def test_the_report_gives_the_numbers_of_a_picture(loaded: Loaded) -> None:
    """Section 4 has six entries in June: 1 and 2, 8 (twice), 9, 12, 13 and 14."""
    _, picture = drawn(loaded, "events-by-month", eventSet="timeline entries")
    assert picture
    names = [part.name for part in picture.drawing.parts if hasattr(part, "name")]
    assert "June 2023: 6 events" in names


def test_all_pictures_agree_with_their_tables(loaded: Loaded) -> None:
    for name in questions(loaded):
        found, picture = drawn(loaded, name)
        assert picture, name
        marks = [part for part in picture.drawing.parts if hasattr(part, "row")]
        assert len({mark.row for mark in marks}) == len(marks), name
        spec = loaded.catalogue.get(name).picture
        assert spec
        places = {role: [found.variables.index(each) for each in names] for role, names in spec.columns}
        said = " ".join(mark.name for mark in marks)
        for row in found.rows:
            for place in places.get("value", []) + places.get("values", []):
                assert readable(row[place]) in said
        if spec.kind == "matrix":
            assert len(marks) == len(
                {(row[places["row"][0]], row[places["column"][0]]) for row in found.rows}
            )
        else:
            needed = places.get("day", [])
            assert len(marks) == sum(all(row[place] for place in needed) for row in found.rows), name


def test_pictures_are_small_and_their_texts_lie_side_by_side(loaded: Loaded) -> None:
    for name in questions(loaded):
        picture = drawn(loaded, name)[1]
        assert picture
        assert (
            len(picture.as_fragment(lambda row: f"#row-{row}").encode()) < 60_000
            or name == "agencies-at-events"
        )
        root = read(picture)
        width = int(root.attrib["width"])
        boxes = []
        for element in root.iter(f"{SVG}text"):
            size = 18 if element.get("class") == "title" else SIZE
            needed = width_of(element.text or "", size)
            x = int(element.attrib["x"]) + int(element.get("dx", "0"))
            anchor = "middle" if element.get("class") == "mid" else element.get("text-anchor", "")
            x -= round({"middle": needed / 2, "end": needed}.get(anchor, 0))
            boxes.append((int(element.attrib["y"]), x, x + needed, element.text))
            assert x + needed <= width + 2, (name, element.text)
        shown = sorted(box for box in boxes if len(box[3] or "") > 1)
        for (y, _, right, text), (below, left, _, other) in pairwise(shown):
            assert y != below or right <= left + 4, (name, text, other)


def test_the_api_gives_pictures() -> None:
    from jhaan_kg import KnowledgeGraph

    with KnowledgeGraph.open() as graph:
        picture = graph.query("events-by-month").picture()
        assert re.search(r"<text[^>]*>7</text>", picture._repr_svg_())
        assert picture.png(800)[:8] == b"\x89PNG\r\n\x1a\n"
        with pytest.raises(JhaanError, match="no picture"):
            graph.query("renamings").picture()


@pytest.mark.parametrize("year", ["2021", "2022", "2023", "2024"])
def test_names_in_a_timeline_are_whole_and_inside(loaded: Loaded, year: str) -> None:
    """In years with few events too, and in bars that fill the year."""
    picture = timeline_picture(in_year(read_events(loaded.engine)[0], int(year)), int(year), "")
    marks = [part for part in picture.drawing.parts if isinstance(part, Mark)]
    assert marks
    for mark in marks:
        *_, label = mark.shapes
        place, size = dict(label.place), width_of(label.text, SIZE)
        start = int(place["x"]) - (size if place.get("text-anchor") else 0)
        assert mark.name.startswith(f"{label.text}: ")  # nothing of it is left out
        assert start >= 0
        assert start + size <= picture.drawing.width
