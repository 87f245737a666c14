"""Reports on errors in the data: their text, with IRI, passages and release, and the link that sends it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL
from jhaan_kg.query.engine import Engine, select_texts

_RELEASE: Final = (
    f"SELECT ?version ?day WHERE {{ <{ONTOLOGY.rstrip('#')}> <{OWL}versionInfo> ?version ; "
    f"<{DCTERMS}issued> ?day }}"
)

_MAIL: Final = re.compile(r"(?:mailto:)?([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_URL: Final = re.compile(r"https?://[A-Za-z0-9][^\s<>\"|^`\\{}]*(?:\{(?:subject|body)\}[^\s<>\"|^`\\{}]*)+")
_SUBJECT, _BODY = "{subject}", "{body}"

ADDRESS_RULE: Final = (
    f"must be an e-mail address or a URL such as https://example.org/issues/new?title={_SUBJECT}&body={_BODY}"
)
"""The rule for an address for reports, for error messages."""

_SAFE: Final = "/:,"
"""Characters of IRIs and texts that stay as they are in a query (RFC 3986, section 3.4)."""

_MOST_OF_ABOUT: Final = 1000
"""The maximum number of characters of an address, since programs shorten long links."""


class ErrorReport(NamedTuple):
    """A report on an error, for a person to complete.

    Attributes:
        about: the IRI of an entity, a question with its parameters, or the address of a page.
        release: the release; see `describe_release`.
    """

    about: str
    release: str

    @property
    def subject(self) -> str:
        """The subject of the message.

        >>> ErrorReport("https://w3id.org/jhaan/id/agency/fra", "").subject
        'Error in the data: https://w3id.org/jhaan/id/agency/fra'
        """
        return f"Error in the data: {self._short_about()}"

    @property
    def text(self) -> str:
        """The text of the message.

        >>> print(ErrorReport("https://example.org/a", "jhaan-kg 1.0.0").text.strip())
        About: https://example.org/a
        Release: jhaan-kg 1.0.0
        <BLANKLINE>
        What is wrong:
        <BLANKLINE>
        What is correct, and which passage states it:
        """
        head = f"About: {self._short_about()}\nRelease: {self.release}\n"
        return f"{head}\nWhat is wrong:\n\nWhat is correct, and which passage states it:\n"

    def link(self, address: str) -> str:
        """Return the link that sends the report to an address, as returned by `parse_address`.

        >>> ErrorReport("urn:a", "1").link("https://example.org/new?title={subject}").partition("?")[2]
        'title=Error%20in%20the%20data:%20urn:a'
        """
        lines = self.text.replace("\n", "\r\n") if address.startswith("mailto:") else self.text
        values = {_SUBJECT: quote(self.subject, safe=_SAFE), _BODY: quote(lines, safe=_SAFE)}
        return re.sub(r"\{\w+\}", lambda field: values[field[0]], address)

    def _short_about(self) -> str:
        return self.about if len(self.about) <= _MOST_OF_ABOUT else self.about.partition("?")[0]


def parse_address(text: str) -> str:
    """Return the address for reports on errors, as a link with the fields subject and body.

    Raises:
        JhaanError: it is neither an e-mail address nor a web address with the fields.

    >>> parse_address("data@example.org")
    'mailto:data@example.org?subject={subject}&body={body}'
    """
    if mail := _MAIL.fullmatch(text):
        return f"mailto:{mail[1]}?subject={_SUBJECT}&body={_BODY}"
    if _URL.fullmatch(text) and _BODY in text:
        return text
    raise JhaanError(f'The address for errors {ADDRESS_RULE}, not "{text}".')


def describe_release(engine: Engine, checksum: str = "") -> str:
    """Return the release of a graph for a report.

    Args:
        engine: the graph.
        checksum: the checksum of its snapshot, if known.

    Raises:
        ServiceError: the service of the engine cannot be reached.
    """
    version, day = (select_texts(engine, _RELEASE) or [("", "")])[0]
    parts = [f"jhaan-kg {version}" if version else "jhaan-kg", write_day(day)]
    return ", ".join(filter(None, [*parts, f"SHA-256 {checksum[:16]}" if checksum else ""]))
