"""Stored queries: their headers, the binding of parameters, the passages behind an answer, and the linter."""
