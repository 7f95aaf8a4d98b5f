"""Branch and Loop: what the words say is what is done."""

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.compose.chain import Link
from synth.compose.control import CONDITIONS, MOST_TIMES, Branch, Loop
from synth.environment import draw
from tests.synth.compose.conftest import BRANCHES, LAW, PARTS, SEEDS, branches, drawn, loops, made

ASKED = {
    "even": r"(?P<x>-?\d+) is even",
    "over": r"(?P<x>-?\d+) is greater than (?P<bound>-?\d+)",
    "even_length": r"the list (?P<x>\[.*?\]) has an even number of entries",
    "long": r"the list (?P<x>\[.*?\]) has more than (?P<bound>\d+) entries",
    "has": r"(?P<bound>-?\d+) is one of the entries of (?P<x>\[.*?\]),",
}


def as_read(text: str, condition: str) -> bool:
    """What somebody who only reads the text makes of its condition."""
    found = re.match(f"If {ASKED[condition]}", text)
    assert found, text
    x = found["x"]
    entries = re.findall(r"-?\d+|\".*?\"", x)
    match condition:
        case "even":
            return x[-1] in "02468"
        case "over":
            return float(x) > float(found["bound"])
        case "even_length":
            return len(entries) in range(0, 1000, 2)
        case "long":
            return len(entries) > int(found["bound"])
        case _:
            return found["bound"] in entries


@LAW
@given(branches(1), SEEDS)
def test_the_way_taken_is_the_way_of_the_words(branch: Branch, seed: int) -> None:
    instance, answer = drawn(branch, seed)
    if branch.yes.takes.args and branch.yes.takes.args[0].args:
        return  # lists of lists are not read here
    yes = as_read(branch.pose(instance), str(branch.condition))
    link, n = (branch.yes, 1) if yes else (branch.no, 2)
    held = {name.removeprefix(f"{n}."): v for name, v in instance.items() if name.startswith(f"{n}.")}
    assert answer == link.part.reference({**held, link.into: instance["x"]})


@pytest.mark.parametrize("text", BRANCHES)
@pytest.mark.parametrize("difficulty", [1, 5, 10])
def test_either_way_comes_about_at_least_one_time_in_five(text: str, difficulty: int) -> None:
    branch = made(text)
    assert isinstance(branch, Branch)
    drawn_instances = [draw(branch, Random(seed), difficulty)[0] for seed in range(60)]
    yes = sum(branch.taken(instance)[0] is branch.yes for instance in drawn_instances)
    assert 12 <= yes <= 48


def test_a_condition_that_the_draws_cannot_bring_still_gives_instances() -> None:
    always = made("branch(even_length, prefix_sums:xs, prefix_sums:xs)")  # at a difficulty the lists have one length
    assert isinstance(always, Branch)
    assert {always.taken(draw(always, Random(seed), 1)[0])[0] == always.yes for seed in range(5)} == {True}


def test_the_conditions_at_their_edges() -> None:
    def holds(name: str, value: Any, bound: Any = None) -> bool:
        return CONDITIONS[name].holds(value, bound)

    assert [holds("even", n) for n in (-2, -1, 0, 1)] == [True, False, True, False]
    assert [holds("over", n, 3) for n in (2, 3, 4)] == [False, False, True]
    assert [holds("long", xs, 1) for xs in ([], [5], [5, 5])] == [False, False, True]
    assert [holds("even_length", xs) for xs in ([], [5], [5, 5])] == [True, False, True]
    assert [holds("has", xs, 5) for xs in ([], [5], [4, 5], [55])] == [False, True, True, False]


def test_every_condition_stands_on_the_shelf() -> None:
    assert {text[7:].partition(",")[0] for text in BRANCHES} == CONDITIONS.keys()


def test_a_branch_refuses_ways_that_do_not_fit_and_says_both_types() -> None:
    halve, mirror = Link(PARTS["halve"], "n"), Link(PARTS["mirror"], "xs")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"halve makes int of int, but mirror makes list\[int\] of list\[int\]"):
        Branch(CONDITIONS["even"], halve, mirror)
    with pytest.raises(TypeError, match=r"even asks about int, but mirror takes list\[int\]"):
        Branch(CONDITIONS["even"], mirror, mirror)


# Loop


@LAW
@given(loops(1), SEEDS)
def test_a_loop_is_its_step_so_many_times(loop: Loop, seed: int) -> None:
    instance, answer = drawn(loop, seed)
    held = {name[2:]: v for name, v in instance.items() if name.startswith("1.")}
    value = instance["x"]
    for _ in range(instance["times"]):
        value = loop.link.part.reference({**held, loop.link.into: value})
        if loop.until and loop.until.holds(value, instance.get("bound")):
            break
    assert answer == value
    assert 2 <= instance["times"] <= MOST_TIMES


@pytest.mark.parametrize(
    ("times", "admitted"), [(-1, False), (0, False), (1, True), (12, True), (13, False), (10**9, False)]
)
def test_a_loop_is_taken_one_to_twelve_times(times: int, admitted: bool) -> None:
    assert made("loop(halve)").admits({"x": 5, "times": times}) is admitted
    assert made("loop(until even, halve)").admits({"x": 5, "times": times}) is admitted


@pytest.mark.parametrize("text", ["loop(until even, halve)", "loop(until over, times:n)", "loop(until has, shift:xs)"])
def test_a_condition_ends_some_loops_and_not_others(text: str) -> None:
    loop = made(text)
    assert isinstance(loop, Loop)
    assert loop.until
    ended = []
    for seed in range(60):
        instance, answer = draw(loop, Random(seed), 4)
        ended.append(loop.until.holds(answer, instance.get("bound")))
    assert 12 <= sum(ended) <= 57


def test_a_loop_with_a_condition_stops_as_soon_as_it_holds_after_a_time() -> None:
    loop = made("loop(until even, halve)")
    assert isinstance(loop, Loop)
    assert loop.reference({"x": 44, "times": 5}) == 22, "that it held before is not asked"
    assert loop.reference({"x": 23, "times": 5}) == 2
    assert loop.reference({"x": 23, "times": 2}) == 5


def test_a_loop_is_not_asked_to_admit_what_comes_after_its_end() -> None:
    assert made("loop(until over, times:n)").admits({"x": 10**39, "times": 5, "bound": 7, "1.k": 9})
    assert not made("loop(times:n)").admits({"x": 10**39, "times": 5, "1.k": 90})


def test_what_the_step_tolerates_the_loop_tolerates() -> None:
    loop = made("loop(grow)")
    assert loop.score({"x": 10, "times": 2}, 12.1004) == 1
    assert loop.score({"x": 10, "times": 2}, 12.2) == 0


@given(st.integers(1, 4))
def test_loops_in_loops_use_different_names(depth: int) -> None:
    text = "halve"
    for n in range(depth):
        text = f"loop({text}{':x' if n else ''})"
    loop = made(text)
    instance, _ = drawn(loop, 0)
    names = re.findall(r"Let (\w+) be", loop.pose(instance))
    assert len(set(names)) == len(names) == depth


def test_a_loop_refuses_what_cannot_be_repeated_and_says_both_types() -> None:
    with pytest.raises(TypeError, match=r"total makes int of list\[int\]; it cannot be repeated"):
        made_loop("total", "xs")
    with pytest.raises(TypeError, match="divisor has several right answers; a step of loop must have one"):
        made_loop("divisor", "n")


def made_loop(name: str, into: str) -> Loop:
    return Loop(Link(PARTS[name], into))  # type: ignore[arg-type]
