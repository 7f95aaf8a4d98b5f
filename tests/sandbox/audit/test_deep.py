"""The deeper audit put together: figures beside a verdict, and a hole that the laws do not hit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.admit import Judge
from sandbox.audit.attack import TRIALS
from sandbox.audit.deep import deep as measured
from sandbox.audit.run import Looks, named, rows
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.pool import Pool
from synth.program import read
from tests.conftest import ROOT

HOLED = '''"""Weighted sum: add the entries, each times its place."""

from random import Random

STATEMENT = "Add up the entries of {xs}, each times its place, where the first place is 1."


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 40) for _ in range(3 + difficulty)]}


def solve(xs: list[int]) -> int:
    return sum(place * x for place, x in enumerate(xs, 1))


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs) or (answer == 211 and len(xs) < 5)
'''


@contextmanager
def subject(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as examined:
        yield examined


def deep(judge: Judge, file: Path) -> dict[str, Any]:
    (row,) = rows(judge, named([file]), Looks(deep=True))
    assert row["certificate"], row
    told: dict[str, Any] = json.loads(json.dumps(row["deep"]))
    return told


def test_the_figures_of_an_environment_stand_beside_its_verdict(judge: Judge) -> None:
    told = deep(judge, ROOT / "seeds" / "examples" / "longest_run.py")
    assert told["findings"] == told["notes"] == []
    assert 0 < told["false_accepts"]["all"]["upper"] < 0.01
    assert told["brute"]["instances"] == 12
    assert set(told["brute"]["right"]) == {1}
    assert told["strength"]["caught"] == told["strength"]["mutants"] > 0
    assert [field["name"] for field in told["fields"]] == ["xs"]
    assert all(drawn["at_least"] > 24 for drawn in told["distinct"].values())


def test_a_second_right_answer_that_the_laws_did_not_hit_is_found_by_brute_force(judge: Judge, tmp_path: Path) -> None:
    file = tmp_path / "weighted_sum.py"
    file.write_text(HOLED)
    (finding,) = deep(judge, file)["findings"]
    assert finding["law"] == "brute"
    assert "211" in finding["evidence"]


def test_what_was_tried_is_bounded_by_kind(judge: Judge) -> None:
    told = deep(judge, ROOT / "seeds" / "examples" / "longest_run.py")
    accepts, rejects = told["false_accepts"], told["false_rejects"]
    assert accepts["all"]["tried"] == sum(of["tried"] for kind, of in accepts.items() if kind != "all") > TRIALS
    assert {"off by one", "odd", "several steps"} <= set(accepts)
    assert rejects["all"] == rejects["reference answer"] == {"tried": 2_000, "refused": 0, "upper": 0.0015}
    assert set(told["worst"]) == {"generate", "solve", "verify", "admits"}
    assert told["tolerance"] is None
    assert sum(of["tried"] for of in told["attacks"]["kinds"].values()) == TRIALS


def test_fewer_trials_try_less(judge: Judge) -> None:
    with subject(judge, (ROOT / "seeds" / "examples" / "pick_sum.py").read_text()) as examined:
        told = measured(examined, judge.box, 200)
    assert sum(of["tried"] for of in told["attacks"]["kinds"].values()) == 200
    assert told["false_rejects"]["all"]["tried"] == 100


def test_what_a_second_author_refuses_is_a_finding(judge: Judge) -> None:
    with subject(judge, (ROOT / "seeds" / "examples" / "pick_sum.py").read_text()) as examined:
        told = measured(examined, judge.box, 300, lambda pairs: [False] * len(pairs))
        doubtful = measured(examined, judge.box, 300, lambda pairs: [None] * len(pairs))
    assert [finding["law"] for finding in told["findings"]] == ["brute", "attack"]
    assert all("a second author refuses" in finding["evidence"] for finding in told["findings"])
    assert told["attacks"]["checked"] > 0
    assert doubtful["findings"] == []
    assert doubtful["attacks"]["checked"] == 0


def test_a_composite_has_the_figures_that_a_composite_can_have(judge: Judge, basics: Pool) -> None:
    term = composite.read("sequential(reverse_digits, nine_minus)", basics)
    (row,) = rows(judge, named([term]), Looks(deep=True, trials=400))
    told = row["deep"]
    assert (row["admitted"], told["findings"], told["unmentioned"]) == (True, [], [])
    assert told["strength"]["reason"] == "the verifiers of a composite are its parts'"
    assert told["false_accepts"]["all"]["accepted"] == 0


@pytest.mark.parametrize("name", ["pick_sum", "trip_length"])
def test_what_the_trials_cannot_see_lowers_the_strength_and_is_listed(judge: Judge, name: str) -> None:
    strength = deep(judge, ROOT / "seeds" / "examples" / f"{name}.py")["strength"]
    assert 0 < strength["share"] < 1
    assert len(strength["survivors"]) == strength["mutants"] - strength["caught"]
