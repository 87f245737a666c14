"""Colours in the notation of browsers, and their contrast.

Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio.
"""

from __future__ import annotations

import re


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1.

    >>> luminance("rgb(0, 0, 0)"), luminance("rgb(255, 255, 255)")
    (0.0, 1.0)
    """
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert parts, f"{colour} is no colour that hides what is behind it"
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(each) / 255 for each in parts.groups())
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    >>> contrast("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    21.0
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
