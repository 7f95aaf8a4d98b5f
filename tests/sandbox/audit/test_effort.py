"""Time and memory of calls: what is measured behind the wall, by function and difficulty, and what it costs."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from sandbox import Sandbox
from sandbox.admit import Judge
from sandbox.audit.effort import Cost, Efforts, as_json, measured
from sandbox.outcome import Call, Ending, Limits
from sandbox.subject import LIGHT, Subject, opened
from synth.compose import composite
from synth.pool import Pool
from synth.program import read, read_file
from tests.conftest import EXAMPLES

SOURCE = """
from functools import cache

def list_of(n):
    return len([0] * n)

def lazy(n):
    return sum(range(n))

@cache
def kept(n):
    return len([0] * n)

def hoard(n):
    xs = []
    while True:
        xs.append([n] * 1000)

def fail(n):
    xs = [0] * n
    return xs[n]
"""
GROWING = '''"""Largest of many: find the largest entry of a list that the seed unfolds to."""

from random import Random

STATEMENT = "Draw 200 times {n} numbers with the seed {seed}. How large is the largest?"


def generate(rng: Random, difficulty: int) -> dict:
    return {"n": difficulty, "seed": rng.randint(0, 10**9)}


def solve(n: int, seed: int) -> int:
    rng = Random(seed)
    return max([rng.randint(0, 10**9) for _ in range(200 * n)])


def verify(n: int, seed: int, answer: int) -> bool:
    return answer == solve(n, seed)
'''


@pytest.fixture(scope="module")
def growing(judge: Judge) -> Iterator[Subject]:
    with Subject(read(GROWING), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


@pytest.fixture(scope="module")
def told(growing: Subject) -> Efforts:
    return measured(growing)


def test_memory_of_a_call_is_the_most_that_it_held_at_once(box: Sandbox) -> None:
    with box.open(SOURCE) as program:
        small, large, lazy = program.map(
            [Call("list_of", {"n": 1_000}), Call("list_of", {"n": 1_000_000}), Call("lazy", {"n": 100_000})],
            memory=True,
        )
    assert 8_000 <= (small.bytes or 0) < 10_000
    assert 8_000_000 <= (large.bytes or 0) < 8_010_000
    assert 0 < (lazy.bytes or 0) < 1_000


def test_memory_that_was_not_asked_for_is_not_told_and_nothing_lingers(box: Sandbox) -> None:
    with box.open(SOURCE) as program:
        before = program.call("list_of", {"n": 1_000})
        program.map([Call("list_of", {"n": 1_000_000})], memory=True)
        after, again = program.call("list_of", {"n": 10}), program.map([Call("list_of", {"n": 10})], memory=True)[0]
    assert (before.bytes, after.bytes) == (None, None)
    assert (again.bytes or 0) < 1_000


def test_what_a_program_keeps_between_calls_is_no_memory_of_the_next(box: Sandbox) -> None:
    with box.open(SOURCE) as program:
        first, second = program.map([Call("kept", {"n": 100_000})] * 2, memory=True)
    assert (first.bytes or 0) > 100 * (second.bytes or 0)


def test_a_call_that_fails_while_it_is_measured_fails_and_the_next_is_answered() -> None:
    calls = [Call("hoard", {"n": 1}), Call("fail", {"n": 1_000}), Call("none", {"n": 1}), Call("list_of", {"n": 1_000})]
    with Sandbox(Limits(memory_bytes=128 << 20)) as tight, tight.open(SOURCE) as program:
        hoard, fail, none, listed = program.map(calls, memory=True)
    assert hoard.ending in (Ending.OUT_OF_MEMORY, Ending.DIED)  # the tracer itself can end for want of memory
    assert (fail.ending, none.ending, listed.ending) == (Ending.RAISED, Ending.RAISED, Ending.RETURNED)
    assert 8_000 <= (fail.bytes or 0) < 12_000
    assert none.bytes is None
    assert 8_000 <= (listed.bytes or 0) < 10_000


def test_memory_and_lines_can_be_asked_for_together(box: Sandbox) -> None:
    with box.open(SOURCE) as program:
        (both,) = program.map([Call("list_of", {"n": 1_000})], count=True, memory=True)
    assert both.steps == 1
    assert both.bytes is not None


def test_the_effort_of_every_function_is_told_at_every_difficulty(told: Efforts) -> None:
    assert list(told) == ["generate", "solve", "verify"]
    assert all(list(costs) == list(range(1, 11)) for costs in told.values())
    assert all(0 < c.seconds <= c.seconds_most < 2 for costs in told.values() for c in costs.values())
    assert all((c.bytes or 0) <= (c.bytes_most or 0) for costs in told.values() for c in costs.values())


def test_effort_grows_where_the_work_does_and_a_verifier_that_solves_costs_what_solving_does(told: Efforts) -> None:
    for function in ("solve", "verify"):
        assert told[function][10].seconds > 3 * told[function][1].seconds
        assert (told[function][10].bytes or 0) > 5 * (told[function][1].bytes or 0) > 1_600
    assert (told["generate"][10].bytes_most or 0) < (told["solve"][1].bytes or 0)
    assert told["verify"][10].bytes == pytest.approx(told["solve"][10].bytes, rel=0.01)


def test_fewer_calls_are_made_where_they_are_long(growing: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.audit.effort.LINES", 2 * growing.lines[10] + 10)
    calls = {d: cost.calls for d, cost in measured(growing)["solve"].items()}
    assert (calls[1], calls[10]) == (5, 2)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_effort_of_the_shelf_is_json(path, judge: Judge) -> None:
    with Subject(read_file(path), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        told = json.loads(json.dumps(as_json(measured(subject))))
    assert {"generate", "verify"} <= set(told)
    assert set(told["verify"]["10"]) == set(Cost.__dataclass_fields__)
    assert all(cost["bytes"] is not None for costs in told.values() for cost in costs.values())


def test_a_composite_has_its_effort_as_well(judge: Judge, basics: Pool) -> None:
    program = composite.read("sequential(reverse_digits, nine_minus)", basics)
    with Subject(program, partial(opened, judge.box), partial(opened, judge.other), LIGHT) as subject:
        told = measured(subject)
    assert list(told) == ["generate", "verify", "admits"]
    assert list(told["verify"]) == list(LIGHT.difficulties)
