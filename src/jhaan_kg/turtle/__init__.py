"""Turtle and TriG as people write them: the syntax tree with places and comments, and the one style.

`syntax.parse_source` reads a source into a `tree.SourceTree`; `format.format_source` writes it in the
style of the project.
"""
