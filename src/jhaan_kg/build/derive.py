"""Generated (not entailed) values: day numbers, years, name nodes, `jhaan:statedIn`.

They are generated before the inference, which uses them. Labels depend on inferred types, so `labels` generates them
after the inference.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.assemble import Assembled, Assertion
from jhaan_kg.build.evidence import Premises
from jhaan_kg.build.graphs import Layer
from jhaan_kg.digests import node_for
from jhaan_kg.namespaces import PREFIXES, RDF_TYPE, RDFS_LABEL, SCHEMA, SKOSXL, XSD, jhaan

_DATES: Final = {
    NamedNode(PREFIXES["dcat"] + "startDate"): (jhaan("startDay"), jhaan("startYear")),
    NamedNode(PREFIXES["dcat"] + "endDate"): (jhaan("endDay"), jhaan("endYear")),
    NamedNode(SCHEMA + "startDate"): (jhaan("startDay"), jhaan("startYear")),
    NamedNode(SCHEMA + "endDate"): (jhaan("endDay"), jhaan("endYear")),
    jhaan("launchedOn"): (jhaan("startDay"), jhaan("startYear")),
}
_EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
_DATE: Final = NamedNode(XSD + "date")
_CALLED: Final = jhaan("called")
_STATED_IN: Final = jhaan("statedIn")
_NAME: Final = NamedNode(SKOSXL + "Label")
_ALT_LABEL: Final = NamedNode(SKOSXL + "altLabel")
_LITERAL_FORM: Final = NamedNode(SKOSXL + "literalForm")


def generate_values(
    triples: Iterable[Triple], assertions: Mapping[Triple, Assertion]
) -> dict[Triple, Premises]:
    """Return the values generated from triples of data: day numbers, years and name nodes.

    Args:
        triples: the triples.
        assertions: all assertions; other triples are background.

    Returns:
        The new triples, each with its premise, or none if it comes from the background.
    """
    derived: dict[Triple, Premises] = {}
    for triple in triples:
        premises: Premises = (triple,) if triple in assertions else ()
        for new in (*_numbers(triple), *_name(triple)):
            derived.setdefault(new, premises)
    return derived


def _numbers(triple: Triple) -> Iterator[Triple]:
    """Yield days since 1970-01-01 and the year of a date.

    Invalid dates are left to the checks.
    """
    names = _DATES.get(triple.predicate)
    if names is None or not isinstance(triple.object, Literal) or triple.object.datatype != _DATE:
        return
    try:
        day = datetime.date.fromisoformat(triple.object.value)
    except ValueError:
        return
    yield Triple(triple.subject, names[0], Literal(day.toordinal() - _EPOCH))
    yield Triple(triple.subject, names[1], Literal(day.year))


def _name(triple: Triple) -> Iterator[Triple]:
    """Yield the triples of the node for a name, whose passages `find_mentions` adds."""
    if triple.predicate == _CALLED and isinstance(triple.object, Literal):
        node = node_for("name", triple)
        yield Triple(triple.subject, _ALT_LABEL, node)
        yield Triple(node, RDF_TYPE, _NAME)
        yield Triple(node, _LITERAL_FORM, triple.object)
        yield Triple(node, RDFS_LABEL, triple.object)


def find_mentions(assembled: Assembled) -> dict[str, dict[Triple, Premises]]:
    """Return the passages that mention each subject of the report layer and each name node.

    Returns:
        For each report the new triples, each with its premise: the first assertion about that subject from that
        passage.
    """
    derived: dict[str, dict[Triple, Premises]] = defaultdict(dict)
    for triple, assertion in assembled.assertions.items():
        if assertion.layer is not Layer.REPORT:
            continue
        subjects = [triple.subject]
        if triple.predicate == _CALLED and isinstance(triple.object, Literal):
            subjects.append(node_for("name", triple))
        for place in assertion.occurrences:
            if place.passage is not None:
                for subject in subjects:
                    derived[place.report].setdefault(Triple(subject, _STATED_IN, place.passage), (triple,))
    return derived
