"""Discovery: composites made of paths that hold, each drawn over a sample of seeds and difficulties.

It runs where its parts run, in a jail, so that one round trip brings many composites. Budgets make the whole pool
used; what is kept has held over the sample, and its draws go along, for the laws to look at. Which operators and
sizes are tried, and how many composites may have the same parts, is for whoever calls this.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from synth.compose import walk
from synth.compose.chain import Link, NoInstanceError
from synth.compose.control import CONDITIONS, Branch, Loop, fits
from synth.compose.operators import Parallel, Select, Sequential, Sort
from synth.compose.proof import MENU_MOST
from synth.compose.walk import Path
from synth.environment import ANSWER, Environment, Function, Step, draw
from synth.types import Type

SIZES = {
    "sequential": (2, 12),
    "parallel": (2, 12),
    "sort": (3, 6),
    "select": (2, 5),
    "branch": (2, 2),
    "loop": (1, 1),
}
"""Smallest and largest size of each operator, in its own steps or parts; of a sort of 2 half the answers are right."""
SUPPORT = tuple(enumerate((6, 1, 10, 2, 8, 4)))
"""Seeds and difficulties that a composite must hold at; its pass rate over them is recorded.
The first few are mixed."""
LEAST_RATE = 0.8  # of the support: below it, whoever trains on it would wait for luck
TRIAL_PROOFS = 3  # runs of a path that are proven before a sort or a select is drawn over the support
DECOYS = 3
NESTED_SHARE = 0.3  # how often a step, or a part of a parallel, may be a composite


@dataclass(frozen=True)
class Found:
    """A composite that holds."""

    term: str
    operator: str
    size: int
    parts: tuple[str, ...]
    """Names of the base environments, sorted, as often as they occur."""
    rate: float
    """Share of the support at which an instance could be drawn."""
    draws: list[tuple[int, int, Any]]
    """Seed, difficulty and what was drawn: the instance, with its right answer."""
    proof: dict[str, float] = field(default_factory=dict)
    """Of a sort or a select, over its draws: see ``proven``."""


@dataclass
class Slice:
    """What one round trip of the search brought."""

    found: list[Found] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    """By operator and size."""
    fell: Counter[str] = field(default_factory=Counter)
    """Why the rest fell, by operator, size and reason."""


def links_of(parts: Sequence[Environment]) -> list[Link]:
    """Every field of every part that can answer what it is given, opened."""
    return [Link(part, name) for part in parts if isinstance(part, Step) for name in part.signature.domain]


class Search:
    """Draws composites from links that are no empty steps; ``weights`` say how welcome each base environment still is.

    ``walked`` are those of the links that paths are made of. ``nested`` are composites that may be steps, where they
    are functions of ``x``, and parts of a parallel.
    """

    def __init__(
        self,
        parts: Sequence[Environment],
        links: Sequence[Link],
        walked: Sequence[Link],
        weights: Mapping[str, float],
        nested: Sequence[Environment] = (),
    ) -> None:
        self.parts, self.nested, self.weights = parts, nested, weights
        self.inner = [Link(part, "x") for part in nested if isinstance(part, Function) and "x" in part.signature.domain]
        self.functions = [link for link in [*links, *self.inner] if isinstance(link.part, Function)]
        """Only these stand where one answer must be right."""
        self.steps = [*walked, *self.inner]
        """Of these a sequential is made: a relation may stand in it too."""
        self.proper_steps = [link for link in self.steps if isinstance(link.part, Function)]
        self.after: dict[tuple[Type, bool], list[Link]] = {}

    def slice(self, rng: Random, plan: Sequence[tuple[str, int]]) -> Slice:
        """Try for one composite of each operator and size in ``plan``."""
        out = Slice()
        for operator, size in plan:
            out.tried[f"{operator} {size}"] += 1
            try:
                out.found.append(self.find(operator, size, rng))
            except NoInstanceError as reason:
                out.fell[f"{operator} {size}: {reason}"] += 1
        return out

    def find(self, operator: str, size: int, rng: Random) -> Found:
        """A composite that holds over the support. Raises ``NoInstanceError`` with the reason why one does not."""
        composite = self.draw(operator, size, rng)
        draws = support(composite)
        if reason := idle(composite, [value for _, _, value in draws]):
            raise NoInstanceError(reason)
        names = tuple(sorted(names_in(composite)))
        rate = round(len(draws) / len(SUPPORT), 2)
        return Found(str(composite), operator, size, names, rate, draws, proven(composite, draws))

    def draw(self, operator: str, size: int, rng: Random) -> Environment:
        """One composite, not yet known to hold. Raises ``NoInstanceError`` with the reason."""
        match operator:
            case "sequential":
                return Sequential(self.path(size, rng).chain)
            case "sort":
                path = self.proper(size, rng)
                return worth_asking(Sort(path.chain), path, rng)
            case "select":
                path = self.proper(size, rng)
                return worth_asking(Select(path.chain, self.decoys(path, rng)), path, rng)
            case "branch":
                return self.branch(rng)
            case "loop":
                return self.loop(rng)
            case _:
                return Parallel(tuple(self.part(rng) for _ in range(size)))

    def part(self, rng: Random) -> Environment:
        """A part of a parallel."""
        among = self.nested if self.nested and rng.random() < NESTED_SHARE else self.parts
        return rng.choices(among, [self.welcome(part) for part in among])[0]

    def path(self, size: int, rng: Random) -> Path:
        """Links of any kind, the same one perhaps twice."""
        return walk.walk(size, self.one(self.steps, rng), lambda path: self.next(path, self.steps, rng), rng)

    def proper(self, size: int, rng: Random) -> Path:
        """Functions, each once: what can be asked for in some order."""

        def following(path: Path) -> Iterator[Link]:
            return (link for link in self.next(path, self.proper_steps, rng) if link not in path.links)

        return walk.walk(size, self.one(self.proper_steps, rng), following, rng)

    def next(self, path: Path, pool: Sequence[Link], rng: Random) -> Iterator[Link]:
        """The links of ``pool`` to try after ``path``."""
        gives = path.links[-1].gives
        key = gives, pool is self.steps
        if key not in self.after:
            self.after[key] = [link for link in pool if gives <= link.takes]
        return iter(self.weighted(self.after[key], rng)[: walk.EXTENSIONS])

    def weighted(self, links: Sequence[Link], rng: Random) -> list[Link]:
        """A random order in which the parts that were used least tend to come first; composites mostly stand back."""
        back = rng.random() >= NESTED_SHARE

        def place(link: Link) -> tuple[bool, float]:
            inside = hasattr(link.part, "inside")
            return back and inside, -math.log(1 - rng.random()) / self.welcome(link.part)

        return sorted(links, key=place)

    def one(self, links: Sequence[Link], rng: Random) -> Link:
        """One of ``links``. Raises ``NoInstanceError`` when there are none."""
        if not links:
            raise NoInstanceError("the pool has no step for it")
        return self.weighted(links, rng)[0]

    def welcome(self, part: Environment) -> float:
        """How welcome a part is: a composite, as its least welcome part."""
        inside = getattr(part, "inside", ())
        return min(map(self.welcome, inside)) if inside else self.weights.get(str(part), 1.0)

    def decoys(self, path: Path, rng: Random) -> tuple[Link, ...]:
        """Links beside the path's own that can be run on values of the path."""
        most = min(DECOYS, MENU_MOST - len(path.links))
        decoys: list[Link] = []
        for link in self.weighted(self.functions, rng):
            places = [n for n, used in enumerate(path.links) if used.takes <= link.takes]
            if link in path.links or not places or not walk.takes(path, rng.choice(places), link, rng):
                continue
            decoys.append(link)
            if len(decoys) == most:
                return tuple(decoys)
        if not decoys:
            raise NoInstanceError("nothing else in the pool could stand beside the steps")
        return tuple(decoys)

    def branch(self, rng: Random) -> Branch:
        yes = self.one(self.functions, rng)
        alike = [link for link in self.functions if (link.takes, link.gives) == (yes.takes, yes.gives)]
        others = [link for link in alike if link.part is not yes.part]
        conditions = [condition for condition in CONDITIONS.values() if fits(condition, yes.takes)]
        if not others or not conditions:
            raise NoInstanceError("no other link of the same types, or no condition on them")
        return Branch(rng.choice(conditions), yes, self.weighted(others, rng)[0])

    def loop(self, rng: Random) -> Loop:
        able = [link for link in self.functions if link.gives <= link.takes and not isinstance(link.part, Loop)]
        if not able:
            raise NoInstanceError("no link takes its own answer")
        link = self.weighted(able, rng)[0]
        until = [condition for condition in CONDITIONS.values() if fits(condition, link.takes)]
        return Loop(link, rng.choice([None, *until]))


