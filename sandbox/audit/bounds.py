"""What counts say of the rate, or of the number of things, behind them: exact binomial bounds, birthday estimates.

Arithmetic only: what was tried, and how, is for whoever counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p

from synth.verdict import Trials

CONFIDENCE = 0.95
HALVINGS = 60  # of an interval: to the last bits of a float


def upper(trials: Trials, confidence: float = CONFIDENCE) -> float:
    """The rate that the true one stays below with this confidence; 1 where nothing was tried.

    Exact and one-sided: what is asked of a verifier is how bad it may be, so all that may be wrong is kept for
    that side (of 0 accepted, the well-known 3 of n). The two-sided bound at 95 % is this one at 97.5 %.
    Source: Clopper and Pearson, Biometrika 26 (1934), 404-413.

    >>> [round(upper(Trials(300, accepted)), 4) for accepted in (0, 1, 300)]
    [0.0099, 0.0157, 1.0]
    >>> round(upper(Trials(10, 0), 0.975), 4)
    0.3085
    """
    n, k = trials.tried, trials.accepted
    if k >= n:
        return 1.0
    return _falling(lambda p: _at_most(k, n, p), 1 - confidence, 0.0, 1.0)


def lower(trials: Trials, confidence: float = CONFIDENCE) -> float:
    """The rate that the true one stays above with this confidence, one-sided; 0 where nothing was tried.

    >>> [round(lower(Trials(*counts)), 4) for counts in ((300, 0), (300, 300), (10, 5), (0, 0))]
    [0.0, 0.9901, 0.2224, 0.0]
    """
    return 1 - upper(Trials(trials.tried, trials.tried - trials.accepted), confidence)


@dataclass(frozen=True)
class Birthday:
    """How many different things there are, from draws with replacement and the pairs of draws that were equal."""

    drawn: int
    different: int
    pairs: int
    """Pairs of draws that were the same thing."""
    estimate: float | None
    """All pairs over equal pairs: how many things there were if all came equally often; None where no two were equal.
    Where some come more often there are more than this, and this is how many they are worth."""
    at_least: float
    """The same, with 95 % confidence, one-sided: what can be said of draws that all differ."""


def birthday(drawn: Iterable[str]) -> Birthday:
    """How many different things the draws come from; two are the same when their texts are.

    Equal pairs are counted as if they came independently (Poisson), which holds where draws are few beside things.

    >>> birthday(map(str, range(24))).estimate is None, round(birthday(map(str, range(24))).at_least, 1)
    (True, 92.1)
    >>> birthday(["a", "b", "a", "c", "d"]).estimate
    10.0
    """
    counts = Counter(drawn)
    n = counts.total()
    pairs, equal = n * (n - 1) // 2, sum(c * (c - 1) // 2 for c in counts.values())
    least = pairs / _poisson_upper(equal)
    return Birthday(n, len(counts), equal, pairs / equal if equal else None, max(float(len(counts)), least))


def _at_most(k: int, n: int, p: float) -> float:
    """The chance of at most ``k`` successes of ``n``, each of chance ``p``, strictly between 0 and 1."""
    fixed = lgamma(n + 1)
    return fsum(exp(fixed - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log1p(-p)) for i in range(k + 1))


def _poisson_upper(k: int) -> float:
    """The mean at which at most ``k`` events have a chance of 5 %."""

    def at_most(mean: float) -> float:
        return fsum(exp(i * log(mean) - mean - lgamma(i + 1)) for i in range(k + 1))

    return _falling(at_most, 1 - CONFIDENCE, 0.0, 2.0 * k + 20)


def _falling(chance: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a falling function comes down to ``wanted``, by bisection."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if chance(middle) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
