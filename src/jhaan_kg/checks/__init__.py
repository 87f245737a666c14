"""Checks on the sources."""
