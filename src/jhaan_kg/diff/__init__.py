"""What tells two releases apart.

They are opened (`source`), read (`release`), compared (`compare`, `answers`) and told (`words`, `rdf`).
"""
