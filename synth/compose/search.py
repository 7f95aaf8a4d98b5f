"""Discovery: chains that hold, found by running them (RACES, section 3.1), and composites made of them.

It runs where its parts run, in a jail, so that one round trip brings many composites. Types say what could follow;
execution says what does: a step that is constant, ignores its input or returns it, and a value that is degenerate,
ends a path. Unlike the paper's, a chain is kept only if it holds over a sample of seeds and difficulties. Budgets
make the whole pool used; sizes are drawn evenly; composites of the same parts are rationed by who calls this.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from synth.compose.chain import Chain, Link, NoInstanceError
from synth.compose.control import CONDITIONS, Branch, Loop, fits
from synth.compose.operators import Parallel, Select, Sequential, Sort
from synth.compose.proof import MENU_MOST
from synth.environment import Answer, Environment, Function, Step, draw
from synth.types import canonical

INTEGER_MOST = 500  # RACES: a larger value makes the next step arithmetic and nothing else
DULL = (0, 1)  # RACES: most later steps are trivial on these
LENGTH_MOST = 100  # RACES: characters of a value as JSON here, since lists have no other length in a prompt
EXTENSIONS = 6  # links tried at each value of a path before it ends there
SIZES = {
    "sequential": (2, 12),
    "parallel": (2, 12),
    "sort": (3, 6),
    "select": (2, 5),
    "branch": (2, 2),
    "loop": (1, 1),
}
"""Smallest and largest size of each operator, in steps written out; a sort of 2 is right half the time by chance."""
SUPPORT = tuple((seed, difficulty) for seed, difficulty in enumerate((1, 2, 4, 6, 8, 10)))
"""Seeds and difficulties that a composite must hold at; its pass rate over them is recorded."""
LEAST_RATE = 0.8  # of the support: below it, whoever trains on it would wait for luck
SCREENED = 8  # values that a link is tried on before it is used
DECOYS = 3


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


@dataclass
class Slice:
    """What one round trip of the search brought."""

    found: list[Found] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    """By operator and size."""
    fell: Counter[str] = field(default_factory=Counter)
    """Why the rest fell, by operator and reason."""


def links_of(parts: Sequence[Environment]) -> list[Link]:
    """Every field of every part that can answer what it is given, opened."""
    return [Link(part, name) for part in parts if isinstance(part, Step) for name in part.signature.domain]


def screen(link: Link, rng: Random) -> str:
    """Why a link is an empty step, found by running it; nothing when it is not one.

    The opened field takes values drawn afresh while the others are held: an answer that never changes ignores it.
    """
    answers: list[str] = []
    same = 0
    held = link.hold(rng, 3)
    for _ in range(4 * SCREENED):
        value = link.part.generate(rng, rng.randint(1, 6))[link.into]
        met = link.instance(value, held)
        if not link.part.admits(met):
            held = link.hold(rng, 3)
            continue
        answer = link.part.reference(met)
        answers.append(canonical(answer))
        same += canonical(answer) == canonical(value)
        if len(answers) == SCREENED:
            break
    if len(answers) < 2:
        return "admits no value but those that its other fields were drawn with"
    if len(set(answers)) == 1:
        return "gives one answer whatever it is given"
    if same == len(answers):
        return "returns what it is given"
    return ""


def degenerate(value: Answer) -> str:
    """RACES' filters on a value of a path; nothing when it may stand there."""
    if isinstance(value, int) and not isinstance(value, bool) and (value in DULL or abs(value) > INTEGER_MOST):
        return "a value of 0 or 1, or beyond 500"
    text = canonical(value)
    if len(text) > LENGTH_MOST:
        return "a value longer than 100 characters"
    if isinstance(value, str | list | tuple) and len({*map(canonical, value)}) < 2:
        return "a value of one thing repeated, or of nothing"
    return ""


