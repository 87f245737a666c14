"""Stored queries: headers, parameters, answers, citations, and the linter."""
