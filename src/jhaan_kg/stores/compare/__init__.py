"""A store compared with the embedded engine: what it holds, its answers, and a report of both."""
