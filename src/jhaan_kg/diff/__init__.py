"""Comparison of two releases: reading (`release`), comparing (`compare`) and reporting (`report`)."""
