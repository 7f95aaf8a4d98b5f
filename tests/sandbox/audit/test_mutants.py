"""Mutants of hand-written verifiers and of the shelf: they differ where they should, and audits tell them apart."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from sandbox.admit import Judge
from sandbox.audit.mutants import CALLS, LINES, MUTANTS, Strength, mutants, reached, strength
from sandbox.outcome import Ending
from sandbox.subject import Subject, opened
from synth.compose import composite
from synth.pool import Pool
from synth.program import Program, read
from tests.conftest import EXAMPLES

RELATION = '''"""Factor pair: split a number into two factors."""

from random import Random

LEAST = 2
STATEMENT = "Find two integers from 2 upwards whose product is {n}, in any order, the smaller one first."


def generate(rng: Random, difficulty: int) -> dict:
    a, b = sorted(rng.randint(LEAST, 10 + 10**difficulty) for _ in range(2))
    return {"n": product(a, b), "answer": [a, b]}


def product(a: int, b: int) -> int:
    return a * b


def rises(a: int, b: int) -> bool:
    """0 is no constant to change here."""
    return a <= b + 0


def verify(n: int, answer: tuple[int, int]) -> bool:
    a, b = answer
    if not rises(a, b):
        return False
    return min(a, b) >= LEAST and product(a, b) == n
'''
DELEGATES = '''"""Sum: add up."""

from random import Random

STATEMENT = "Add up {xs}."


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(10, 99) for _ in range(2 + difficulty)]}


def total(xs: list[int]) -> int:
    return sum(x for x in xs if x > 0) + 0


def solve(xs: list[int]) -> int:
    return total(xs)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
'''
CHECK = "    return answer == solve(xs)\n"
LOOPS = DELEGATES.replace(CHECK, f"    while len(xs) < 0:\n        pass\n{CHECK}")
IDLE = DELEGATES.replace(CHECK, f"    if len(xs) > 1000:\n        return False\n{CHECK}")


@contextmanager
def subject(judge: Judge, source: str) -> Iterator[Subject]:
    with Subject(read(source), partial(opened, judge.box), partial(opened, judge.other)) as subject:
        yield subject


def measured(judge: Judge, source: str) -> Strength:
    with subject(judge, source) as examined:
        return strength(examined, partial(opened, judge.box))


def changed(program: Program, mutant: Program) -> set[str]:
    """The definitions in which the two differ."""
    before, after = (
        {getattr(node, "name", ""): ast.unparse(node) for node in ast.parse(p.source).body} for p in (program, mutant)
    )
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_trials_of_the_shelf_see_most_broken_verifiers(judge: Judge, path: Path) -> None:
    result = measured(judge, path.read_text())
    assert 2 <= result.mutants <= MUTANTS
    assert result.mutants == result.caught + len(result.survivors)
    assert 0 < result.calls <= CALLS
    assert result.share is not None
    assert result.share >= (0.4 if path.stem == "trip_length" else 0.8)


def test_a_mutant_is_a_program_that_differs_in_what_verify_alone_runs() -> None:
    program = read(RELATION)
    found = mutants(program)
    assert len(found) > 10
    assert len({mutant.source for _, mutant in found}) == len(found)
    for change, mutant in found:
        (where,) = changed(program, mutant)
        assert where in ("verify", "rises")
        lines = {n.name: range(n.lineno, n.end_lineno + 1) for n in ast.parse(program.source).body
                 if isinstance(n, ast.FunctionDef)}  # fmt: skip
        assert change.line in lines[where]
        assert mutant.signature == program.signature


def test_every_kind_of_change_is_made_before_any_is_made_often() -> None:
    kinds = [change.kind for change, _ in mutants(read(RELATION), most=7)]
    assert sorted(kinds) == [
        "and, or swapped",
        "bound shifted",
        "comparison flipped",
        "condition dropped",
        "condition negated",
        "constant changed",
        "early return",
    ]


def test_the_same_program_has_the_same_mutants() -> None:
    assert mutants(read(RELATION)) == mutants(read(RELATION))
    assert mutants(read(RELATION), 5) == mutants(read(RELATION))[:5]


def test_of_a_verifier_that_compares_with_solve_only_the_comparison_changes(judge: Judge) -> None:
    program = read(DELEGATES)
    assert {where for _, mutant in mutants(program) for where in changed(program, mutant)} == {"verify"}
    result = measured(judge, DELEGATES)
    assert (result.changed, result.spared) == (("verify",), ("solve", "total"))
    assert "equality loosened" in {change.kind for change, _ in mutants(program)}
    assert result.caught == result.mutants == 5


def test_helpers_that_the_reference_reaches_are_spared() -> None:
    program = read(RELATION)
    assert reached(ast.parse(program.source), program.reference) == (("verify", "rises"), ("product",))


def test_a_change_that_nothing_tried_can_show_survives_with_its_line(judge: Judge) -> None:
    result = measured(judge, IDLE)
    line = IDLE.splitlines().index("    if len(xs) > 1000:") + 1
    words = {change.words for change in result.survivors if change.line == line}
    assert "len(xs) > 1000 became False" in words
    assert "len(xs) > 1000 became len(xs) <= 1000" not in words
    assert result.share is not None
    assert result.share < 1


def test_a_mutant_that_never_returns_is_not_counted(judge: Judge) -> None:
    program = read(LOOPS)
    stuck = {mutant.source for change, mutant in mutants(program) if change.words.endswith("len(xs) >= 0")}
    assert len(stuck) == 1
    with judge.box.open(stuck.pop()) as session:
        assert session.call("verify", {"xs": [1], "answer": 1}).ending is Ending.TIMED_OUT
    result = measured(judge, LOOPS)
    assert result.mutants == len(mutants(program)) - 1


def test_an_audit_that_tries_less_sees_less(judge: Judge) -> None:
    full = measured(judge, RELATION)
    with subject(judge, RELATION) as examined:
        examined.__dict__["wrongs"] = []  # right answers alone
        blind = strength(examined, partial(opened, judge.box))
    assert blind.mutants == full.mutants
    assert blind.caught < full.caught


def test_what_was_tried_beyond_the_laws_shows_more(judge: Judge) -> None:
    with subject(judge, RELATION) as examined:
        plain = strength(examined, partial(opened, judge.box))
        trial = examined.trials[0]
        product = trial.answer[0] * trial.answer[1]
        calls = examined.verifying([({"n": product}, [1, product]), ({"n": product}, [product, 1])])
        asked = [(10, call, outcome) for call, outcome in zip(calls, examined.session.map(calls), strict=True)]
        more = strength(examined, partial(opened, judge.box), asked)
    assert more.calls == plain.calls + 2
    assert more.caught > plain.caught
    assert {*more.survivors} < {*plain.survivors}


def test_a_costly_call_makes_way_for_cheap_ones(judge: Judge) -> None:
    with subject(judge, RELATION) as examined:
        calls = examined.verifying((trial.instance, trial.answer) for trial in examined.trials[:3])
        lines = [10, LINES, 10]
        asked = [(n, call, o) for n, call, o in zip(lines, calls, examined.session.map(calls), strict=True)]
        plain = strength(examined, partial(opened, judge.box)).calls
        assert strength(examined, partial(opened, judge.box), asked).calls == plain + 2


def test_a_composite_has_no_verifier_of_its_own(judge: Judge, basics: Pool) -> None:
    term = composite.read("parallel(nine_minus, odd_places)", basics)
    with Subject(term, partial(opened, judge.box), partial(opened, judge.other)) as examined:
        result = strength(examined, partial(opened, judge.box))
    assert (result.mutants, result.share) == (0, None)
    assert "parts" in result.reason
