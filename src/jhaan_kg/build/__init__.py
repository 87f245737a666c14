"""The build of a snapshot from the sources: one module per step, called in order by `pipeline`.

If the snapshot exists, a query needs only `files` and `cache`.
"""
