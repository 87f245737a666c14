"""Comparison of a triple store with the built-in engine: content, answers, and a report."""
