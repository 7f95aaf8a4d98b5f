"""Sort and Select, proven: every well-formed answer is run, prefixes shared.

Tells how many answers are right, what a random one is worth, and how short the shortest sequence is that lands. The
paper shows none of this: where two steps commute, or one step does the work of three, its reward is luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import perm

from synth.compose.chain import Link
from synth.environment import Answer, Instance
from synth.types import canonical

CHANCE_MOST = 0.2
"""A random answer may be right this often: a sort of 3 with one right order passes, a sort of 2 cannot."""

MENU_MOST = 7
"""Steps on a menu: 13,699 sequences of distinct ones, which is what can be run for one instance."""


@dataclass(frozen=True)
class Proof:
    """What running everything showed of one instance."""

    right: int
    """Well-formed answers that land."""
    formed: int
    """Well-formed answers."""
    shortest: int
    """Steps of the shortest sequence that lands, well-formed or not; ``claimed`` where none does."""
    claimed: int
    """Steps of the chain that the instance was made from."""

    @property
    def chance(self) -> float:
        return self.right / self.formed

    @property
    def refusal(self) -> str:
        """Why the instance is not to be used; empty when it may be."""
        if not self.right:
            return "no order of the steps leads to the end"
        if self.shortest < self.claimed:
            return f"{self.shortest} steps lead to the end, not {self.claimed}"
        if self.chance > CHANCE_MOST:
            return f"a random answer is right {self.chance:.0%} of the time, at most {CHANCE_MOST:.0%} may be"
        return ""


def prove(menu: Sequence[tuple[Link, Instance]], start: Answer, end: Answer, lengths: range, claimed: int) -> Proof:
    """Run every sequence of distinct steps of ``menu`` up to the longest of ``lengths``.

    From the same value with the same steps left, what follows is the same: it is run once.
    """
    if len(menu) > MENU_MOST:
        raise ValueError(f"{len(menu)} steps are too many to run in every order; at most {MENU_MOST}")
    goal = canonical(end)
    known: dict[tuple[str, frozenset[int]], dict[int, int]] = {}

    def landing(value: Answer, used: frozenset[int]) -> dict[int, int]:
        """How many ways lead on from here to the goal, by the number of steps still taken."""
        key = canonical(value), used
        if key not in known:
            ways = {0: 1} if key[0] == goal else {}
            if len(used) < lengths[-1]:
                for n, (link, held) in enumerate(menu):
                    if n in used or value not in link.takes:
                        continue
                    met = link.instance(value, held)
                    if link.part.admits(met):
                        for more, count in landing(link.part.reference(met), used | {n}).items():
                            ways[more + 1] = ways.get(more + 1, 0) + count
            known[key] = ways
        return known[key]

    ways = landing(start, frozenset())
    right = sum(count for steps, count in ways.items() if steps in lengths)
    formed = sum(perm(len(menu), steps) for steps in lengths)
    return Proof(right, formed, min(ways, default=claimed), claimed)
