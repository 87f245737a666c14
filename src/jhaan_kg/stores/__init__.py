"""The graph in triple stores of others: what kinds of them there are, loading them, and proving that it arrived."""
