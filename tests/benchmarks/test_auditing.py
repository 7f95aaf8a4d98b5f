"""Figures of the deeper audit: its cost grows with the trials, and one environment is audited in seconds.

Ratios only, of calls that the same sandbox runs one after the other; seconds are told and not asserted.
"""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox.admit import Judge
from sandbox.audit.attack import TRIALS, attack
from sandbox.audit.deep import deep
from sandbox.audit.rejects import rejects
from sandbox.subject import Subject, opened
from synth.program import read
from tests.conftest import ROOT

SHELF = ROOT / "seeds" / "examples"
MANY = 3 * TRIALS
ROUNDS = 2
LEAST, MOST = 1.5, 2.5


@pytest.fixture
def subject(judge: Judge) -> Iterator[Subject]:
    program = read((SHELF / "pick_sum.py").read_text())
    with Subject(program, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        assert examined.trials
        assert examined.lines
        yield examined


def seconds(subject: Subject, trials: int) -> float:
    """Processor time is not this process's alone, so the least of some rounds by the clock."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        attack(subject, trials, rejects(subject, trials).trials)
        took.append(time.perf_counter() - begun)
    return min(took)


def test_the_cost_of_an_attack_grows_with_its_trials(benchmark: BenchmarkFixture, subject: Subject) -> None:
    few = benchmark.pedantic(seconds, (subject, MANY), rounds=1)
    ratio = seconds(subject, 2 * MANY) / few
    benchmark.extra_info["cost of twice the trials"] = round(ratio, 2)
    assert LEAST <= ratio <= MOST


def test_lines_run_grow_with_the_trials_as_well(benchmark: BenchmarkFixture, subject: Subject) -> None:
    few = benchmark.pedantic(attack, (subject, TRIALS), rounds=1)
    ratio = attack(subject, 2 * TRIALS).lines / few.lines
    benchmark.extra_info["lines of twice the trials"] = round(ratio, 2)
    assert LEAST <= ratio <= MOST


@pytest.mark.parametrize("path", sorted(SHELF.glob("*.py"))[::4], ids=lambda path: path.stem)
def test_an_environment_is_audited_in_seconds(benchmark: BenchmarkFixture, judge: Judge, path: Path) -> None:
    with Subject(read(path.read_text()), partial(opened, judge.box), partial(opened, judge.other)) as examined:
        assert examined.false_accepts
        told = benchmark.pedantic(deep, (examined, judge.box), rounds=1)
    benchmark.extra_info["wrong answers"] = told["false_accepts"]["all"]["tried"]
    assert told["findings"] == []
