"""The JHAAN final report 2023 as a knowledge graph: build it, question it, cite it, export it."""

__version__ = "0.1.0"