def worth_asking(composite: Select, path: Path, rng: Random) -> Select:
    """``composite``, if one of the first runs of its path can be proven. Raises ``NoInstanceError``."""
    flaw = ""
    for run in rng.sample(path.runs, TRIAL_PROOFS):
        flaw = composite.prove(composite.about(run.instance(), run.values[1:], rng, run.difficulty)).flaw
        if not flaw:
            return composite
    raise NoInstanceError(flaw)


def support(composite: Environment) -> list[tuple[int, int, Any]]:
    """What can be drawn over the support, is admitted, and its answer right. Raises ``NoInstanceError`` below the rate.

    It stops once there cannot be enough any more.
    """
    draws = []
    for n, (seed, difficulty) in enumerate(SUPPORT):
        try:
            instance, answer = draw(composite, Random(seed), difficulty)
            if composite.admits(instance) and composite.score(instance, answer) == 1:
                draws.append((seed, difficulty, {**instance, ANSWER: answer}))
        except NoInstanceError:
            pass
        if n + 1 - len(draws) > (1 - LEAST_RATE) * len(SUPPORT):
            raise NoInstanceError("holds for too few seeds and difficulties")
    return draws


def idle(composite: Environment, drawn: Sequence[Mapping[str, Any]]) -> str:
    """What about a branch or a loop never comes about in what was drawn; nothing if all does."""
    if isinstance(composite, Branch):
        if len({composite.asks(instance) for instance in drawn}) < 2:
            return "one way is never taken"
        return "both ways give the same" if all(map(composite.is_idle, drawn)) else ""
    if isinstance(composite, Loop) and all(map(composite.is_idle, drawn)):
        return "nothing changes after the first time"
    return ""


def proven(composite: Environment, draws: Sequence[tuple[int, int, Any]]) -> dict[str, float]:
    """Of a sort or a select: the most right answers of an instance, the highest chance, the shortest that lands."""
    if not isinstance(composite, Select):
        return {}
    proofs = [composite.prove(instance) for _, _, instance in draws]
    return {
        "right": max(proof.right for proof in proofs),
        "chance": round(max(proof.chance for proof in proofs), 4),
        "shortest": min(proof.shortest for proof in proofs),
    }


def names_in(composite: Environment) -> list[str]:
    """The base environments in a composite, as often as they occur."""
    inside: Sequence[Environment] = getattr(composite, "inside", ())
    return [name for part in inside for name in names_in(part)] if inside else [str(composite)]
