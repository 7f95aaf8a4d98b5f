"""Bounds against what is known of them: they cover as often as they say, and agree with closed forms."""

from math import comb, log
from random import Random

import pytest

from sandbox.audit.bounds import birthday, lower, upper
from synth.verdict import Trials


@pytest.mark.parametrize("n", [1, 10, 300, 20_000])
def test_of_nothing_accepted_the_bound_has_a_closed_form(n: int) -> None:
    assert upper(Trials(n, 0)) == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-9)
    assert lower(Trials(n, n)) == pytest.approx(0.05 ** (1 / n), rel=1e-9)


@pytest.mark.parametrize(("k", "n"), [(1, 12), (5, 12), (11, 12), (3, 300), (150, 300)])
def test_at_the_bound_so_few_would_be_accepted_one_time_in_twenty(k: int, n: int) -> None:
    p = upper(Trials(n, k))
    assert sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)) == pytest.approx(0.05, rel=1e-6)


def test_more_confidence_gives_a_wider_bound() -> None:
    bounds = [upper(Trials(50, 2), confidence) for confidence in (0.5, 0.95, 0.99)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1]


def test_nothing_tried_bounds_nothing() -> None:
    assert (lower(Trials(0, 0)), upper(Trials(0, 0))) == (0, 1)


def test_the_interval_holds_the_rate_that_was_seen() -> None:
    for k in range(31):
        assert lower(Trials(30, k)) <= k / 30 <= upper(Trials(30, k))


def test_the_true_rate_lies_under_the_bound_19_times_of_20() -> None:
    rng, rate, n = Random(3), 0.07, 120
    bounds = {k: upper(Trials(n, k)) for k in range(n + 1)}
    held = [bounds[sum(rng.random() < rate for _ in range(n))] >= rate for _ in range(2000)]
    assert 0.94 <= sum(held) / len(held) <= 0.99  # exact means at least 95 %


@pytest.mark.parametrize("things", [40, 500])
def test_the_birthday_estimate_finds_how_many_things_there_are(things: int) -> None:
    rng = Random(things)
    found = [birthday(str(rng.randrange(things)) for _ in range(60)) for _ in range(300)]
    equal = sum(b.pairs for b in found) / len(found)
    assert 60 * 59 / 2 / equal == pytest.approx(things, rel=0.1)
    assert sum(b.at_least <= things for b in found) / len(found) >= 0.94


def test_draws_that_all_differ_say_at_least_how_many_there_are() -> None:
    seen = birthday(map(str, range(300)))
    assert (seen.drawn, seen.different, seen.pairs, seen.estimate) == (300, 300, 0, None)
    assert seen.at_least == pytest.approx(300 * 299 / 2 / log(20))


def test_there_are_never_fewer_things_than_were_seen() -> None:
    assert birthday("abc").at_least == 3
    assert birthday("aaaa").at_least == 1
    assert (birthday("aaaa").estimate, birthday("").at_least) == (1, 0)
