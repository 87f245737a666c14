"""The HTTP server of the graph, with pages and a SPARQL endpoint: `jhaan serve`.

- `app` contains the routes, `protocol` the rules of HTTP and SPARQL.
- `lanes` passes requests to the worker processes. They run `worker`.
- `service` contains the state of the server. `run` starts and stops the server, and replaces the release.
"""
