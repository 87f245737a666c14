"""The work of formatting grows with the file only linearly."""

from __future__ import annotations

from jhaan_kg.turtle.format import format_source
from steps import steps

EX = "@prefix ex: <http://example.org/> .\n\n"


def test_work_grows_with_the_file_only_linearly() -> None:
    def work(subjects: int) -> int:
        lines = [
            f'ex:s{number} a ex:T ; ex:p ex:a, ex:b ; ex:q [ ex:r "x"@en ] ; ex:t 0.5 . # {number}'
            for number in range(subjects)
        ]
        return steps(lambda: format_source(EX + "\n".join(lines), trig=False, name="x"))

    # eight times the file; quadratic growth would take 64 times the steps
    assert 10 * 200 < work(200) < 9 * work(25)
