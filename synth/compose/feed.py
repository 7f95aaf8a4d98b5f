"""Feeding: answers of one environment given to a field of another, to see whether they are taken.

It runs where its parts run, in a jail. Which answers are given to which fields is not decided here (``graph.py``),
nor whether what comes of it is worth having, which is for the search (``walk.py``).
"""

from collections.abc import Sequence
from itertools import product
from random import Random

from synth.compose.chain import Link
from synth.environment import Answer, Instance

HOLDS = (1, 2, 4, 8)
"""Difficulties at which the other fields of the taker are drawn; each value is tried with each draw."""


def fed(link: Link, given: Sequence[Sequence[Answer]], rng: Random) -> list[bool]:
    """Of each group of values, whether ``link`` takes one: its part admits it, and answers."""
    holds = [link.hold(rng, difficulty) for difficulty in (HOLDS if link.held else HOLDS[:1])]
    return [_takes(link, values, holds) for values in given]


def _takes(link: Link, values: Sequence[Answer], holds: Sequence[Instance]) -> bool:
    for held, value in product(holds, values):
        met = link.instance(value, held)
        if link.part.admits(met):
            link.part.reference(met)
            return True
    return False