class Search:
    """Draws composites from links that are no empty steps; ``weights`` say how welcome each part still is."""

    def __init__(self, parts: Sequence[Environment], links: Sequence[Link], weights: Mapping[str, float]) -> None:
        self.parts, self.links, self.weights = parts, links, weights
        self.functions = [link for link in links if isinstance(link.part, Function)]
        """Only these stand where one answer must be right; in a sequential, a relation may stand too."""
        self.after: dict[tuple[str, int], list[Link]] = {}

    def slice(self, rng: Random, plan: Sequence[tuple[str, int]]) -> Slice:
        """Try for one composite of each operator and size in ``plan``."""
        out = Slice()
        for operator, size in plan:
            out.tried[f"{operator} {size}"] += 1
            try:
                composite = self.draw(operator, size, rng)
            except NoInstanceError as reason:
                out.fell[f"{operator} {size}: {reason}"] += 1
                continue
            rate = holds(composite)
            if rate < LEAST_RATE:
                out.fell[f"{operator} {size}: holds for too few seeds and difficulties"] += 1
                continue
            out.found.append(Found(str(composite), operator, size, tuple(sorted(names_in(composite))), round(rate, 2)))
        return out

    def draw(self, operator: str, size: int, rng: Random) -> Environment:
        """One composite, not yet known to hold. Raises ``NoInstanceError`` with the reason."""
        match operator:
            case "sequential":
                return Sequential(self.path(size, rng, self.links))
            case "sort":
                return Sort(self.path(size, rng, self.functions))
            case "select":
                return self.selection(size, rng)
            case "branch":
                return self.branch(rng)
            case "loop":
                return self.loop(rng)
            case _:
                return Parallel(tuple(self.one_of(self.parts, rng) for _ in range(size)))

    def one_of(self, parts: Sequence[Any], rng: Random) -> Any:
        return rng.choices(parts, [self.weights.get(str(part), 1.0) for part in parts])[0]

    def path(self, size: int, rng: Random, pool: Sequence[Link]) -> Chain:
        """A walk of ``size`` links from a drawn start, each executed on the value before it."""
        first = self.weighted(pool, rng)[0]
        links: list[Link] = []
        seen: set[str] = set()
        value = first.part.generate(rng, 2)[first.into]
        candidates: Iterator[Link] = iter([first])
        refused = ""
        while len(links) < size:
            link = next(candidates, None)
            if link is None:
                raise NoInstanceError(refused or "no link takes the value")
            met = link.instance(value, link.hold(rng, 2))
            if value not in link.takes or not link.part.admits(met):
                refused = "type-correct, but not admitted"
                continue
            answer = link.part.reference(met)
            refused = degenerate(answer) or ("a value that the path had before" if canonical(answer) in seen else "")
            if not refused:
                links.append(link)
                seen |= {canonical(value), canonical(answer)}
                value = answer
                candidates = iter(self.weighted(self.following(link, pool), rng)[:EXTENSIONS])
        return Chain(tuple(links))

    def following(self, link: Link, pool: Sequence[Link]) -> list[Link]:
        """The links of ``pool`` that take what ``link`` gives."""
        key = str(link.gives), len(pool)
        if key not in self.after:
            self.after[key] = [after for after in pool if link.gives <= after.takes]
        return self.after[key]

    def weighted(self, links: Sequence[Link], rng: Random) -> list[Link]:
        """A random order in which the parts that were used least tend to come first."""
        return sorted(links, key=lambda link: -(rng.random() ** (1 / self.weights.get(str(link.part), 1.0))))

    def selection(self, size: int, rng: Random) -> Select:
        chain = self.path(size, rng, self.functions)
        pool = self.functions
        near = [link for used in chain.links for link in pool if used.takes <= link.takes and used.gives == link.gives]
        near += [link for used in chain.links for link in pool if used.gives <= link.takes]
        decoys: list[Link] = []
        for link in self.weighted(near, rng):
            if link not in decoys and link not in chain.links and len(decoys) < min(DECOYS, MENU_MOST - size):
                decoys.append(link)
        if not decoys:
            raise NoInstanceError("nothing else in the pool could stand beside the steps")
        return Select(chain, tuple(decoys))

    def branch(self, rng: Random) -> Branch:
        yes = self.weighted(self.functions, rng)[0]
        alike = [link for link in self.functions if (link.takes, link.gives) == (yes.takes, yes.gives)]
        others = [link for link in alike if link.part is not yes.part]
        conditions = [condition for condition in CONDITIONS.values() if fits(condition, yes.takes)]
        if not others or not conditions:
            raise NoInstanceError("no other link of the same types, or no condition on them")
        return Branch(rng.choice(conditions), yes, self.weighted(others, rng)[0])

    def loop(self, rng: Random) -> Loop:
        able = [link for link in self.functions if link.gives <= link.takes]
        if not able:
            raise NoInstanceError("no link takes its own answer")
        return Loop(self.weighted(able, rng)[0])


def holds(composite: Environment) -> float:
    """Share of the support at which an instance can be drawn, is admitted, and its answer is right.

    Stops, and counts the rest as lost, once that cannot be enough any more.
    """
    held = lost = 0
    for seed, difficulty in SUPPORT:
        try:
            instance, answer = draw(composite, Random(seed), difficulty)
            good = composite.admits(instance) and composite.score(instance, answer) == 1
        except NoInstanceError:
            good = False
        held, lost = held + good, lost + (not good)
        if lost > (1 - LEAST_RATE) * len(SUPPORT):
            break
    return held / len(SUPPORT)


def names_in(composite: Any) -> list[str]:
    """The base environments in a composite, as often as they occur."""
    inside = [
        *getattr(composite, "parts", ()),
        *(link.part for link in getattr(composite, "links", ())),
        *(
            link.part
            for link in getattr(getattr(composite, "chain", None), "links", ())
            if not hasattr(composite, "links")
        ),
        *(getattr(composite, name).part for name in ("link", "yes", "no") if hasattr(composite, name)),
    ]
    return [name for part in inside for name in names_in(part)] if inside else [str(composite)]
