"""One module for each kind of store: all that a bundle knows of it."""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.kinds import (
    allegrograph,
    blazegraph,
    fuseki,
    graphdb,
    neo4j,
    neptune,
    oxigraph,
    qlever,
    rdf4j,
    stardog,
    virtuoso,
)
from jhaan_kg.stores.bundle.recipe import Recipe

_MODULES: Final = (
    *(fuseki, graphdb, rdf4j, virtuoso, oxigraph, qlever),
    *(blazegraph, neptune, stardog, allegrograph, neo4j),
)

RECIPES: Final[dict[str, Recipe]] = {module.RECIPE.kind: module.RECIPE for module in _MODULES}
"""The recipes by the names of their kinds, in the order in which they are listed."""
