"""A model's solve rate over difficulty: the fit against arithmetic, the test's level, and a real endpoint."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from math import exp, log, sqrt
from random import Random
from typing import Any

import pytest

from sandbox.admit import Judge
from sandbox.audit.asking import Line
from sandbox.audit.solver import Group, Solved, Tally, curve, fit, judged
from sandbox.subject import Subject, opened
from synth.complete import CompleterError, OpenAI, make_completer
from synth.program import read
from tests.conftest import ROOT
from tests.endpoint import Conversation, Endpoint, Fault, Reply

RUN = read((ROOT / "seeds" / "examples" / "longest_run.py").read_text())
SAMPLES: list[list[Group]] = [
    [(1, 8, 8), (3, 8, 7), (5, 8, 5), (7, 8, 3), (10, 8, 1)],
    [(1, 8, 8), (3, 8, 8), (5, 8, 8), (7, 8, 0), (10, 8, 0)],
    [(1, 8, 8), (3, 8, 8), (5, 8, 8), (7, 8, 8), (10, 8, 7)],
    [(1, 1, 1), (2, 1, 0)],
    [(1, 3, 0), (10, 30, 29), (1000, 5, 2)],
]


def penalised(groups: list[Group], a: float, b: float) -> float:
    """Firth's: the log-likelihood, and half the log of the information's determinant."""
    likelihood = aa = ab = bb = 0.0
    for x, n, k in groups:
        p = 1 / (1 + exp(-a - b * x))
        likelihood += k * log(p) + (n - k) * log(1 - p)
        weight = n * p * (1 - p)
        aa, ab, bb = aa + weight, ab + weight * x, bb + weight * x * x
    return likelihood + log(aa * bb - ab * ab) / 2


@pytest.mark.parametrize("groups", SAMPLES)
def test_no_point_near_the_fit_is_likelier(groups: list[Group]) -> None:
    found = fit(groups)
    best = penalised(groups, found.intercept, found.slope)
    for width in (1e-3, 1e-2, 1e-1):
        near = [(width * i, width * j / groups[-1][0]) for i in range(-3, 4) for j in range(-3, 4) if i or j]
        assert max(penalised(groups, found.intercept + a, found.slope + b) for a, b in near) < best


def test_of_two_difficulties_the_fit_is_arithmetic() -> None:
    found = fit([(2, 20, 15), (6, 12, 3)])
    low, high = (3.5 / 13), (15.5 / 21)  # a half added to each count
    assert found.slope == pytest.approx((log(low / (1 - low)) - log(high / (1 - high))) / 4)
    assert found.error == pytest.approx(sqrt(1 / (20 * high * (1 - high)) + 1 / (12 * low * (1 - low))) / 4)
    assert found.z == pytest.approx(found.slope / found.error)


def test_with_many_trials_the_penalty_is_nothing_and_the_slope_is_the_true_one() -> None:
    groups = [(d, 10**7, round(10**7 / (1 + exp(0.5 * d - 2)))) for d in (1.0, 3.0, 5.0, 7.0, 10.0)]
    assert fit(groups).slope == pytest.approx(-0.5, abs=1e-5)


@pytest.mark.parametrize("groups", SAMPLES)
def test_easier_for_harder_turns_the_sign_and_the_p(groups: list[Group]) -> None:
    there, back = fit(groups), fit([(-d, n, k) for d, n, k in groups])
    assert back.slope == pytest.approx(-there.slope)
    assert back.p == pytest.approx(1 - there.p, abs=1e-9)


def test_a_chance_of_one_half_has_no_slope_and_a_p_of_one_half() -> None:
    found = fit([(1, 8, 4), (5, 8, 4), (10, 8, 4)])
    assert (found.slope, found.p) == (pytest.approx(0), pytest.approx(0.5))
    assert fit([(1, 10, 9), (3, 10, 2)]).p == pytest.approx(0.00498, abs=1e-5)


def test_one_difficulty_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two difficulties"):
        fit([(3, 8, 4)])


def falling(chance: Callable[[int], float], seed: int) -> bool:
    """Whether the test says so of a model with these chances."""
    rng = Random(seed)
    rights = {d: sum(rng.random() < chance(d) for _ in range(8)) for d in (1, 3, 5, 7, 10)}
    return judged({d: Tally(8, right) for d, right in rights.items()}).falls


def test_a_flat_rate_seldom_seems_to_fall_and_a_falling_one_seldom_does_not() -> None:
    assert sum(falling(lambda d: 0.6, seed) for seed in range(400)) <= 0.07 * 400
    assert sum(falling(lambda d: 1 / (1 + exp(0.6 * d - 3)), seed) for seed in range(200)) >= 0.9 * 200
    assert not any(falling(lambda d: 1 / (1 + exp(3 - 0.6 * d)), seed) for seed in range(200))


@pytest.mark.parametrize(
    ("tallies", "why"),
    [
        ({1: Tally(8, 8), 10: Tally(8, 8)}, "all 16 were right: no slope"),
        ({1: Tally(8, 0), 10: Tally(8, 0, 8)}, "none of 16 was right: no slope"),
        ({1: Tally(8, 4), 10: Tally(unanswered=8)}, "all that was answered is of one difficulty: no slope"),
        ({1: Tally(unanswered=8)}, "no problem was answered: lost"),
    ],
)
def test_where_there_is_no_slope_it_says_why(tallies: dict[int, Tally], why: str) -> None:
    told = judged(tallies, lost="lost")
    assert (told.slope, told.p, told.falls, told.why) == (None, None, False, why)


def runs(messages: Conversation) -> tuple[list[int], int]:
    """The list that a prompt poses, and its longest run."""
    (listed,) = re.findall(r"in the list (\[.*?\])", messages[-1]["content"])
    xs, longest, now = json.loads(listed), 0, 0
    for i, x in enumerate(xs):
        now = now + 1 if i and xs[i - 1] == x else 1
        longest = max(longest, now)
    return xs, longest


def up_to(length: int) -> Reply:
    """Somebody who loses count in longer lists, and gives up in the longest."""

    def reply(messages: Conversation) -> str:
        xs, longest = runs(messages)
        if len(xs) >= 2 * length:
            return "This is too long for me."
        return f"I think it is <answer>{longest + (len(xs) > length)}</answer>."

    return reply


@pytest.fixture
def subject(judge: Judge) -> Iterator[Subject]:
    with Subject(RUN, partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


def asked(subject: Subject, reply: Reply, **options: Any) -> tuple[Solved, Endpoint]:
    with Endpoint(reply, **options) as endpoint, Line(OpenAI("m", base_url=endpoint.url, retries=1)) as line:
        return curve(subject, "longest_run", line), endpoint


def test_the_rate_of_a_model_that_loses_count_falls(subject: Subject) -> None:
    told, endpoint = asked(subject, up_to(34), latency_ms=20)
    assert told.difficulties[1] == told.difficulties[3] == Tally(8, 8)
    assert told.difficulties[7] == Tally(8, 0)
    assert told.difficulties[10] == Tally(8, 0, unread=8)
    assert told.falls
    assert told.slope is not None
    assert told.slope < 0 < told.error
    assert told.model == "m-served"
    assert endpoint.requests == 40
    assert endpoint.most_in_flight > 4


def test_a_model_that_is_always_right_shows_no_slope(subject: Subject) -> None:
    told, _ = asked(subject, up_to(1000))
    assert (told.falls, told.why) == (False, "all 40 were right: no slope")


def test_a_reply_that_never_comes_is_not_a_wrong_one(subject: Subject) -> None:
    told, _ = asked(subject, lambda messages: None if len(runs(messages)[0]) > 40 else up_to(1000)(messages))
    assert told.difficulties[10] == Tally(unanswered=8)
    assert told.why == "all 24 were right: no slope"


def test_a_model_that_does_not_exist_is_an_error_and_no_solve_rate(subject: Subject) -> None:
    with pytest.raises(CompleterError, match="is there a model"):
        asked(subject, up_to(34), always=Fault.UNKNOWN_MODEL)


def test_the_model_reads_what_training_poses_and_is_asked_in_order(subject: Subject) -> None:
    _, endpoint = asked(subject, up_to(34))
    posed = [call.body["messages"] for call in endpoint.asked]
    assert {len(messages) for messages in posed} == {1}
    assert all("Write the final answer inside <answer></answer>" in messages[0]["content"] for messages in posed)
    assert len({messages[0]["content"] for messages in posed}) == 40


def test_without_recordings_there_is_no_solve_rate_and_the_lack_is_named(subject: Subject, tmp_path) -> None:
    with Line(make_completer("recorded", recorded=tmp_path)) as line:
        told = curve(subject, "longest_run", line, difficulties=(1, 10), each=2)
    assert told.why.startswith("no problem was answered: longest_run.solve.1: no recording at")
    assert json.loads(json.dumps(told.asdict()))["difficulties"]["10"]["unanswered"] == 2
