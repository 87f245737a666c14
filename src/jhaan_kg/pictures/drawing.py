"""Drawing of answers, as specified in the headers of questions: fragments for pages, and files."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.pictures.bars import draw_bars
from jhaan_kg.pictures.kinds import PictureSpec
from jhaan_kg.pictures.matrix import Cell, draw_matrix
from jhaan_kg.pictures.shapes import LINE, SIZE, Drawing, Mark, Shape, text, wrap
from jhaan_kg.pictures.timeline import Moment, draw_timeline
from jhaan_kg.pictures.tree import Branch, draw_tree
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Engine, Values
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.reports import describe_release, name_reports, report_titles
from jhaan_kg.results.cells import in_words, readable
from jhaan_kg.templates import load_templates

_FOLDER: Final = Path(__file__).parent
_ENVIRONMENT: Final = load_templates(_FOLDER / "templates")
_ON_PAGES: Final = _ENVIRONMENT.get_template("fragment.svg")
_AS_FILE: Final = _ENVIRONMENT.get_template("file.svg")
STYLE: Final = (_FOLDER / "picture.css").read_text("utf-8")
"""The style sheet.

Style and templates are read at import, because worker processes cannot open files later.
"""

_MOST: Final = {"bars": 40, "timeline": 120, "matrix": 500, "tree": 80}
"""The maximum number of rows for each type of picture."""

_WIDTH: Final = 640
_MARGIN: Final = 16
_TITLE: Final = 18

_LIGHT: Final = dict(
    re.findall(r"--(\w+): (#\w+)", (_FOLDER / "colours.css").read_text("utf-8").partition("@media")[0])
)
"""The colours of picture files by name: the same as for pages in light mode."""


class Picture(NamedTuple):
    """A picture of an answer.

    Attributes:
        title: the question.
        found: the sentence about the answer.
        drawing: the drawing.
        source: the source of the data, with date and licence.
    """

    title: str
    found: str
    drawing: Drawing
    source: str

    def __repr__(self) -> str:
        return f"<Picture {self.title!r}>"

    def _repr_svg_(self) -> str:
        """Return the picture as SVG, for notebooks."""
        return self.svg

    @property
    def svg(self) -> str:
        """The picture as an SVG file, with colours, title, source, date and licence."""
        width = max(self.drawing.width, _WIDTH) + 2 * _MARGIN
        room = width - 2 * _MARGIN
        words: list[Shape] = []
        y = _MARGIN
        for content, size, kind in ((self.title, _TITLE, "title"), (self.found, SIZE, "soft")):
            for each in wrap(content, room, size):
                y += round(size * 1.4)
                words.append(text(_MARGIN, y - 4, each, kind))
        top = y + 12
        y = top + self.drawing.height + 12
        for each in wrap(self.source, room, SIZE):
            y += LINE
            words.append(text(_MARGIN, y - 3, each, "soft"))
        style = STYLE
        for name, colour in _LIGHT.items():
            style = style.replace(f"var(--{name})", colour)
        return _AS_FILE.render(
            picture=self,
            parts=_resolve(self.drawing, room),
            width=width,
            height=y + _MARGIN,
            margin=_MARGIN,
            top=top,
            words=words,
            style=style,
        )

    def png(self, width: int = 1200) -> bytes:
        """Return the picture as PNG.

        Args:
            width: the width in pixels.

        Raises:
            JhaanError: resvg_py is not installed.
        """
        from jhaan_kg.extras import import_extra

        resvg = import_extra("resvg_py", "pictures")
        return bytes(resvg.svg_to_bytes(svg_string=self.svg, width=width, background="white"))

    def as_fragment(self, link: Callable[[int], str]) -> str:
        """Return the picture as SVG for a page, without colours.

        The style sheet of pages defines them.

        Args:
            link: function that returns the target of the link on a mark, from the index of the row.
        """
        return _ON_PAGES.render(picture=self, parts=self.drawing.parts, link=link)


def draw(
    spec: PictureSpec, answer: Answer, *, title: str = "", found: str = "", source: str = ""
) -> Picture | None:
    """Draw an answer; return None if no row can be drawn, or the answer has too many rows.

    Args:
        spec: the type of picture, and the columns.
        answer: the rows.
        title: the question.
        found: the sentence about the answer.
        source: the source of the data, with date and licence.
    """
    columns = _Columns(spec, answer)
    if not answer.rows or len(answer.rows) > _MOST[spec.kind]:
        return None
    drawing = {"bars": _bars, "timeline": _timeline, "matrix": _matrix, "tree": _tree}[spec.kind](columns)
    if spec.kind == "timeline" and spec.of("state"):
        found += " Rings: dates that are not preferred."
    return Picture(title, found, drawing, source) if drawing else None


class _Columns:
    """Access to the texts of an answer by the roles of columns in a picture."""

    def __init__(self, spec: PictureSpec, answer: Answer) -> None:
        self.spec, self._answer = spec, answer

    @property
    def rows(self) -> range:
        return range(len(self._answer.rows))

    def texts(self, role: str, row: int) -> list[str]:
        """Return the texts of a row in the columns of a role."""
        places = [self._answer.variables.index(name) for name in self.spec.of(role)]
        return [readable(self._answer.rows[row][place]) for place in places]

    def text(self, role: str, row: int) -> str:
        return ": ".join(filter(None, self.texts(role, row)))


def _bars(columns: _Columns) -> Drawing:
    labels = [columns.text("label", row) for row in columns.rows]
    series = [in_words(name.removesuffix("Label")) for name in columns.spec.of("values")]
    return draw_bars(labels, series, [columns.texts("values", row) for row in columns.rows])


def _timeline(columns: _Columns) -> Drawing | None:
    moments = []
    for row in columns.rows:
        if day := columns.text("day", row):
            state = columns.text("state", row)
            said = write_day(day) + (f", {state}" if state else "")
            first = date.fromisoformat(day)
            label, lane = columns.text("label", row), columns.text("lane", row)
            moments.append(Moment(row, label, lane, first, first, said, state.startswith("not preferred")))
    return draw_timeline(moments) if moments else None


def _matrix(columns: _Columns) -> Drawing:
    cells: dict[tuple[str, str], Cell] = {}
    for row in columns.rows:
        place, value = (columns.text("row", row), columns.text("column", row)), columns.text("value", row)
        known = cells.get(place)
        if known is None:
            cells[place] = Cell(row, value)
        elif value not in known.value.split("; "):
            cells[place] = known._replace(value=f"{known.value}; {value}")
    across = sorted({column for _, column in cells}, key=str.casefold)
    return draw_matrix(list(dict.fromkeys(row for row, _ in cells)), across, cells)


def _tree(columns: _Columns) -> Drawing:
    return draw_tree(
        [
            Branch(
                row,
                columns.text("parent", row),
                columns.text("child", row),
                ", ".join(each for each in columns.texts("note", row) if each not in ("", "not stated")),
            )
            for row in columns.rows
        ]
    )


def _resolve(drawing: Drawing, width: int) -> list[Shape | Mark]:
    """Return the parts of a drawing, with percentages of the width converted to pixels."""

    def resolve(shape: Shape) -> Shape:
        place = tuple(
            (
                name,
                round(float(value[:-1]) * width / 100)
                if isinstance(value, str) and value.endswith("%")
                else value,
            )
            for name, value in shape.place
        )
        return shape._replace(place=place)

    return [
        part._replace(shapes=tuple(map(resolve, part.shapes))) if isinstance(part, Mark) else resolve(part)
        for part in drawing.parts
    ]


def picture_of(stored: StoredQuery, engine: Engine, values: Values, answer: Answer) -> Picture | None:
    """Return the picture of an answer.

    It is None if the question has none, or the answer cannot be drawn.

    Args:
        stored: the question.
        engine: the engine, for the version of the graph.
        values: the values of the parameters.
        answer: the rows.

    Raises:
        ServiceError: the endpoint cannot be reached.
    """
    if stored.picture is None:
        return None
    found = sum_up(stored, values, answer)
    return draw(stored.picture, answer, title=stored.summary, found=found, source=describe_source(engine))


def describe_source(engine: Engine) -> str:
    """Return the citation of the data: the reports, with version, date and licence."""
    reports = name_reports(report_titles(engine), "no report")
    return f"Source: {reports}, as data by {describe_release(engine)} (unofficial). Licence: CC BY 4.0."


def need_picture(stored: StoredQuery, picture: Picture | None) -> Picture:
    """Return the picture, or raise an error if it is None.

    Raises:
        JhaanError: there is no picture; the message states the reason.
    """
    if picture is None and stored.picture is None:
        raise JhaanError(f"The question {stored.name} has no picture. Choose another format, such as csv.")
    if picture is None:
        raise JhaanError("This answer has no picture, because it has no rows or too many. Change the filter.")
    return picture
