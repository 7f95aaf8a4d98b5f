"""Tolerances that statements name and verifiers keep, or do not."""

from functools import partial

import pytest

from sandbox.admit import Judge
from sandbox.audit.tolerance import Tolerance, granted, tolerance
from sandbox.subject import Subject, opened
from synth.program import read

MEAN = '''"""Mean: of a list."""

from random import Random

STATEMENT = "Find the mean of {xs}. TOLD"


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(100, 900) for _ in range(3 + difficulty)]}


def solve(xs: list[int]) -> float:
    return sum(xs) / len(xs)


def verify(xs: list[int], answer: float) -> bool:
    return VERIFY


def admits(xs: list[int]) -> bool:
    return len(xs) > 0
'''
OFF = "abs(answer - solve(xs))"
WITHIN = "An answer counts if it is within 0.001 of the exact mean."
PLACES = "Give it rounded to three decimal places."
SHARE = "An answer counts if its relative error is at most 0.001."


def measured(judge: Judge, told: str, verify: str) -> Tolerance:
    program = read(MEAN.replace("TOLD", told).replace("VERIFY", verify))
    with Subject(program, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        result, verdicts = tolerance(examined)
    assert result is not None
    assert len(verdicts) == 48 * result.instances
    return result


@pytest.mark.parametrize(
    ("told", "verify"),
    [
        (WITHIN, f"{OFF} <= 0.001"),
        (WITHIN, f"{OFF} <= 0.001 + 1e-9"),
        (PLACES, f"{OFF} <= 0.001"),
        (PLACES, f"{OFF} <= 0.0005"),
        (PLACES, "round(answer, 3) == round(solve(xs), 3)"),
        (SHARE, f"{OFF} <= 0.001 * abs(solve(xs))"),
        ("", f"{OFF} <= 0.5"),
    ],
)
def test_a_verifier_that_keeps_what_is_told_is_not_blamed(judge: Judge, told: str, verify: str) -> None:
    assert measured(judge, told, verify).finding is None


@pytest.mark.parametrize(
    ("told", "verify", "words"),
    [
        (WITHIN, f"{OFF} <= 0.01", "verify accepts"),
        (WITHIN, f"{OFF} <= 0.001 * solve(xs)", "verify accepts"),
        (WITHIN, f"{OFF} <= 1e-6", "verify refuses"),
        (WITHIN, "answer == solve(xs)", "verify refuses"),
        (PLACES, f"{OFF} <= 0.1", "verify accepts"),
        (SHARE, f"{OFF} <= 0.05 * solve(xs)", "verify accepts"),
        (SHARE, f"{OFF} <= 1e-7", "verify refuses"),
    ],
)
def test_a_verifier_that_does_not_is_found(judge: Judge, told: str, verify: str, words: str) -> None:
    finding = measured(judge, told, verify).finding
    assert finding is not None
    assert finding.evidence.startswith(words)
    assert "the statement grants 0.001" in finding.evidence


def test_what_is_accepted_is_measured_and_noted_where_nothing_is_told(judge: Judge) -> None:
    result = measured(judge, "", f"{OFF} <= 0.02")
    assert (result.relative, result.absolute, result.told, result.rounded) == (1e-5, 1e-2, None, None)
    assert result.note == "the statement names no tolerance, and verify accepts answers that are off by 1e-02"
    assert "none to speak of" in measured(judge, "", "answer == solve(xs)").note
    assert measured(judge, WITHIN, f"{OFF} <= 0.001").note == ""


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Find the area, with an absolute error of at most 1e-6.", (1e-6, None)),
        ("An answer within 2 % of the true value is accepted.", (0.02, None)),
        ("Round the result to 4 decimal places.", (None, 1e-4)),
        ("Towns within 0.5 km of the road are served. How many are there?", (None, None)),
        ("The share is 0.25 of the exact value.", (None, None)),
        ("It is correct to within 0.01, or 0.001 of what is true.", (0.01, None)),
    ],
)
def test_tolerances_are_read_from_statements(statement: str, told: tuple[float | None, float | None]) -> None:
    assert granted(statement) == told
