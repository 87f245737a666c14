"""Loading a release into a triple store, and proving that it arrived.

`store` asks the store what it has, `plan` has what is to change and the requests for it, `loading` does all of it in
order. Only graphs under our own namespace are asked for, written or dropped.
"""
