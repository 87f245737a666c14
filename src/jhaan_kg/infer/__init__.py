"""Inference: the OWL 2 RL entailments of the data, each with its derivation and one minimal set of premises.

The parts, in the order in which a build uses them:

- `compile_rules` reads the axioms of the ontology and gives rules and checks;
- `close` applies the rules to the layers of the data until nothing new follows;
- `contradictions` applies the checks to the result;
- `premises` finds, for each entailed triple, a minimal set of cited triples that entails it.

The rules are those of OWL 2 Profiles (https://www.w3.org/TR/owl2-profiles/, section 4.3), less what concerns the schema
itself, equality and datatypes: two names are taken to name two things. An ontology that says more than the engine
covers is refused.
"""

from jhaan_kg.infer.compiler import compile_rules
from jhaan_kg.infer.consistency import Clash, contradictions
from jhaan_kg.infer.engine import Closure, Derivation, close
from jhaan_kg.infer.premises import premises
from jhaan_kg.infer.rules import Pattern, Rule, RuleSet

__all__ = [
    "Clash",
    "Closure",
    "Derivation",
    "Pattern",
    "Rule",
    "RuleSet",
    "close",
    "compile_rules",
    "contradictions",
    "premises",
]
