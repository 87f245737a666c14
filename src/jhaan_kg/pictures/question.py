"""Pictures of answers to stored questions, as specified in the headers of questions."""

from __future__ import annotations

from jhaan_kg.errors import JhaanError
from jhaan_kg.pictures.drawing import Picture, draw
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Engine, Values
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.reports import describe_release, name_reports, report_titles


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
