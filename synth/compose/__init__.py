"""Composition: environments made of environments. Words and wiring; the parts are run by whoever has them."""
