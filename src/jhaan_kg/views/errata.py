"""The corrections of statements of earlier releases, shown with the statements that replaced them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import ONTOLOGY, RDFS_LABEL
from jhaan_kg.query.cite import locate
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.model import Correction, Source
from jhaan_kg.views.phrases import in_words, name_of

_ERRATA: Final = f"""SELECT DISTINCT ?erratum ?about ?property ?called ?release ?wrong ?wrongLabel ?corrected
?correctedLabel ?reason ?passage WHERE {{
?erratum <{ONTOLOGY}corrects> ?about ; <{ONTOLOGY}correctsProperty> ?property ; <{ONTOLOGY}wrongValue> ?wrong ;
<{ONTOLOGY}wrongInRelease> ?release ; <{ONTOLOGY}reason> ?reason ; <{ONTOLOGY}basedOn> ?passage .
OPTIONAL {{ ?property {RDFS_LABEL} ?called }} OPTIONAL {{ ?wrong {RDFS_LABEL} ?wrongLabel }}
OPTIONAL {{ ?erratum <{ONTOLOGY}correctedValue> ?corrected OPTIONAL {{ ?corrected {RDFS_LABEL} ?correctedLabel }} }}
}} ORDER BY ?release ?erratum ?passage"""


class Errata:
    """The corrections in a graph, which are few, by entity.

    Raises:
        ServiceError: the service of the engine cannot be reached.
    """

    def __init__(self, engine: Engine) -> None:
        found: dict[NamedNode, tuple[Triple | None, NamedNode, Correction]] = {}
        for (
            erratum,
            about,
            by,
            called,
            release,
            wrong,
            wrong_label,
            corrected,
            label,
            reason,
            passage,
        ) in engine.select(_ERRATA).rows:
            if not (
                isinstance(erratum, NamedNode)
                and isinstance(about, NamedNode)
                and isinstance(by, NamedNode)
                and isinstance(passage, NamedNode)
            ):
                continue
            if erratum in found:
                known, _, correction = found[erratum]
                sources = (*correction.sources, Source(passage, locate(passage.value)))
                found[erratum] = (known, about, correction._replace(sources=sources))
                continue
            found[erratum] = (
                None if corrected is None else Triple(about, by, corrected),
                about,
                Correction(
                    _text(called) or name_of(by),
                    _text(release),
                    _words(wrong, wrong_label),
                    "" if corrected is None else _words(corrected, label),
                    _text(reason),
                    (Source(passage, locate(passage.value)),),
                ),
            )
        self._of_triple: dict[Triple, list[Correction]] = defaultdict(list)
        self._of_entity: dict[NamedNode, list[Correction]] = defaultdict(list)
        for triple, about, correction in found.values():
            self._of_entity[about].append(correction)
            if triple is not None:
                self._of_triple[triple].append(correction)

    def with_statements(self, triples: Iterable[Triple]) -> tuple[Correction, ...]:
        """Return the corrections that led to some statements."""
        return tuple(each for triple in triples for each in self._of_triple.get(triple, ()))

    def about(self, entity: NamedNode) -> list[Correction]:
        """Return the corrections of statements about an entity."""
        return self._of_entity.get(entity, [])


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""


def _words(value: object, label: object) -> str:
    if isinstance(value, Literal):
        return in_words(value)
    return _text(label) or (name_of(value) if isinstance(value, NamedNode) else "")
