"""Loading of a release into a triple store, with verification of the result.

`store` reads the content of the store, `plan` determines the changes and the requests for them, and `loading` runs all
steps. The load only reads, writes or drops graphs in this project's namespace, or the default graph.
"""
