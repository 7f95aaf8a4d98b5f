"""Composites as the model reads them: `golden/*.md` are to be read. To write them anew:

GOLDEN=write pytest tests/synth/compose/test_wording.py
"""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given

from synth.compose.chain import Chained, fresh
from synth.compose.operators import Select, Sequential
from synth.environment import Environment, draw, prompt
from tests.synth.compose.conftest import LAW, NESTED, OPERATORS, SEEDS, SHELVED, chaineds, drawn, made
from tests.synth.test_program import compare

GOLDEN = Path(__file__).parent / "golden"
SHOWN = {**OPERATORS, **NESTED}
RIGHT = {
    "sequential": [[-6, -5, 25, -3, 0, 16], 27, 29],
    "parallel": [27, [0, 1, 4, 6], [2, 3]],
    "sort": [2, 1, 3, 4],
    "select": [2, 1],
    "chain": 126,
    "branch": 26,
    "loop": "gofeko jbsjoa",
    "until": 189,
    "branch_in_loop_in_sequential": [19, [1, 9], 10],
    "all_in_parallel": [[27, 3], [[1, 3, 2], [1, 2]]],
    "chain_in_loop_in_chain": [4, 7],
    "letters_in_sort": [3, 2, 4, 1],
}
"""What a reader finds for each: to be worked out by hand from the text alone."""


@pytest.mark.parametrize("name", SHOWN)
def test_a_composite_as_the_model_reads_it(name: str) -> None:
    environment = made(SHOWN[name])
    instance, _ = draw(environment, Random(7), 2)
    text = prompt(environment.pose(instance), environment.signature.codomain)
    compare(GOLDEN / f"{name}.md", f"{text}\n")
    assert environment.score(instance, RIGHT[name]) == 1


def test_every_golden_text_is_one_of_these() -> None:
    assert {path.stem for path in GOLDEN.glob("*.md")} == SHOWN.keys()


@LAW
@given(SHELVED, SEEDS)
def test_marks_that_open_are_closed(environment: Environment, seed: int) -> None:
    instance, _ = drawn(environment, seed)
    depth = 0
    for mark in re.findall("[«»]", environment.pose(instance)):
        depth += 1 if mark == "«" else -1
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sequential(halve, digits)", ["A1", "A2"]),
        ("sequential(lettered, halve)", ["B1", "B2"]),
        ("sequential(parallel(lettered, halve):2.n, mirror)", ["B1", "B2"]),
    ],
)
def test_the_names_of_a_sequential_are_none_of_its_steps_own(text: str, names: list[str]) -> None:
    environment = made(text)
    assert isinstance(environment, Sequential)
    instance, _ = drawn(environment, 1)
    assert environment.pose(instance).endswith(f"in this order: {', '.join(names)}.")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sort(shift:xs, total, times:n)", "x"),
        ("sort(lettered, times:n, weeks, total)", "w1"),
        ("select(total, times:n; loop(lettered):x)", "w1"),
        ("select(total, times:n; trip_length)", "z"),
    ],
)
def test_the_name_of_the_value_is_none_of_the_steps_own(text: str, name: str) -> None:
    environment = made(text)
    assert isinstance(environment, Select)
    instance, _ = drawn(environment, 1)
    assert environment.pose(instance).startswith(f"{name} is the name of a value")


def test_the_name_in_a_loop_is_none_of_its_steps_own() -> None:
    environment = made("loop(lettered)")
    instance, _ = drawn(environment, 1)
    assert environment.pose(instance).startswith("Let y2 be")
    assert fresh(["y1", "y2"], ["y1y"]) == "y1"


@LAW
@given(SHELVED, SEEDS)
def test_a_name_is_given_to_nothing_while_it_still_stands_for_something(environment: Environment, seed: int) -> None:
    instance, _ = drawn(environment, seed)
    for item in re.split(r"\n *(?:Problem \d+:|Step \d+ |\(\d+\))", environment.pose(instance)):
        assert clashes(item) == []  # what a problem or a step names means nothing outside of it


def clashes(text: str) -> list[str]:
    """Names that are given within the marks of a text where they have a meaning already."""
    found, known = [], [set[str]()]
    for token in re.finditer(r"[«»]|Let (\w+) be|Call its answer (\w+)\.", text):
        if token[0] == "«":
            known.append(set())
        elif token[0] == "»":
            known.pop()
        else:
            name = token[1] or token[2]
            found += [name] if any(name in names for names in known) else []
            known[-1].add(name)
    return found


def test_the_clash_of_two_names_is_seen() -> None:
    assert clashes("Let y1 be 3. «Let y2 be y1.» «Let y2 be 4.»") == []
    assert clashes("Let y1 be 3. «Let y1 be 4.»") == ["y1"]
    assert clashes("«a» Call its answer y1. «b» Call its answer y1.") == ["y1"]


@LAW
@given(chaineds(2), SEEDS)
def test_the_names_of_a_chain_are_first_met_where_they_are_given(chained: Chained, seed: int) -> None:
    instance, _ = drawn(chained, seed)
    text = chained.pose(instance)
    names = names_at_the_top(text)
    assert len(set(names)) == len(names) == len(chained.chain) - 1
    for name in names:
        first = re.search(rf"\b{name}\b", text)
        assert first
        assert text[: first.start()].endswith("» Call its answer ")


def names_at_the_top(text: str) -> list[str]:
    """The names that are given outside of all marks."""
    names, depth = [], 0
    for token in re.finditer(r"[«»]|Call its answer (\w+)\.", text):
        depth += {"«": 1, "»": -1}.get(token[0], 0)
        names += [token[1]] if token[1] and depth == 0 else []
    return names


def test_a_statement_of_several_lines_is_set_in() -> None:
    environment = made("parallel(sequential(lined, halve), lined)")
    text = environment.pose({"1.start": 7, "2.n": 9})
    assert "\n    These are rules.\n\n    1. Take 7.\n    2. Subtract 1.\n" in text
    assert "\nProblem 2:\n  These are rules.\n\n  1. Take 9.\n" in text
