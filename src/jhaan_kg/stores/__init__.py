"""External triple stores: supported types, loading of the graph, and verification of the result."""
