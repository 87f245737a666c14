"""The graph as a SPARQL endpoint: `jhaan serve`.

`request`, `negotiate` and `formats` read what a client asks and wants; `pool` hands it to one of the processes that
answer (`nursery`, `worker`), and `spool` keeps what comes of it; `app` has the addresses, `service` what is served at
them; `run` starts and ends it all.
"""
