"""Stored queries: headers, binding of parameters, citations of answers, and the linter."""
