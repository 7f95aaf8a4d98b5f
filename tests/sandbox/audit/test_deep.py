"""The deeper audit put together: figures beside a verdict, and a hole that the laws do not hit."""

import json
from pathlib import Path

import pytest

from sandbox.admit import Judge, judge_all
from synth.compose.composite import read
from synth.pool import Pool
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


def deep(judge: Judge, file: Path) -> dict:
    (row,) = judge_all(judge, [file], 1, deeply=True)
    assert row["admitted"], row
    return json.loads(json.dumps(row["deep"]))


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
    assert "211" in finding["evidence"]


def test_a_composite_has_the_figures_that_a_composite_can_have(judge: Judge, basics: Pool) -> None:
    (row,) = judge_all(judge, [read("sequential(reverse_digits, nine_minus)", basics)], 1, deeply=True)
    told = row["deep"]
    assert (row["admitted"], told["findings"], told["unmentioned"]) == (True, [], [])
    assert told["strength"]["reason"] == "the verifiers of a composite are its parts'"
    assert told["false_accepts"]["all"]["accepted"] == 0


@pytest.mark.parametrize("name", ["pick_sum", "trip_length"])
def test_what_the_trials_cannot_see_lowers_the_strength_and_is_listed(judge: Judge, name: str) -> None:
    strength = deep(judge, ROOT / "seeds" / "examples" / f"{name}.py")["strength"]
    assert 0 < strength["share"] < 1
    assert len(strength["survivors"]) == strength["mutants"] - strength["caught"]
