"""Brute force over the shelf, over verifiers that near misses cannot fault, and over what it lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sandbox.admit import Judge
from sandbox.audit import brute as module
from sandbox.audit.brute import UnlistedError, listed, verified
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.pool import Pool, record
from synth.program import read
from synth.types import canonical, parse
from tests.conftest import EXAMPLES

HEAD = '''"""Last places: where do the largest entries stand?"""

from random import Random

STATEMENT = "Say {what} of {{xs}}."


def generate(rng: Random, difficulty: int) -> dict:
    return {{"xs": [rng.randint(0, 20) for _ in range(3 + difficulty)]}}


'''
FAR = (
    HEAD.format(what="the sum, modulo 90")
    + """
def solve(xs: list[int]) -> int:
    return sum(xs) % 90


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs) or answer == solve(xs) + 37
"""
)
ORDER = (
    HEAD.format(what="the entries in rising order")
    + """
def solve(xs: list[int]) -> list[int]:
    return sorted(xs)


def verify(xs: list[int], answer: list[int]) -> bool:
    return sorted(answer) == sorted(xs) and answer[0] == min(xs) and answer[-1] == max(xs)
"""
)
REFUSES = (
    HEAD.format(what="whether the sum is odd, one way or another")
    + """
def example(xs: list[int]) -> bool:
    return sum(xs) % 2 == 1


def verify(xs: list[int], answer: bool) -> bool:
    return answer == example(xs) and len(xs) != 5
"""
)
RAISES = FAR.replace("return answer == solve(xs) or", "1 // (answer - 2)\n    return answer == solve(xs) or")


@contextmanager
def subject(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_shelf_has_the_right_answers_that_it_says(judge: Judge, path: Path) -> None:
    with subject(judge, path.read_text()) as examined:
        tried = verified(examined)[0]
    assert tried.finding is None
    assert len(tried.right) == tried.instances == sum(tried.ways.values())
    assert (tried.instances == 0) == bool(tried.reason)
    assert (tried.instances > 0) == (path.stem not in ("due_date", "trip_length", "vowel_shift"))
    if examined.program.is_function:
        assert set(tried.right) <= {1}
    else:
        assert max(tried.right) > 1


def test_a_second_right_answer_of_a_function_is_found_however_far_away(judge: Judge) -> None:
    with subject(judge, FAR) as examined:
        found = verified(examined)[0].finding
        assert found is not None
        assert "answers listed, verify accepts" in found.evidence
        trial = next(t for t in examined.trials if (t.seed, t.difficulty) == (found.seed, found.difficulty))
        assert f"verify accepts {trial.answer + 37}, but solve gives {trial.answer};" in found.evidence


def test_another_order_that_a_function_accepts_is_found(judge: Judge) -> None:
    with subject(judge, ORDER) as examined:
        found = verified(examined)[0].finding
    assert found is not None
    assert "but solve gives" in found.evidence


def test_a_reference_answer_that_is_refused_is_found(judge: Judge) -> None:
    with subject(judge, REFUSES) as examined:
        found = verified(examined)[0].finding
    assert found is not None
    assert found.difficulty == 2
    assert "verify gave False for the answer of example" in found.evidence


def test_an_answer_that_trips_the_verifier_is_found(judge: Judge) -> None:
    with subject(judge, RAISES) as examined:
        found = verified(examined)[0].finding
    assert found is not None
    assert "raised ZeroDivisionError" in found.evidence
    assert "for the answer 2 " in found.evidence


def test_of_a_relation_a_second_author_may_refuse_what_is_right(judge: Judge) -> None:
    source = ORDER.replace("def solve", "def example")
    with subject(judge, source) as examined:
        figures, verdicts = verified(examined, lambda pairs: [a == sorted(a) or None for _, a in pairs])
        assert figures.finding is None
        refusing, _ = verified(examined, lambda pairs: [a == sorted(a) for _, a in pairs])
    assert refusing.finding is not None
    assert "which a second author refuses" in refusing.finding.evidence
    assert {trial.difficulty for trial, _, _ in verdicts} == {1, 2, 3}
    assert len({outcome.value for _, _, outcome in verdicts}) == 2, "right and wrong ones are kept"


def test_a_slow_verifier_is_asked_less(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    with subject(judge, FAR) as examined:
        monkeypatch.setattr(module, "LINES", 400)
        tried = verified(examined)[0]
    assert (tried.instances, tried.candidates) == (0, 0)
    assert "are more than" in tried.reason


def test_a_composite_is_tried_like_any_other(judge: Judge, tmp_path: Path) -> None:
    pool = Pool(tmp_path)
    for path in EXAMPLES:
        pool.add(record(path.stem, "shelf", read(path.read_text()), {}, {}))
    term = composite.read("parallel(longest_run, brackets_match)", pool)
    with Subject(term, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        tried = verified(examined)[0]
    assert set(tried.ways) == {"tuples"}
    assert tried.finding is None
    assert set(tried.right) == {1}


CASES = [
    ("bool", True, {}, "flags", 2),
    ("int", 4, {}, "integers", 11),
    ("str", "b", {"names": ["a", "b"]}, "own texts", 2),
    ("tuple[bool, bool]", [True, False], {}, "tuples", 4),
    ("dict[str, bool]", {"a": True, "b": False}, {}, "objects", 4),
    ("list[bool]", [True], {}, "every list", 7),
    ("list[int]", [0, 3, 2, 1], {"n": 4}, "every list", 3906),
    ("list[int]", [0, 4, 3, 2, 1], {"n": 5}, "arrangements", 1957),
    ("list[int]", [1, 2, 7], {"xs": [0] * 10}, "selections", 2048),
    ("list[list[int]]", [[1], [2]], {"xs": [[1], [2], [3]]}, "every list", 40),
    ("list[int]", [900, 700, 700, 100, 100, 100], {"xs": [1] * 40}, "every list", 3280),
    ("list[str]", list("abcdabcd"), {"text": "?"}, "orders of the right answer", 2520),
]


@pytest.mark.parametrize(("t", "answer", "instance", "way", "size"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_what_is_listed_is_of_the_type_each_once_with_the_answer(t, answer, instance, way, size) -> None:
    got, answers = listed(parse(t), answer, [answer], instance, 6000)
    assert got == way
    assert len(answers) == len({canonical(a) for a in answers}) == size
    assert all(a in parse(t) for a in answers)
    assert answer in answers


@pytest.mark.parametrize(
    ("t", "answer", "why"),
    [
        ("int", 10**9, "more than 100"),
        ("str", "elsewhere", "texts that stand nowhere"),
        ("float", 0.5, "numbers with a fraction"),
        ("tuple[int, int]", [50, 50], "4489 ways"),
        ("list[int]", [*range(9)], "the orders of 9 items"),
        ("list[int]", [7] * 3000, "the orders of 3000 items"),
    ],
)
def test_what_cannot_be_listed_says_why(t: str, answer: object, why: str) -> None:
    with pytest.raises(UnlistedError, match=why):
        listed(parse(t), answer, [answer], {}, 100)
