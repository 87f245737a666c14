"""Loading a release into a triple store, and proving that it arrived.

`look` asks the store what it has, `plan` compares that with the release, `write` turns the plan into requests, and
`run` does all of it in order. Only graphs under our own namespace are asked for, written or dropped.
"""
