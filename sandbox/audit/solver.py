"""A solver: a model that is asked the environment's own problems, and how its solve rate falls with difficulty.

An environment is hard where it says so if a model that tries it is right less often at larger difficulties. Tested as
ReSyn tests it (arXiv 2602.20117): a logistic regression of being right on difficulty, and a one-sided Wald test of its
slope being negative. The rate is a fact about that model too: a task that it always or never solves shows no slope,
which is then said. Not here: the measures of size and cost that need no model (``Subject.curve``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum, auto
from itertools import groupby
from math import erfc, exp, sqrt
from typing import Any

from sandbox.audit.asking import Line, task
from sandbox.evidence import score
from sandbox.outcome import Ending
from sandbox.subject import Subject, drawing
from synth.answers import read_reply
from synth.complete import Completion, Message, Request, Unanswered
from synth.contract import TOLERANCE
from synth.environment import Instance, prompt

ROLE = "solve"
DIFFICULTIES = (1, 3, 5, 7, 10)
EACH = 8
LEVEL = 0.05  # of the test
STEPS = 200  # of the fit: tens are taken
CLOSE = 1e-9  # the last step's, in units of the slope

Group = tuple[float, int, int]
"""A difficulty, how many were tried, and how many of them were right."""


class Mark(Enum):
    """What a problem's reply is worth."""

    RIGHT = auto()
    WRONG = auto()
    UNREAD = auto()
    UNANSWERED = auto()


@dataclass(frozen=True)
class Tally:
    """What became of the problems at one difficulty."""

    tried: int = 0
    """Problems that the model replied to."""
    right: int = 0
    unread: int = 0
    """Replies that hold no answer of the type that was asked for: tried, and not right."""
    unanswered: int = 0
    """Problems without a reply, which are not tried."""

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> "Tally":
        """What came of problems with these marks."""
        counts = Counter(marks)
        lost = counts[Mark.UNANSWERED]
        return cls(counts.total() - lost, counts[Mark.RIGHT], counts[Mark.UNREAD], lost)


@dataclass(frozen=True)
class Fit:
    """A logistic regression: log-odds of being right = intercept + slope x difficulty."""

    intercept: float
    slope: float
    error: float
    """The slope's standard error."""

    @property
    def z(self) -> float:
        """Wald's statistic: the slope in standard errors."""
        return self.slope / self.error

    @property
    def p(self) -> float:
        """The chance of a ``z`` this low or lower where the rate does not fall (normal approximation)."""
        return erfc(-self.z / sqrt(2)) / 2


@dataclass(frozen=True)
class Solved:
    """A model's solve rate over difficulty. Without a fit the figures are None, and ``why`` says why."""

    difficulties: Mapping[int, Tally]
    slope: float | None = None
    """Of the log-odds of being right, for one step of difficulty."""
    error: float | None = None
    z: float | None = None
    p: float | None = None
    """One-sided, of the slope not being negative."""
    falls: bool = False
    """Whether ``p`` is under 0.05."""
    why: str = ""
    model: str = ""
    """As the server names it."""

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


def curve(
    subject: Subject, name: str, line: Line, difficulties: Sequence[int] = DIFFICULTIES, each: int = EACH
) -> Solved:
    """Ask the model behind ``line`` ``each`` problems at each difficulty, in the words that training uses.

    Requests are ``NAME.solve``, turns 1, 2, ... in the order of difficulties. Raises ``CompleterError``.
    """
    problems = _drawn(subject, [(seed, difficulty) for difficulty in difficulties for seed in range(each)])
    codomain, key = subject.signature.codomain, task(name, ROLE)
    texts = [prompt(subject.program.pose(instance), codomain) for _, instance in problems]
    replies = line.ask([Request(key, turn, (Message("user", text),)) for turn, text in enumerate(texts, 1)])
    marked = zip((difficulty for difficulty, _ in problems), _marks(subject, problems, replies), strict=True)
    tallies = {d: Tally.of(mark for _, mark in group) for d, group in groupby(marked, key=lambda it: it[0])}
    models = sorted({reply.model for reply in replies if isinstance(reply, Completion)})
    lost = next((str(reply) for reply in replies if isinstance(reply, Unanswered)), "")
    return judged(tallies, ", ".join(models), lost)


def _drawn(subject: Subject, named: Sequence[tuple[int, int]]) -> list[tuple[int, Instance]]:
    """The instances with these seeds and difficulties, each after its difficulty; those that can be drawn."""
    outcomes = subject.session.map([drawing(seed, difficulty) for seed, difficulty in named])
    drawn = zip((difficulty for _, difficulty in named), outcomes, strict=True)
    return [(d, subject.fields(outcome.value)) for d, outcome in drawn if outcome.ending is Ending.RETURNED]


