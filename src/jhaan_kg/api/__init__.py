"""The graph from Python: opened, asked, explained, searched, exported, and seen as a graph of rdflib."""
