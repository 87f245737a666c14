"""HTML pages as a tree, and requirements for all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr").fullmatch
PHRASING_ONLY = re.compile("a|code|dt|h1|h2|h3|p|small|span|title").fullmatch
"""Elements that must not contain an element of BLOCKS."""

BLOCKS = re.compile(
    "article|dd|div|dl|dt|figcaption|figure|h1|h2|h3|header|li|main|nav|p|pre|section|table|ul"
).fullmatch
LOADING = re.compile("audio|base|embed|form|frame|iframe|img|input|link|object|source|track|video").fullmatch
"""Elements that load or send data."""


class Element:
    """An element with its name, attributes, parent and content."""

    def __init__(self, name: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.name, self.attributes, self.parent = name, attributes, parent
        self.content: list[Element | str] = []

    def walk(self) -> Iterator[Element]:
        yield self
        for part in self.content:
            if isinstance(part, Element):
                yield from part.walk()

    def all(self, name: str) -> list[Element]:
        return [element for element in self.walk() if element.name == name]

    @property
    def text(self) -> str:
        """The text of the element and its descendants, with single spaces."""
        return re.sub(r"\s+", " ", self.raw).strip()

    @property
    def raw(self) -> str:
        return "".join(part if isinstance(part, str) else part.raw for part in self.content)

    @property
    def links(self) -> set[str]:
        return {element.attributes["href"] for element in self.all("a")}

    def around(self) -> Iterator[Element]:
        element = self.parent
        while element:
            yield element
            element = element.parent


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#document", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.content.append(element)
        if not VOID(tag):
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.name == tag, f"</{tag}> ends <{self.here.name}>"
        assert self.here.parent
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


def read(data: bytes) -> Element:
    """Parse a page, and check that its elements are nested correctly."""
    parser = _Parser()
    parser.feed(data.decode("utf-8"))
    parser.close()
    assert parser.here is parser.root, f"<{parser.here.name}> does not end"
    return parser.root


def ids(page: Element) -> set[str]:
    """Return the ids in a page, and check that they are unique."""
    counted = Counter(element.attributes["id"] for element in page.walk() if "id" in element.attributes)
    assert [name for name, times in counted.items() if times > 1] == []
    return set(counted)


def check(page: Element) -> None:
    """Check that a page has the required elements, is nested correctly, and loads or runs nothing."""
    (html,) = page.all("html")
    assert html.attributes["lang"] == "en"
    for name in ("head", "body", "main", "h1"):
        assert len(page.all(name)) == 1, name
    assert {meta.attributes.get("charset") for meta in page.all("meta")} >= {"utf-8"}
    level = 0
    for element in page.walk():
        outer = [other.name for other in element.around()]
        assert not LOADING(element.name)
        assert element.name != "script" or element.attributes == {"type": "application/ld+json"}
        assert not (BLOCKS(element.name) and PHRASING_ONLY(outer[0])), f"{element.name} in {outer[0]}"
        assert not (element.name == "a" and "a" in outer), "a link in a link"
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "action", "background"}
            assert "url(" not in value or value.startswith("url(#")
        if element.name == "a":
            assert re.match(r"https?://|#|[a-z-]+[/.]", element.attributes["href"]), element.attributes
        if element.name == "style":
            assert not re.search(r"@import|url\(", element.raw)
        if re.fullmatch("h[1-6]", element.name):
            assert int(element.name[1]) <= level + 1, element.text
            level = int(element.name[1])
        if element.name == "li":
            assert outer[0] == "ul"
        if element.name in ("dt", "dd"):
            assert outer[:2] == ["div", "dl"]
