"""Verification of statements against the words of their passages, in both directions.

See `docs/verification.md` for what is checked, and how. The package imports nothing itself, since checks and the build
need its lexicon alone.
"""
