"""The graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), with the keys of one context.

`documents` writes the graph, its parts and the context; `framed` cuts documents of one class out of the graph, by the
frames that `frame` reads, whose JSON Schemas are in `schemas`.
"""
