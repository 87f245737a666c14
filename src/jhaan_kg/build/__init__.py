"""The build of a snapshot from the sources.

There is one module per step. The module `pipeline` calls them in order.

If the snapshot exists, a query needs only `files` and `cache`.
"""
