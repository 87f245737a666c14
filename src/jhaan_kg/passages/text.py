"""The one way in which a passage's text is brought to its bare words before it is digested or searched."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

_MARKUP: Final = (
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"</?(?:b|i|sup|sub)>"), ""),
    (re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"\*\*"), ""),
    (re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE), ""),
    (re.compile(r"^[^\S\n]*(?:#{1,6}|[-*•])[^\S\n]+", re.MULTILINE), ""),
)


def normalise(text: str) -> str:
    r"""Give the bare words of a text: without markup, in Unicode NFC, with single spaces.

    Markup is: the tags `b`, `i`, `sup` and `sub` (what they enclose stays), the target of a link, `**`, a
    line of hyphens, and the signs of a heading or bullet at the start of a line. The number of an item or
    heading, a note's mark and the leader dots of the contents list are text.

    >>> normalise("## **5.2.** The [paper](#)\n\n\n  of the 2<sup>nd</sup> year")
    '5.2. The paper of the 2nd year'
    >>> normalise("- Cyber #GetItRight")
    'Cyber #GetItRight'
    """
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, in hexadecimal.

    >>> digest("JHA")[:8]
    '0cd3a778'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
