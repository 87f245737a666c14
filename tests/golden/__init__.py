"""The golden master: a comparison of the output for users between two states of the project.

    make golden BASE=COMMIT

records, for a commit and for this checkout as it is now: the release folder; every stored question with its default and
its tested parameters, as JSON with citations; `--help` of every command; the answers to the requests of `requests.txt`.
It prints what differs, and ends with 1 if something differs that `accepted.yaml` does not list. What was recorded of
the commit is kept in the user's cache folder.
"""
