"""A small ontology that satisfies all rules, and Turtle as input of the checks."""

from __future__ import annotations

from pathlib import Path

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.turtle import Statement, parse_source

ONTOLOGY, REUSED, DATA = (
    Path(__file__).with_name("small").joinpath(f"{name}.ttl").read_text("utf-8")
    for name in ("ontology", "reused", "data")
)


def stated(text: str, path: str = "data/register/x.ttl") -> list[Statement]:
    """Return the triples of a Turtle text, which may use the project's prefixes, with their lines in the text."""
    prefixes = " ".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items())
    return parse_source(f"{prefixes} {text}", trig=False, name=path)


def ontology(*more: str) -> list[Statement]:
    """Return the small ontology, with more triples."""
    return stated(ONTOLOGY + "\n".join(more), "ontology/jhaan.ttl")


def reused(*more: str) -> list[Statement]:
    """Return the terms that the small ontology reuses, with more triples."""
    return stated(REUSED + "\n".join(more), "ontology/reused-terms.ttl")
