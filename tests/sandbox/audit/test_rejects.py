"""Further draws of environments that fail rarely, refuse what is right, or go wrong far out; and of a sound one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from sandbox.admit import Judge
from sandbox.audit.rejects import REFERENCE, Rejects, rejects
from sandbox.jail import Sandbox
from sandbox.outcome import Limits
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.contract import DIFFICULTIES
from synth.pool import Pool
from synth.program import read
from synth.types import canonical

SUM = '''"""Mean: of a list."""

from random import Random

STATEMENT = "Find the mean of {xs}, with their names {names}, to within 0.001."


def generate(rng: Random, difficulty: int) -> dict:
    rare = rng.randrange(60) == 0
    xs = [rng.randint(0, 99) for _ in range(2 + difficulty)]
    return {"xs": xs, "names": {"b": 1, "a": 2}}


def solve(xs: list[int], names: dict[str, int]) -> float:
    return sum(xs) / len(xs)


def verify(xs: list[int], names: dict[str, int], answer: float) -> bool:
    return abs(answer - solve(xs, names)) <= 0.001


def admits(xs: list[int], names: dict[str, int]) -> bool:
    return len(xs) > 0
'''
XS = "xs = [rng.randint(0, 99) for _ in range(2 + difficulty)]"
RARE = [
    ("generate", "generate raised ValueError", SUM.replace(XS, f"{XS}\n    if rare:\n        raise ValueError")),
    ("wrong type", "which is not a list[int]", SUM.replace(XS, f"{XS}\n    if rare:\n        xs[0] = 0.5")),
    ("solve", "solve raised ZeroDivisionError", SUM.replace("/ len(xs)", "/ (len(xs) * (xs[0] != 99))")),
    ("not accepted", "for the right answer", SUM.replace("<= 0.001", "<= 0.001 and xs[0] != 98")),
    ("not admitted", "admits gave false", SUM.replace("len(xs) > 0", "xs[0] != 97")),
    ("no score", "neither a bool nor a float", SUM.replace("return abs", "return 1 if xs[0] == 96 else abs")),
    ("too large", "the instance has", SUM.replace(XS, f"{XS}\n    if rare:\n        xs = [10**6] * 20_000")),
    ("the answer's keys", "its keys in another order", '''"""Tally: count."""

from random import Random

STATEMENT = "Count the entries of {xs}, by the name of each."


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.choice("abcde") for _ in range(2 + difficulty)]}


def solve(xs: list[str]) -> dict[str, int]:
    return {x: xs.count(x) for x in xs}


def verify(xs: list[str], answer: dict[str, int]) -> bool:
    return list(answer.items()) == list(solve(xs).items())
'''),
    ("the instance's keys", "the instance's keys in another order",
     SUM.replace("<= 0.001", "<= 0.001 and [*names] == ['b', 'a']")),
    ("exact floats", "noise in the last bits", SUM.replace("abs(answer - solve(xs, names)) <= 0.001",
                                                           "answer == solve(xs, names)")),
    ("a zero with a sign", "-0.0 for 0.0", SUM.replace("<= 0.001", "<= 0.001 and str(answer)[0] != '-'")
     .replace("rng.randint(0, 99)", "0")),
]  # fmt: skip


@contextmanager
def subject(box: Sandbox, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, box), partial(opened, box)) as subject:
        yield subject


def looked(box: Sandbox, source: str, draws: int = 600) -> Rejects:
    with subject(box, source) as examined:
        return rejects(examined, draws)


@pytest.mark.parametrize(("words", "source"), [case[1:] for case in RARE], ids=[case[0] for case in RARE])
def test_what_fails_rarely_is_found_with_its_seed(box: Sandbox, words: str, source: str) -> None:
    with subject(box, source) as examined:
        found = rejects(examined, 600).findings
    assert found
    assert words in found[0].evidence
    assert found[0].seed is not None
    assert found[0].difficulty in DIFFICULTIES


def test_nothing_is_found_where_nothing_is_wrong(box: Sandbox) -> None:
    result = looked(box, SUM)
    assert (result.findings, result.notes) == ((), ())
    assert result.drawn == len(result.trials) == 600
    assert result.kinds[REFERENCE].tried == 600
    assert {kind: of.accepted for kind, of in result.kinds.items()} == dict.fromkeys(result.kinds, 0)
    assert set(result.kinds) == {REFERENCE, "the instance's keys in another order", "noise in the last bits"}
    assert set(result.worst) == {"generate", "solve", "verify", "admits"}
    assert all(worst.lines > 0 and worst.seconds < 1 for worst in result.worst.values())


def test_none_of_the_draws_is_one_that_the_laws_saw(box: Sandbox) -> None:
    with subject(box, SUM) as examined:
        seen = {canonical(trial.instance) for trial in examined.trials}
        assert not seen & {canonical(trial.instance) for trial in rejects(examined, 300).trials}


def test_what_fails_beyond_what_is_promised_is_a_note(box: Sandbox) -> None:
    far = SUM.replace(XS, f"{XS}\n    if difficulty > 11:\n        raise ValueError('too far')")
    result = looked(box, far, 100)
    assert result.findings == ()
    assert result.drawn == 100
    assert [note.partition(",")[0] for note in result.notes] == ["at difficulty 12", "at difficulty 15"]


def test_a_call_that_takes_too_long_at_the_highest_difficulty_is_found() -> None:
    loops = "n = 0\n    while n < 1_500_000 * (len(xs) == 12) * (xs[0] == 95):\n        n += 1\n    return sum(xs)"
    with Sandbox(Limits(call_seconds=0.05)) as hasty, subject(hasty, SUM.replace("return sum(xs)", loops)) as examined:
        (finding,) = rejects(examined, 1_500).findings
    assert "solve used more than 0.05 s" in finding.evidence
    assert finding.difficulty == 10


def test_a_slow_program_is_drawn_less(box: Sandbox) -> None:
    slow = SUM.replace("return sum(xs)", "n = 0\n    while n < 20_000:\n        n += 1\n    return sum(xs)")
    result = looked(box, slow, 400)
    assert 80 <= result.drawn < 400
    assert result.worst["solve"].lines > 40_000


def test_a_composite_is_drawn_like_any_other(judge: Judge, basics: Pool) -> None:
    term = composite.read("parallel(nine_minus, odd_places)", basics)
    with Subject(term, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        result = rejects(examined, 100)
    assert result.findings == ()
    assert result.drawn == 100
    assert set(result.worst) == {"generate", "verify", "admits"}
