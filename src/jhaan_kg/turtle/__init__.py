"""Turtle and TriG as people write them: a syntax tree and the formatter.

The tree contains places and comments.

`syntax.parse_source` reads a source into a `tree.SourceTree`; `format.format_source` writes it in the project's
style.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS, SH, SKOS

PREDICATE_ORDER: Final = (
    RDF_TYPE.value,
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "definition",
    RDFS + "isDefinedBy",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "inverseOf",
    SH + "path",
)
"""The predicates that come first in a block, in this order.

Others keep their authored order, which may have a meaning. So do all predicates after a comment on its own line.
"""
