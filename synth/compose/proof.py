"""Sort and Select, proven: every well-formed answer is run, prefixes shared.

Tells how many answers are right, what a random one is worth, and how short the shortest sequence is that lands. The
paper shows none of this: where two steps commute, or one step does the work of three, its reward is luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import perm

from synth.compose.chain import Link, NoInstanceError
from synth.environment import Answer, Instance
from synth.types import canonical

CHANCE_MOST = 0.2
"""A random answer may be right this often: a sort of 3 with one right order passes, a sort of 2 cannot."""

MENU_MOST = 7
"""Steps on a menu: 13,699 sequences of distinct ones, which is what can be run for one instance."""

RUNS_MOST = 2_000
"""Steps run for one proof, each once on each value: a menu that leads to more values than that is not proven."""


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
    def flaw(self) -> str:
        """Why the instance is not to be used, in words that are the same for all that have it; empty when it may be."""
        if not self.right:
            return "no order of the steps leads to the end"
        if self.shortest < self.claimed:
            return "fewer steps than claimed lead to the end"
        return "a random answer is right too often" if self.chance > CHANCE_MOST else ""

    @property
    def refusal(self) -> str:
        """The flaw with its figures."""
        if not self.flaw:
            return ""
        figures = f"{self.right} of {self.formed} answers are right, the shortest of {self.shortest} steps"
        return f"{self.flaw} ({figures}, of {self.claimed} claimed)"


def prove(menu: Sequence[tuple[Link, Instance]], start: Answer, end: Answer, lengths: range, claimed: int) -> Proof:
    """Run every sequence of distinct steps of ``menu`` up to the longest of ``lengths``.

    From the same value with the same steps left, what follows is the same: it is run once. So is a step on a value.
    Raises ``NoInstanceError`` where that would be more than ``RUNS_MOST``.
    """
    if len(menu) > MENU_MOST:
        raise ValueError(f"{len(menu)} steps are too many to run in every order; at most {MENU_MOST}")
    runs = _Runs(menu)
    goal = canonical(end)
    known: dict[tuple[str, int], dict[int, int]] = {}

    def landing(value: str, used: int, left: int) -> dict[int, int]:
        """How many ways lead on from here to the goal, by the number of steps still taken; ``used`` is a bit a step."""
        if (value, used) not in known:
            ways = {0: 1} if value == goal else {}
            for n in range(len(menu)) if left else ():
                if used >> n & 1 or (after := runs.after(value, n)) is None:
                    continue
                for more, count in landing(after, used | 1 << n, left - 1).items():
                    ways[more + 1] = ways.get(more + 1, 0) + count
            known[value, used] = ways
        return known[value, used]

    ways = landing(runs.met(start), 0, lengths[-1])
    right = sum(count for steps, count in ways.items() if steps in lengths)
    formed = sum(perm(len(menu), steps) for steps in lengths)
    return Proof(right, formed, min(ways, default=claimed), claimed)


class _Runs:
    """The steps of a menu, each run once on each value that it meets. Values go by their canonical text."""

    def __init__(self, menu: Sequence[tuple[Link, Instance]]) -> None:
        self.menu = menu
        self.values: dict[str, Answer] = {}
        self.known: dict[tuple[str, int], str | None] = {}

    def met(self, value: Answer) -> str:
        text = canonical(value)
        self.values.setdefault(text, value)
        return text

    def after(self, value: str, n: int) -> str | None:
        """What step ``n`` makes of the value; nothing where it does not take it."""
        if (value, n) not in self.known:
            if len(self.known) == RUNS_MOST:
                raise NoInstanceError("the steps lead to too many values to run every order")
            (link, held), given = self.menu[n], self.values[value]
            met = link.instance(given, held)
            takes = given in link.takes and link.part.admits(met)
            self.known[value, n] = self.met(link.part.reference(met)) if takes else None
        return self.known[value, n]
