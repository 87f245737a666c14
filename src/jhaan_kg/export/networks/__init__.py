"""The network of the agencies: what joins two of them is counted by a stored question, see `counting`."""
