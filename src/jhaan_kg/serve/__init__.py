"""The HTTP server of the graph, with pages and a SPARQL endpoint: `jhaan serve`.

`app` has the routes and `protocol` the rules of HTTP and SPARQL; `pool` passes requests to the processes of `worker`,
which answer them from `resources`, and `spool` buffers the answers; `service` has the state, and `run` starts and
ends the server.
"""
