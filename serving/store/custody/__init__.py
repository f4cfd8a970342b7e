"""Proof that nothing was changed, what keeps reports, and what removes them."""
