"""How far a figure can be trusted: pass@k, confidence intervals, and the probability that a difference is chance.

Numbers in, numbers out: nothing here knows what a model or an environment is. All values lie between 0 and 1.

The interval is for the mean over *problems*: replies to one problem share it and are averaged first. Problems of one
cluster share a skill, so that their standard error is the clustered one (Miller, "Adding Error Bars to Evals", arXiv
2411.00640, section 2.2), with the usual correction G / (G - 1) for few clusters and Student's t with G - 1 degrees
of freedom. With it Wilson's interval is built on the effective number of problems, mean (1 - mean) / error**2 (Dean and
Pagano, "Evaluating Confidence Interval Methods for Binomial Proportions in Clustered Surveys", 2015): it stays between
0 and 1, and 0 right of 20 is not "0, for certain". It speaks of clusters like these; where the very same clusters are
meant, it is wider than need be.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

CONFIDENCE = 0.95
FLIPS = 10_000
FLIPS_AT_ONCE = 100  # so that a chunk of signs for 10,000 problems takes 8 MB
TIE = 1e-12  # sums of the same numbers in another order


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % confidence interval."""

    value: float
    low: float
    high: float


def pass_at(k: int, replies: int, right: int) -> float:
    """The probability that of `k` of the replies, drawn without replacement, at least one is right.

    Unbiased (Chen et al., "Evaluating Large Language Models Trained on Code", arXiv 2107.03374, section 2.1).
    Raises ValueError for fewer than `k` replies.

    >>> pass_at(1, 4, 1), pass_at(2, 4, 1), pass_at(4, 4, 1)
    (0.25, 0.5, 1.0)
    """
    if not 1 <= k <= replies:
        raise ValueError(f"pass@{k} of {replies} replies: at least {k} are needed")
    return 1 - math.comb(replies - right, k) / math.comb(replies, k)


def estimate(values: Sequence[float], clusters: Sequence[Hashable]) -> Estimate:
    """The mean of `values`, one a problem, each from the cluster of the same place; see the module for the interval.

    With fewer than two clusters each problem stands for itself, and one problem alone says nothing of others.
    Raises ValueError for no values, or not as many clusters.

    >>> none_right = estimate([0.0] * 20, "a" * 20)
    >>> none_right.value, none_right.low, round(none_right.high, 3)
    (0.0, 0.0, 0.18)
    """
    if not values or len(values) != len(clusters):
        raise ValueError(f"{len(values)} values of {len(clusters)} clusters: one of a cluster each, and at least one")
    groups: Sequence[Hashable] = clusters if len(set(clusters)) > 1 else range(len(values))
    mean, units = sum(values) / len(values), len(set(groups))
    if units == 1:
        return Estimate(mean, 0.0, 1.0)
    error = _standard_error(values, groups, mean)
    problems = mean * (1 - mean) / error**2 if error > TIE else units  # where nothing varies, as many as there are
    return _wilson(min(max(mean, 0.0), 1.0), problems, student(units - 1))


def difference(before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable]) -> Estimate:
    """The mean of `after - before`, paired by place, from -1 to 1; the interval as for a mean.

    >>> gain = difference([0.0, 0.5] * 20, [0.5, 0.5] * 20, range(40))
    >>> round(gain.low, 3), gain.value, round(gain.high, 3)
    (0.168, 0.25, 0.329)
    """
    halves = [(1 + new - old) / 2 for old, new in zip(before, after, strict=True)]
    half = estimate(halves, clusters)
    return Estimate(2 * half.value - 1, 2 * half.low - 1, 2 * half.high - 1)


def chance(differences: Sequence[float], seed: int) -> float:
    """The probability of a mean difference as far from 0 as this one if the two sides of each pair could be swapped.

    A sign-flip permutation test with 10,000 random flips, two-sided; with the add-one estimate it is valid and never 0
    (Phipson and Smyth, "Permutation P-values Should Never Be Zero", 2010).
    """
    import numpy as np

    rng, paired = np.random.default_rng(seed), np.asarray(differences, dtype=float)
    observed, as_far = abs(float(paired.sum())) - TIE, 0
    for _ in range(FLIPS // FLIPS_AT_ONCE):
        signs = 2.0 * rng.integers(0, 2, size=(FLIPS_AT_ONCE, len(paired))) - 1
        as_far += int((abs(signs @ paired) >= observed).sum())
    return (1 + as_far) / (1 + FLIPS)


@lru_cache(maxsize=4096)
def student(freedom: int) -> float:
    """How many standard errors from its mean Student's t stays, with probability 0.95.

    >>> round(student(1), 3), round(student(10), 3), round(student(1_000), 3)
    (12.706, 2.228, 1.962)
    """
    low, high = 0.0, 64.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < CONFIDENCE else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """P(|T| < t), by the finite series for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for power in range(odd, freedom - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    return (angle + sine * total) * 2 / math.pi if odd else sine * total


def _standard_error(values: Sequence[float], clusters: Sequence[Hashable], mean: float) -> float:
    sums: dict[Hashable, float] = {}
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value - mean
    correction = len(sums) / (len(sums) - 1)
    return math.sqrt(correction * sum(it * it for it in sums.values())) / len(values)


def _wilson(mean: float, problems: float, errors: float) -> Estimate:
    """Wilson's interval, `errors` standard errors to either side."""
    shrink = 1 + errors**2 / problems
    centre = (mean + errors**2 / (2 * problems)) / shrink
    half = errors / shrink * math.sqrt(mean * (1 - mean) / problems + (errors / (2 * problems)) ** 2)
    return Estimate(mean, min(max(centre - half, 0.0), mean), max(min(centre + half, 1.0), mean))
