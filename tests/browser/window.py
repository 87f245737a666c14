"""A browser window: one page at a time, with all messages and requests of the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Response, sync_playwright
from playwright.sync_api import Page as Tab

from browser.table import SIZES, TEXT, Page

SECONDS = 60
"""The time limit in seconds for each step of the browser, which is not a measurement."""

_BEYOND: Final = """width => {
    const scrolls = element => element && element !== document.body &&
        (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const beyond = element => !scrolls(element.parentElement) &&
        element.getBoundingClientRect().left + element.scrollWidth > width + 1;
    return [...document.querySelectorAll("body *")]
        .filter(element => beyond(element) && ![...element.children].some(beyond))
        .map(element => element.cloneNode().outerHTML);
}"""


class Window:
    """A window that shares no cookies or storage with other windows.

    Attributes:
        tab: the object that Playwright calls a page.
        said: warnings and errors in the console, and errors of scripts.
        asked: the addresses of all requests.
        failed: the addresses of requests without a successful answer, each with the reason.
        dialogs: the messages of dialogs that scripts opened.
    """

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab, self._address = tab, address
        self.said: list[str] = []
        self.asked: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.dialogs: list[str] = []
        tab.on("console", self._hear)
        tab.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        tab.on("request", lambda request: self.asked.append(request.url))
        tab.on(
            "requestfailed", lambda request: self.failed.append((request.url, request.failure or "failed"))
        )
        tab.on("response", self._receive)
        tab.on("dialog", self._dismiss)

    def open(self, path: str) -> int:
        """Open a page, and return the HTTP status."""
        reply = self.tab.goto(self._address + path, wait_until="load")
        assert reply is not None
        return reply.status

    def mark(self, role: str, name: str) -> Locator:
        """Find a visible element by role and name, or by TEXT and a text; see `table.Page`."""
        found = (
            self.tab.locator("body").get_by_text(name)
            if role == TEXT
            else self.tab.get_by_role(role, name=name or None, exact=True)  # type: ignore[arg-type]
        )
        return found.filter(visible=True).first

    def unseen(self, page: Page) -> list[tuple[str, str]]:
        """Return the required content of a page that is not visible."""
        return [mark for mark in page.marks if not self.mark(*mark).count()]

    def widest(self) -> list[str]:
        """Return the elements beyond the right edge of the window that are not in a scrollable element."""
        return list(self.run(_BEYOND, self.tab.viewport_size["width"]))  # type: ignore[index]

    def run(self, script: str, argument: object = None) -> Any:
        """Run a script, and return its result; the content security policy of the page does not apply to it."""
        return self.tab.evaluate(script, argument)

    def _hear(self, said: ConsoleMessage) -> None:
        about = said.location["url"]
        # Chromium reports an error status of the page itself, which tests check in the answer.
        known = said.text.startswith("Failed to load resource") and about == self.tab.url
        if said.type in ("warning", "error") and not known:
            self.said.append(f"{said.type}: {said.text} ({about})")

    def _receive(self, reply: Response) -> None:
        if not reply.ok:
            self.failed.append((reply.url, str(reply.status)))

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@contextmanager
def chromium(executable: str | Path) -> Iterator[Browser]:
    """Start the browser, and end it afterwards."""
    with sync_playwright() as playwright:
        # Chromium refuses to run as root with its sandbox.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, address: str, size: str = "desktop", **options: Any) -> Iterator[Window]:
    """Open a window, and close it afterwards.

    Args:
        browser: the browser.
        address: the address of the server.
        size: a name of SIZES; on a phone, the page sets the width of its viewport.
        options: more options of a context of Playwright, such as `color_scheme`.
    """
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height}, is_mobile=phone, has_touch=phone, **options
    )
    context.set_default_timeout(SECONDS * 1000)
    try:
        yield Window(context.new_page(), address)
    finally:
        context.close()
