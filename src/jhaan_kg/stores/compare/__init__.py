"""Comparison of a store with the built-in engine: its content, its answers, and a report."""
