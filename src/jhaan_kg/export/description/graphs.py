"""The named graphs of a snapshot in words: who says what each of them holds."""

from __future__ import annotations

import re
from typing import Final

from jhaan_kg.namespaces import GRAPH

_TITLES: Final = {
    r"ontology": "The terms of the JHAAN ontology",
    r"ontology/reused": "Terms of other vocabularies that the graph uses",
    r"queries": "The stored questions",
    r"lexicon": "How values are found in a text, and by which words",
    r"lexicon/([^/]+)": "Words by which things are found in the text of the report {}",
    r"document/([^/]+)": "The passages of the report {}, without their text",
    r"register/([^/]+)": "Names that several passages or reports share: {}",
    r"report/([^/]+)/([^/]+)": "What the report {} says in section {}",
    r"curation/([^/]+)/([^/]+)": "What curators say about the report {}: {}",
    r"context/([^/]+)": "Facts from outside the reports: {}",
    r"reconciled/([^/]+)": "Contested values of the report {}, with both sides",
    r"derived/curation/([^/]+)": "The answer layer: who took part and the like, by the report {} and its curators",
    r"derived/([^/]+)": "The answer layer: who took part and the like, by the report {}",
    r"inferred/context": "What follows from facts from outside the reports",
    r"inferred/curation/([^/]+)": "What follows from what curators say about the report {}",
    r"inferred/([^/]+)": "What follows from the report {}",
    r"evidence/context": "Which facts come from outside the reports, and from where",
    r"evidence/([^/]+)": "Which passages of the report {} state or entail each triple",
}


def title_of(graph: str) -> str:
    """Say in English what a named graph holds, and who says it.

    Args:
        graph: its IRI.

    Raises:
        ValueError: no snapshot has such a graph.

    >>> title_of("https://w3id.org/jhaan/graph/report/jhaan-2023/5.2.2")
    'What the report jhaan-2023 says in section 5.2.2'
    >>> title_of("https://w3id.org/jhaan/graph/inferred/context")
    'What follows from facts from outside the reports'
    """
    name = graph.removeprefix(GRAPH)
    for pattern, title in _TITLES.items():
        match = re.fullmatch(pattern, name)
        if match:
            return title.format(*match.groups())
    raise ValueError(f"{graph} is no graph of a snapshot")
