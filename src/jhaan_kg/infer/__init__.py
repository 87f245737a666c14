"""Inference: the OWL 2 RL entailments of the data, with minimal premises.

`compile_rules` reads the axioms of the ontology, `close` applies them to the layers of the data until nothing new
follows, `find_contradictions` applies the checks to the result, and `find_premises` finds for each entailed triple a
minimal set of asserted triples that entails it.
"""

from jhaan_kg.infer.closure import Clash, Closure, close, find_contradictions, find_premises
from jhaan_kg.infer.rules import InferenceRule, RuleSet, compile_rules

__all__ = [
    "Clash",
    "Closure",
    "InferenceRule",
    "RuleSet",
    "close",
    "compile_rules",
    "find_contradictions",
    "find_premises",
]
