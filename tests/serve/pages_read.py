"""Pages of the server, taken apart: where their links lead and what they say."""

from __future__ import annotations

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Takes a page apart.

    Attributes:
        links: where each leads, and what it is called.
        words: the texts, without those for programs.
        forms: the fields of forms by their names, with the values that are chosen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.forms: dict[str, list[str]] = {}
        self._target: str | None = None
        self._field = ""
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of where an element begins."""
        said = dict(attrs)
        self._in_data = tag == "script"
        if tag == "a":
            self._target = said["href"] or ""
            self.links.append((self._target, ""))
        elif tag in ("select", "input"):
            self._field = said["name"] or ""
            self.forms[self._field] = [said.get("value") or ""] if tag == "input" else []
        elif tag == "option" and "selected" in said:
            self.forms[self._field].append(said["value"] or "")

    def handle_endtag(self, tag: str) -> None:
        """Take note of where an element ends."""
        self._in_data = False
        if tag == "a":
            self._target = None

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self._in_data:
            self.words.append(data)
        if self._target is not None:
            self.links[-1] = (self._target, self.links[-1][1] + data)


def read(page: str) -> Reader:
    """Take a page apart."""
    reader = Reader()
    reader.feed(page)
    return reader


def links(page: str) -> list[tuple[str, str]]:
    """Return where the links of a page lead, and what they are called."""
    return read(page).links


def unnamed(page: str) -> list[tuple[str, str]]:
    """Return the links of a page that have no name, or an IRI for one; a page has links."""
    found = links(page)
    assert found
    return [(target, text) for target, text in found if not text.strip() or "://" in text or text[0] == "<"]


def words(page: str) -> str:
    """Return the text of a page, in one line."""
    return " ".join("".join(read(page).words).split())
