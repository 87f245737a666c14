"""Comparison of two releases.

The modules are `release` for reading, `compare` for comparing, and `report` for reporting.
"""
