"""Tests of foreign environments: what of them needs no gym, and reasoning-gym where it is installed."""
