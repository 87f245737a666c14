"""The generator of ontology/reused-terms.ttl: what the project takes from other vocabularies.

The file holds each term of another vocabulary that the ontology, the data, the shapes or the queries use: its kind,
one English label, the vocabulary that defines it, and the axioms that hold among the used terms. So checks, labels and
reasoning work offline, and the whole vocabularies (schema.org alone has 17,000 triples) stay out of the graph.

An axiom is taken only from the vocabulary that defines its subject, never from a third one. Where the way from a used
term to another leads over terms that aren't used, it is shortened: the axioms among the used terms are the entailed
ones. Anonymous classes are left out, so the file has no blank nodes.

`usage` finds what the sources use of which vocabulary, `published` reads what the vocabularies state, and `selection`
puts both together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jhaan_kg.errors import Finding, FindingsError, Severity
from jhaan_kg.files import write_whole
from jhaan_kg.namespaces import compact
from jhaan_kg.reused_terms.published import Published
from jhaan_kg.reused_terms.selection import Selection, write_turtle
from jhaan_kg.reused_terms.usage import TARGET, Usage, vocabulary_of
from jhaan_kg.turtle.format import format_source


def generate(root: Path, vocab_dir: Path) -> str:
    """Return the text of ontology/reused-terms.ttl.

    Args:
        root: the root of the sources.
        vocab_dir: the folder of the vocabularies, with its MANIFEST.tsv.

    Raises:
        JhaanError: the folder lacks a file, a file isn't the one of the manifest, or a source can't be read.
        FindingsError: a source uses a term that its vocabulary doesn't define, or to which it gives no label.
    """
    usage = Usage.of(root)
    published = Published.read(vocab_dir, {v for iri in usage.terms if (v := vocabulary_of(iri))})
    fix = "Use another term, or define one of the project's own."
    faults = [
        Finding(path, 0, Severity.ERROR, code, compact(iri), message, fix)
        for iri, path in usage.terms.items()
        for code, message in _faults(iri, published)
    ]
    if faults:
        raise FindingsError(faults)
    return format_source(write_turtle(Selection(usage, published)), trig=False, name=TARGET)


def write(root: Path, vocab_dir: Path) -> Path:
    """Write ontology/reused-terms.ttl anew and return its path; errors are those of `generate`."""
    path = root / TARGET
    write_whole(path, generate(root, vocab_dir).encode())
    return path


def _faults(iri: str, published: Published) -> Iterator[tuple[str, str]]:
    """Yield code and message of what makes a term unusable."""
    if not published.types(iri):
        yield "undefined-term", "the vocabulary doesn't define this term."
    elif published.label(iri) is None:
        yield "term-label", "the vocabulary gives this term no English label."
