"""Verification that the graph states what the report states: grounding, completeness and roles, by passage.

`docs/verification.md` describes it for readers. The package imports nothing itself, since checks and the build only
need its lexicon.
"""
