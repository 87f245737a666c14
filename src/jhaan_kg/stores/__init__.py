"""External triple stores: types, loading, and verification of the result."""
