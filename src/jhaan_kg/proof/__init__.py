"""Proof that a graph says what its report says: grounding, completeness and roles, passage by passage.

`docs/proof.md` says for readers what is proven and how.
"""

from jhaan_kg.proof.account import Account
from jhaan_kg.proof.proof import Proof, prove
from jhaan_kg.proof.stated import Stated

__all__ = ["Account", "Proof", "Stated", "prove"]