def _marks(
    subject: Subject, problems: Sequence[tuple[int, Instance]], replies: Sequence[Completion | Unanswered]
) -> list[Mark]:
    """What each reply is worth; answers are verified behind the wall."""
    marks = [Mark.UNANSWERED] * len(problems)
    answers = {}
    for place, reply in enumerate(replies):
        if isinstance(reply, Completion):
            reading = read_reply(reply.text, subject.signature.codomain)
            marks[place] = Mark.UNREAD if reading.problem else Mark.WRONG
            if not reading.problem:
                answers[place] = reading.value
    calls = subject.verifying((problems[place][1], answer) for place, answer in answers.items())
    for place, outcome in zip(answers, subject.session.map(calls), strict=True):
        if score(outcome) >= 1 - TOLERANCE:
            marks[place] = Mark.RIGHT
    return marks


def judged(tallies: Mapping[int, Tally], model: str = "", lost: str = "") -> Solved:
    """The test on what was tried; ``lost`` is what was said of a problem that has no reply.

    >>> judged({1: Tally(8, 8), 5: Tally(8, 4), 10: Tally(8, 1)}).falls
    True
    >>> judged({1: Tally(8), 10: Tally(8)}).why
    'none of 16 was right: no slope'
    """
    groups = [(float(d), tally.tried, tally.right) for d, tally in tallies.items() if tally.tried]
    tried, right = sum(n for _, n, _ in groups), sum(k for *_, k in groups)
    if not tried:
        return Solved(tallies, why=f"no problem was answered: {lost or 'none could be drawn'}", model=model)
    if right in (0, tried):
        which = f"all {tried} were right" if right else f"none of {tried} was right"
        return Solved(tallies, why=f"{which}: no slope", model=model)
    if len(groups) < 2:
        return Solved(tallies, why="all that was answered is of one difficulty: no slope", model=model)
    found = fit(groups)
    slope, error, z, p = (round(figure, 6) for figure in (found.slope, found.error, found.z, found.p))
    return Solved(tallies, slope, error, z, p, falls=found.p < LEVEL, model=model)


def fit(groups: Sequence[Group]) -> Fit:
    """The regression with Firth's penalty (Biometrika 80 (1993), 27-38): finite even where a difficulty parts right
    from wrong, where maximum likelihood has no estimate, and less biased in small samples.

    Of two groups the fit is the log-odds with a half added to each count. The error is from the expected information.
    Raises ``ValueError`` for fewer than two difficulties.

    >>> from math import log
    >>> found = fit([(1, 10, 9), (3, 10, 2)])
    >>> round(found.slope, 6) == round((log(2.5 / 8.5) - log(9.5 / 1.5)) / 2, 6)
    True
    """
    if len({difficulty for difficulty, *_ in groups}) < 2:
        raise ValueError(f"a slope needs two difficulties; {groups} has fewer")
    mean = sum(d * n for d, n, _ in groups) / sum(n for _, n, _ in groups)
    centred = [(d - mean, n, k) for d, n, k in groups]
    a = b = 0.0
    for _ in range(STEPS):
        more_a, more_b = _step(centred, a, b)
        a, b = a + more_a, b + more_b
        if abs(more_a) + abs(more_b) < CLOSE:
            break
    aa, ab, bb = _information((x, n, _chance(a + b * x)) for x, n, _ in centred)
    return Fit(a - b * mean, b, sqrt(aa / (aa * bb - ab * ab)))


def _step(groups: Sequence[Group], a: float, b: float) -> tuple[float, float]:
    """A step of Newton's method, no longer than one.

    Firth's score is that of data with a half of each group's leverage added to its right and to its wrong ones.
    """
    chances = [_chance(a + b * x) for x, *_ in groups]
    aa, ab, bb = _information((x, n, p) for (x, n, _), p in zip(groups, chances, strict=True))
    added = [
        n * p * (1 - p) * (bb - 2 * ab * x + aa * x * x) / (aa * bb - ab * ab)
        for (x, n, _), p in zip(groups, chances, strict=True)
    ]
    all_ = list(zip(groups, chances, added, strict=True))
    aa, ab, bb = _information((x, n + more, p) for (x, n, _), p, more in all_)
    score_a = sum(k + more / 2 - (n + more) * p for (_, n, k), p, more in all_)
    score_b = sum(x * (k + more / 2 - (n + more) * p) for (x, n, k), p, more in all_)
    steps = bb * score_a - ab * score_b, aa * score_b - ab * score_a
    longest = max(aa * bb - ab * ab, *map(abs, steps))
    return steps[0] / longest, steps[1] / longest


def _information(weighted: Iterable[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Fisher's, of intercept and slope: the upper triangle, from groups as (difficulty, how many, chance)."""
    parts = [(x, n * p * (1 - p)) for x, n, p in weighted]
    return sum(w for _, w in parts), sum(w * x for x, w in parts), sum(w * x * x for x, w in parts)


def _chance(odds: float) -> float:
    """From log-odds."""
    return 1 / (1 + exp(-odds)) if odds > 0 else exp(odds) / (1 + exp(odds))
