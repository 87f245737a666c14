"""Turtle and TriG as people write them: the syntax tree with places and comments, and the one style.

`syntax.parse_source` reads a source into a `tree.SourceTree`; `format.format_source` writes it in the
style of the project.
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

All others keep the order in which they were authored, since a curator's order carries meaning. So do, where
comments stand on lines of their own among the predicates, all predicates from the first such comment on.
"""
