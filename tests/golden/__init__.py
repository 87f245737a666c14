"""The golden master: a comparison of the output for users between two states of the project.

    make golden BASE=COMMIT

It records the output of a commit and of the current checkout:

- the release folder;
- every stored question with its default and its tested parameters, as JSON with citations;
- `--help` of every command;
- the answers to the requests of `requests.txt`.

It prints the differences, and exits with 1 if `accepted.yaml` does not list one of them. The recorded output of commits
stays in the user's cache folder.
"""
