"""Loading of a release into a triple store, with verification of the result.

`store` reads the content of the store, `plan` determines the changes and their requests, `loading` runs all steps.
Only graphs in our own namespace are read, written or dropped.
"""
