"""Names of the agencies, as people type and mistype them."""

from __future__ import annotations

import re

import pytest
from meetings_graph import term

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import resolve

AGENCY = ONTOLOGY + "Agency"

NAMES = {
    "eu lisa": "agency:eu-lisa",
    "EU-LISA": "agency:eu-lisa",
    "eulisa": "agency:eu-lisa",
    "European Border and Coast Guard Agency": "agency:frontex",
    "EASO": "agency:euaa",
    "European Asylum Support Office": "agency:euaa",
    "European Union Agency for Asylum": "agency:euaa",
    "european asylum support office (easo)": "agency:euaa",
    "EUROPOL": "agency:europol",
    "EU Agency for Law Enforcement Cooperation": "agency:europol",
    "emcdda": "agency:emcdda",
    "euda": "agency:emcdda",
    "European Union Drugs Agency": "agency:emcdda",
    "European Monitoring Centre for Drugs and Drug Addiction": "agency:emcdda",
    "eu agency for fundamental rights": "agency:fra",
    "fra": "agency:fra",
    "Agency:FRA": "agency:fra",
    "european institute for gender equality": "agency:eige",
    "EU agency for law enforcement training": "agency:cepol",
    "EU Agency for Criminal Justice Cooperation": "agency:eurojust",
}
"""The agency that each name means."""

MISTYPED = {
    "europool": "Europol",
    "Eurpol": "Europol",
    "frontx": "Frontex",
    "fontrex": "Frontex",
    "eurojst": "Eurojust",
    "euro just agency": "Eurojust",
    "zeppelin": None,
    "eu-lsia": "eu-LISA",
    "EMCDA": "EMCDDA",
    "agncy:europol": "Europol",
    "agency:euorpol": "Europol",
    "https://w3id.org/jhaan/id/agency/europo": "Europol",
    "European Union Agency for Law Enforcement Cooperation": "Europol",
    "European Union Agency for Fundamental Rights": "FRA",
    "fundamental rights": "FRA",
    "coast guard": "Frontex",
    "asylum agency": "EUAA",
    "gender equality institut": "EIGE",
    "drug addiction": "EMCDDA",
}
"""The agency that is suggested first, if any is near."""


def check_names(engine: StoreEngine, class_iri: str | None) -> None:
    """Assert that agencies are found by all their names."""
    for text, curie in NAMES.items():
        assert resolve(engine, text, class_iri) == term(curie), text


def check_suggestions(engine: StoreEngine) -> None:
    """Assert that a mistyped agency is suggested first, and all where none is near."""
    for text, label in MISTYPED.items():
        hint = "There are: CEPOL, EIGE, EMCDDA, eu-LISA, EUAA, Eurojust, Europol, FRA, Frontex."
        if label:
            hint = f" Did you mean {label} (agency:{label.lower()})"
        with pytest.raises(JhaanError, match=re.escape(hint)):
            resolve(engine, text, AGENCY)
