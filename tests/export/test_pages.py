"""The pages of the exports show each format; the slow tests run what they show."""

from __future__ import annotations

from jhaan_kg.export import FORMATS
from pages import EXPORTS, commands


def test_each_format_is_shown_on_a_page() -> None:
    shown = {
        command.split()[2]
        for page in EXPORTS
        for command in commands(page)
        if command.startswith("jhaan export ")
    }
    assert shown == set(FORMATS)
