"""The licences of all libraries that a user can install with the package allow its use under its own licences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from importlib.metadata import PackageMetadata, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "PSF-2.0", "Zlib"),
    "MPL-2.0",  # covers only its own files, which we do not change
    "W3C-20150513",
}
"""Identifiers of SPDX."""

CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
EXCEPTIONS = {
    "resvg-py": "Its metadata name no licence. Its file LICENSE has the text of the MIT licence.",
}


def installed(*requirements: str) -> Iterator[PackageMetadata]:
    """Yield the metadata of installed packages and of all that they need."""
    todo, done = [Requirement(each) for each in requirements], set()
    while todo:
        needed = todo.pop()
        key = canonicalize_name(needed.name), frozenset(needed.extras)
        if key in done:
            continue
        done.add(key)
        found = distribution(needed.name)
        yield found.metadata
        for line in found.requires or ():
            each = Requirement(line)
            extras = needed.extras or {""}
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(each)


def licence(metadata: PackageMetadata | Message) -> str:
    """Return the licence that a package states: as an expression, by classifiers, or in words."""
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in metadata.get_all("Classifier") or ()
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    by_classifiers = " AND ".join(CLASSIFIERS.get(each, each) for each in classifiers)
    return metadata.get("License-Expression") or by_classifiers or metadata.get("License") or ""


def incompatible(packages: Iterable[PackageMetadata | Message]) -> dict[str, str]:
    """Return the packages that state another licence than those of the list, or none."""
    stated = {canonicalize_name(each["Name"]): licence(each) for each in packages}
    return {
        name: words
        for name, words in sorted(stated.items())
        if not words or not set(re.split(r" AND | OR |[()]", words)) - {""} <= COMPATIBLE
    }


def test_all_licences_are_compatible_or_are_exceptions_with_a_reason() -> None:
    packages = [each for each in installed("jhaan-kg[all]") if each["Name"] != "jhaan-kg"]
    assert len(packages) > 35
    assert incompatible(packages).keys() == EXCEPTIONS.keys()
