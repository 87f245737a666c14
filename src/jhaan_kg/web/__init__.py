"""Requests to servers of others: one client, which says exactly what went wrong and gives no secret away."""
