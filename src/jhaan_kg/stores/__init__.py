"""Triple stores of others: their kinds, loading of the graph, and verification of the result."""
