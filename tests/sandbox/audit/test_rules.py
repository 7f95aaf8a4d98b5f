"""Answers that ignore the instance: paid for by careless relations, and not by honest ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sandbox.admit import Judge
from sandbox.audit.rules import RULES, Rules, rules, universal
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.pool import Pool
from synth.program import read
from synth.types import parse
from tests.conftest import EXAMPLES, ROOT

COVER = '''"""Guards: watch every road."""

from random import Random

STATEMENT = "Choose at most {k} of the towns {towns} so that each road in {roads} ends in one of them."


def generate(rng: Random, difficulty: int) -> dict:
    towns = rng.sample(range(10, 99), 6 + difficulty)
    guards = towns[: 2 + difficulty // 3]
    roads = [(rng.choice(guards), rng.choice(towns)) for _ in range(8 + difficulty)]
    rng.shuffle(towns)
    return {"towns": towns, "roads": roads, "k": len(guards), "answer": sorted(guards)}


def verify(towns: list[int], roads: list[tuple[int, int]], k: int, answer: list[int]) -> bool:
    CHECK
    return all(u in answer or v in answer for u, v in roads)
'''
FEW = "if len(answer) > k:\n        return False"
CARELESS = [
    ("everything", "pass", "towns is right for 100%"),
    ("nothing", f"if not answer:\n        return True\n    {FEW}", "always [] is right for 100%"),
    ("everything, but no repeats", "if len({*answer}) < len(answer) or answer != sorted(answer):\n        return False",
     "towns in order is right for 100%"),
]  # fmt: skip
ORDER = '''"""Order: put in order."""

from random import Random

STATEMENT = "Write the entries of {xs} in rising order."


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": rng.sample(range(100), 3 + difficulty)}


def KIND(xs: list[int]) -> list[int]:
    return sorted(xs)


def verify(xs: list[int], answer: list[int]) -> bool:
    return answer == sorted(xs)
'''


@contextmanager
def subject(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


def ruled(judge: Judge, source: str) -> Rules:
    with subject(judge, source) as examined:
        return universal(examined)


@pytest.mark.parametrize(("check", "words"), [case[1:] for case in CARELESS], ids=[case[0] for case in CARELESS])
def test_a_relation_that_pays_for_no_work_is_found(judge: Judge, check: str, words: str) -> None:
    finding = ruled(judge, COVER.replace("CHECK", check)).finding
    assert finding is not None
    assert words in finding.evidence
    assert finding.seed is not None


def test_a_relation_that_bounds_its_answers_is_not_blamed(judge: Judge) -> None:
    result = ruled(judge, COVER.replace("CHECK", FEW))
    assert result.finding is None
    assert result.notes == ()
    assert result.tried > 10


@pytest.mark.parametrize("kind", ["solve", "example"])
def test_a_simple_rule_that_is_the_task_is_a_note(judge: Judge, kind: str) -> None:
    result = ruled(judge, ORDER.replace("KIND", kind))
    assert result.finding is None
    assert result.notes == ("xs in order is right for 100% of 120 instances",)


def test_an_answer_that_was_accepted_somewhere_is_tried_everywhere(judge: Judge) -> None:
    with subject(judge, COVER.replace("CHECK", "if answer == [7, 7, 3]:\n        return True")) as examined:
        assert universal(examined).finding != universal(examined, [[7, 7, 3]]).finding
        finding = universal(examined, [[7, 7, 3]]).finding
    assert finding is not None
    assert "always [7, 7, 3] is right for 100%" in finding.evidence


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_shelf_pays_for_no_rule(judge: Judge, path: Path) -> None:
    result = ruled(judge, path.read_text())
    assert result.finding is None
    assert 0 < result.tried <= RULES


def test_a_composite_of_many_parts_has_no_more_rules_than_others(judge: Judge, basics: Pool) -> None:
    term = composite.read(f"parallel({', '.join(['nine_minus', 'odd_places', 'reverse_digits'] * 3)})", basics)
    with Subject(term, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        result = universal(examined)
    assert 0 < result.tried <= RULES
    assert result.finding is None


@pytest.mark.parametrize("t", ["bool", "int", "str", "list[str]", "tuple[int, str]", "dict[str, int]"])
def test_rules_answer_in_the_type_or_not_at_all(t: str) -> None:
    domain = {"xs": parse("list[int]"), "names": parse("list[str]"), "text": parse("str"), "k": parse("int")}
    instance = {"xs": [], "names": ["b", "a"], "text": "", "k": 10**299}
    made = [(rule.words, rule.answer(instance)) for rule in rules(parse(t), domain)]
    assert made
    assert sum(value in parse(t) for _, value in made) > len(made) / 3


def test_right_answers_that_count_up_give_themselves_away(judge: Judge) -> None:
    source = (ROOT / "tests" / "planted" / "first" / "leak" / "exact_basket.py").read_text()
    finding = ruled(judge, source).finding
    assert finding is not None
    assert "counts up" in finding.evidence
