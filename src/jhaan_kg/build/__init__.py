"""The build: from the sources to a snapshot, one module a step; `pipeline` calls them in order.

`files` and `cache` are all that a query needs when the snapshot is there already.
"""
