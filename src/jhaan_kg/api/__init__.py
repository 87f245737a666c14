"""The Python API of the graph: open, query, explain, search, export, and view as a graph of rdflib."""
