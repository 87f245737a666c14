"""Verification of the graph against the report: grounding, completeness and roles.

`docs/verification.md` describes it for readers. The package imports nothing itself, since checks and the build only
need its lexicon.
"""
