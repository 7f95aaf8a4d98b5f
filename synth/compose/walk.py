"""Paths: chains found by running them from several starts at once (RACES, section 3.1).

Types say what could follow; execution says what does. A link that is constant, ignores its input or returns it, and
a value that is degenerate, end a path. The paper walks from one start; here every link must hold for most of the
starts, easy and hard ones, so that a path is not the luck of one value. What is made of paths is for ``search.py``.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from synth.compose.chain import START, Chain, Link, NoInstanceError, tagged
from synth.environment import Answer, Instance
from synth.types import canonical

INTEGER_MOST = 500  # RACES: a larger value makes the next step arithmetic and nothing else
DULL = (0, 1)  # RACES: most later steps are trivial on these
LENGTH_MOST = 100  # RACES: characters of a value as JSON here, since lists have no other length in a prompt
STARTS = (1, 2, 4, 6, 8, 10)
"""The difficulties of the starts that a path is walked from at once."""
LEAST_RUNS = 3  # of the starts, that must get to the end of a path
LEAST_KEPT = 0.5  # of the values before a link, that it must take to something worth having
EXTENSIONS = 6  # links tried after a path before it is given up there
ATTEMPTS = 6  # links tried in all, for each step that a path should have
BEGINNINGS = 4  # tries to begin a path with a link
SCREENED = 8  # values that a link is tried on before it is used

NOT_ADMITTED = "type-correct, but not admitted"
CONSTANT = "gives one answer whatever it is given"
IDENTITY = "returns what it is given"


@dataclass(frozen=True)
class Run:
    """One start taken along a path: the values on the way, the start first, and the fields that each step holds."""

    difficulty: int
    values: tuple[Answer, ...]
    held: tuple[Instance, ...] = ()
    seen: frozenset[str] = frozenset()
    """The values as text."""

    def instance(self) -> Instance:
        """The instance of the path's chain."""
        return {START: self.values[0], **tagged(self.held)}


@dataclass(frozen=True)
class Path:
    links: tuple[Link, ...]
    runs: tuple[Run, ...]

    @property
    def chain(self) -> Chain:
        return Chain(self.links)


class DeadEndError(NoInstanceError):
    """A link leads nowhere from here; the message says why."""


def walk(size: int, first: Link, following: Callable[[Path], Iterator[Link]], rng: Random) -> Path:
    """A path of ``size`` links that begins with ``first``; where it comes to an end too soon it goes back a step.

    ``following`` gives the links to try after a path, the most welcome first. Raises ``NoInstanceError``.
    """
    path = begin(first, rng)
    stack = [(path, following(path))]
    refused = "no link takes the value"
    for _ in range(ATTEMPTS * size):
        path, candidates = stack[-1]
        if len(path.links) == size:
            return path
        link = next(candidates, None)
        try:
            if link is not None:
                path = extended(path, link, rng)
                stack.append((path, following(path)))
            elif len(stack) > 1:
                stack.pop()
            else:
                break
        except NoInstanceError as reason:
            refused = str(reason)
    raise NoInstanceError(refused)


def begin(link: Link, rng: Random) -> Path:
    """The path of ``link`` alone, from starts as its part draws them."""
    runs = []
    for difficulty in STARTS:
        drawn = link.part.generate(rng, difficulty)
        value = drawn[link.into]
        start = Run(difficulty, (value,), (), frozenset([canonical(value)]))
        runs.append((start, {name: drawn[name] for name in link.held}))
    return _stepped((), link, runs)


def extended(path: Path, link: Link, rng: Random) -> Path:
    """``path`` with ``link`` behind it. Raises ``NoInstanceError`` with the reason why that is worth nothing."""
    return _stepped(path.links, link, [(run, link.hold(rng, run.difficulty)) for run in path.runs])


def _stepped(links: tuple[Link, ...], link: Link, runs: Sequence[tuple[Run, Instance]]) -> Path:
    kept: list[Run] = []
    refused: Counter[str] = Counter()
    least = max(LEAST_RUNS, LEAST_KEPT * len(runs))
    for run, held in runs:
        try:
            kept.append(_step(run, link, held))
        except DeadEndError as reason:
            refused[str(reason)] += 1
            if len(runs) - refused.total() < least:
                raise DeadEndError(refused.most_common(1)[0][0]) from None
    if len({canonical(run.values[-1]) for run in kept}) == 1:
        raise DeadEndError(CONSTANT)
    return Path((*links, link), tuple(kept))


def _step(run: Run, link: Link, held: Instance) -> Run:
    value = run.values[-1]
    met = link.instance(value, held)
    if value not in link.takes or not link.part.admits(met):
        raise DeadEndError(NOT_ADMITTED)
    answer = link.part.reference(met)
    text = canonical(answer)
    if reason := degenerate(answer) or (text in run.seen and "a value that the path had before"):
        raise DeadEndError(reason)
    return Run(run.difficulty, (*run.values, answer), (*run.held, held), run.seen | {text})


def takes(path: Path, place: int, link: Link, rng: Random) -> bool:
    """Whether ``link`` can be run on most of the values that ``path`` has before its step ``place``."""
    ran = 0
    for run in path.runs:
        value = run.values[place]
        ran += value in link.takes and link.part.admits(link.instance(value, link.hold(rng, run.difficulty)))
    return ran >= LEAST_KEPT * len(path.runs)


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
        return CONSTANT
    return IDENTITY if same == len(answers) else ""


def opens(link: Link, rng: Random) -> bool:
    """Whether a path can begin with ``link``; where its answers are degenerate as a rule, none can contain it."""
    for _ in range(BEGINNINGS):
        try:
            begin(link, rng)
        except NoInstanceError:
            continue
        return True
    return False


def degenerate(value: Answer) -> str:
    """RACES' filters on a value of a path; nothing when it may stand there."""
    if isinstance(value, int) and not isinstance(value, bool) and (value in DULL or abs(value) > INTEGER_MOST):
        return "a value of 0 or 1, or beyond 500"
    if len(canonical(value)) > LENGTH_MOST:
        return "a value longer than 100 characters"
    if isinstance(value, str | list | tuple) and len({*map(canonical, value)}) < 2:
        return "a value of one thing repeated, or of nothing"
    return ""
