"""Proof that a graph says what its report says: grounding, completeness and roles, passage by passage.

`docs/proof.md` says for readers what is proven and how. The package imports nothing itself, since checks and the build
need its lexicon alone.
"""
