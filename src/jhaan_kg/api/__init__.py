"""The Python API of the graph.

It opens, queries, explains, searches and exports the graph, and views it as a graph of rdflib.
"""
