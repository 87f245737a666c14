"""A program that prints all that the engine makes of small data, whose triples come in any order."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from every_axiom import AXIOMS, CHECKS
from owlrl_oracle import turtle

from jhaan_kg.infer import close, compile_rules, find_contradictions, find_premises

DATA = (
    ":a :p :b ; :t :b ; :d 'x' . :b :s :c ; :q :c ; :t :c . :c a :A ; :t :e . :e :s :a ; :p :b . :b a :G .",
    ":e :v :a ; :r :b ; a :J . :c :u :a .",
)


def lines() -> Iterator[str]:
    """Yield rules, entailments, premises and clashes, one a line."""
    rules = compile_rules(turtle("\n".join((*AXIOMS, *CHECKS, ":b :p :c ."))))
    layers = [list(turtle(layer)) for layer in DATA]
    for layer in layers:
        random.shuffle(layer)
    closure = close(rules, layers)
    cited = {triple for layer in layers for triple in layer if triple.predicate.value[-1] != "s"}
    yield from (str(rule) for rule in (*rules.rules, *rules.checks))
    for stage in (0, 1):
        for triple in closure.inferred(stage):
            yield f"{stage} {triple}"
    yield from (f"{triple} {leaves}" for triple, leaves in find_premises(closure, cited).items())
    yield from map(str, find_contradictions(rules, closure))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
