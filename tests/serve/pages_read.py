"""Pages of the server, parsed: their links and their content."""

from __future__ import annotations

from html_tree import Element, read


def links(page: str) -> list[tuple[str, str]]:
    """Return the target and the text of each link in a page."""
    return [(link.attributes["href"], link.raw) for link in read(page.encode()).all("a")]


def unnamed(page: str) -> list[tuple[str, str]]:
    """Return the links of a page without a text, or with an IRI as text; check that there are links."""
    found = links(page)
    assert found
    return [(target, text) for target, text in found if not text.strip() or "://" in text or text[0] == "<"]


def words(page: str) -> str:
    """Return the visible text of a page in one line."""

    def text(element: Element) -> str:
        parts = (part if isinstance(part, str) else text(part) for part in element.content)
        return "" if element.name == "script" else "".join(parts)

    return " ".join(text(read(page.encode())).split())


def forms(page: str) -> dict[str, list[str]]:
    """Return the fields of the forms in a page, with the chosen values."""
    found: dict[str, list[str]] = {}
    for field in read(page.encode()).walk():
        if field.name == "input" and "name" in field.attributes:
            found[field.attributes["name"]] = [field.attributes.get("value", "")]
        elif field.name == "select":
            options = [option.attributes for option in field.all("option")]
            found[field.attributes["name"]] = [each["value"] for each in options if "selected" in each]
    return found
