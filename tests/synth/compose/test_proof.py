"""Sort and Select: a score is what running the steps gives, and a proof counts what a plain enumeration counts.

The plain enumeration knows nothing of the algebra: it calls the parts' own functions from permutations.
"""

import inspect
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.compose.chain import Chain, Link, NoInstanceError
from synth.compose.operators import Select, Sort
from synth.compose.proof import CHANCE_MOST, MENU_MOST, Proof
from synth.environment import Answer, Instance, Step, draw
from tests.synth.compose.conftest import LAW, PARTS, SEEDS, SPACES, as_sent, drawn, made

PLAIN = ["rotate", "mirror", "shift", "total", "plus", "times", "halve", "digits", "weeks", "below"]
"""Parts of numbers and lists of numbers, which the enumeration can run."""
SORTS = [
    "sort(shift:xs, total, times:n, digits)",
    "sort(shift:xs, total, times:n)",
    "sort(shift:xs, shift:xs, total, digits)",
    "sort(times:n, plus:n, weeks, total)",
]
SELECTS = [
    "select(shift:xs, total; mirror, times:n)",
    "select(total, times:n; plus:n)",
    "select(weeks, shift:xs, total; halve, digits)",
]


def plain_run(menu: list[tuple[str, str, dict[str, Any]]], start: Any, places: tuple[int, ...]) -> Any:
    """What taking the steps at ``places`` gives; none where one cannot be taken."""
    value = start
    for place in places:
        name, into, held = menu[place - 1]
        space = SPACES[name]
        wanted = inspect.signature(space["solve"]).parameters[into].annotation
        is_int = type(value) is int
        if is_int != (wanted is int):
            return None
        given = {**held, into: value}
        if not space["admits"](**given):
            return None
        value = as_sent(space["solve"](**given))
    return value


def plain_menu(environment: Select, instance: Instance) -> list[tuple[str, str, dict[str, Any]]]:
    menu = []
    for n in instance["shown"]:
        link = [*environment.chain.links, *environment.decoys][n - 1]
        held = {name.split(".")[1]: value for name, value in instance.items() if name.split(".")[0] == str(n)}
        menu.append((str(link.part), link.into, held))
    return menu


def plain_answers(environment: Select, instance: Instance, steps: int) -> dict[tuple[int, ...], bool]:
    """Every choice of ``steps`` distinct steps, and whether it lands."""
    menu = plain_menu(environment, instance)
    return {
        places: plain_run(menu, instance["start"], places) == instance["end"]
        for places in permutations(range(1, len(menu) + 1), steps)
    }


@st.composite
def menus(draw: st.DrawFn) -> Select:
    """A sort or a select of plain steps, as small as an enumeration can bear."""
    links = [Link(part(name), field) for name in PLAIN for field in list(part(name).signature.domain)[:1]]
    chain = [draw(st.sampled_from(links))]
    for _ in range(draw(st.integers(1, 3))):
        able = [link for link in links if chain[-1].gives <= link.takes]
        chain.append(draw(st.sampled_from(able)))
    if draw(st.booleans()):
        return Sort(Chain(tuple(chain)))
    return Select(Chain(tuple(chain)), tuple(draw(st.lists(st.sampled_from(links), max_size=2))))


def unproven(environment: Select, rng: Random) -> Instance:
    return environment.about(*environment.chain.drawn(rng, 2), rng, 2)


def part(name: str) -> Step:
    found = PARTS[name]
    assert isinstance(found, Step)
    return found


@LAW
@given(menus(), SEEDS)
def test_a_proof_counts_what_a_plain_enumeration_counts(environment: Select, seed: int) -> None:
    try:
        instance = as_sent(unproven(environment, Random(seed)))  # proven or not
    except NoInstanceError:
        return
    assert environment.prove(instance) == plain_proof(environment, instance)


def plain_proof(environment: Select, instance: Instance) -> Proof:
    found = {steps: plain_answers(environment, instance, steps) for steps in range(len(environment.links) + 1)}
    formed = [lands for steps in environment.lengths for lands in found[steps].values()]
    landing = [n for n in range(environment.lengths[-1] + 1) if any(found[n].values())]
    size = len(environment.chain)
    return Proof(sum(formed), len(formed), min(landing, default=size), size)


@pytest.mark.parametrize("text", ["sort(plus:n, times:n, plus:n, times:n)", "select(plus:n, times:n, halve; times:n)"])
@given(st.data())
def test_where_different_steps_lead_to_the_same_value_the_count_is_right(text: str, data: st.DataObject) -> None:
    environment = made(text)
    assert isinstance(environment, Select)
    small = st.integers(0, 3)
    held = {name: data.draw(small) for name in environment.signature.domain if name.endswith(".k")}
    shown = data.draw(st.permutations(range(1, 5)))
    instance = {"start": data.draw(small), "end": data.draw(st.integers(0, 9)), "shown": shown, **held}
    assert environment.prove(instance) == plain_proof(environment, instance)


@LAW
@given(menus(), SEEDS)
def test_the_score_of_any_sequence_is_what_running_it_gives(environment: Select, seed: int) -> None:
    try:
        instance = as_sent(unproven(environment, Random(seed)))
    except NoInstanceError:
        return
    for steps in range(1, len(environment.links) + 1):
        for places, lands in plain_answers(environment, instance, steps).items():
            wanted = float(lands and steps in environment.lengths)
            assert environment.score(instance, list(places)) == wanted


@pytest.mark.parametrize("text", SORTS + SELECTS)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_drawn_is_proven(text: str, seed: int) -> None:
    environment = made(text)
    assert isinstance(environment, Select)
    instance, answer = drawn(environment, seed)
    proof = environment.prove(instance)
    assert proof.refusal == ""
    assert proof.right >= 1
    assert proof.chance <= CHANCE_MOST
    assert proof.shortest == len(environment.chain)
    assert environment.score(instance, answer) == 1


@pytest.mark.parametrize("text", SORTS + SELECTS)
def test_an_answer_that_is_not_well_formed_scores_nothing(text: str) -> None:
    environment = made(text)
    assert isinstance(environment, Select)
    instance, right = drawn(environment, 1)
    menu = len(environment.links)
    bad: list[Answer] = [
        [],
        [right[0]] * len(right),
        [*right, right[-1]],
        [*right[:-1], right[0]],
        [0, *right[1:]],
        [*right[:-1], menu + 1],
        [-n for n in right],
        [*right, *([menu + 1])],
        [n - 1 for n in right],
        [10**300],
        list(range(100_000)),
        [1] * 100_000,
    ]
    assert [environment.score(instance, answer) for answer in bad] == [0.0] * len(bad)


@pytest.mark.parametrize("text", SORTS)
def test_a_sort_wants_every_step(text: str) -> None:
    environment = made(text)
    instance, right = drawn(environment, 2)
    assert [environment.score(instance, right[:n]) for n in range(len(right))] == [0.0] * len(right)


def test_any_order_that_lands_is_right() -> None:
    environment = made("sort(plus:n, plus:n, digits, total)")
    instance = {"start": 57, "1.k": 3, "2.k": 2, "end": 8, "shown": [1, 2, 3, 4]}
    assert environment.admits(instance)
    assert environment.score(instance, [1, 2, 3, 4]) == 1
    assert environment.score(instance, [2, 1, 3, 4]) == 1
    assert environment.score(instance, [1, 3, 4, 2]) == 1, "60, [6, 0], 6 and then 8"


def test_a_step_taken_twice_is_wrong_even_if_it_lands() -> None:
    environment = made("sort(plus:n, plus:n, digits, total)")
    instance = {"start": 57, "1.k": 2, "2.k": 2, "end": 7, "shown": [1, 2, 3, 4]}
    assert environment.score(instance, [1, 2, 3, 4]) == 1
    assert environment.score(instance, [1, 1, 3, 4]) == 0


def test_a_commuting_pair_is_counted_or_makes_a_sort_refused() -> None:
    two = made("sort(plus:n, plus:n, digits)")
    with pytest.raises(NoInstanceError, match="a random answer is right too often"):
        draw(two, Random(0), 3)
    more = made("sort(plus:n, plus:n, digits, mirror)")
    assert isinstance(more, Sort)
    instance, answer = drawn(more, 0, 9)
    swapped = [answer[1], answer[0], *answer[2:]]
    assert more.score(instance, answer) == more.score(instance, swapped) == 1
    assert more.prove(instance).right >= 2


def test_a_select_with_a_shortcut_is_refused_with_that_reason() -> None:
    with pytest.raises(NoInstanceError, match="the shortest of 1 steps, of 2 claimed"):
        draw(made("select(mirror, total; total)"), Random(0), 2)


def test_a_chain_that_ends_where_it_starts_is_refused() -> None:
    with pytest.raises(NoInstanceError, match="the shortest of 0 steps, of 2 claimed"):
        draw(made("sort(mirror, mirror)"), Random(0), 2)


def test_an_end_that_nothing_leads_to_is_refused_and_not_admitted() -> None:
    environment = made("sort(shift:xs, total, times:n)")
    assert isinstance(environment, Sort)
    instance, _ = drawn(environment, 0)
    elsewhere = {**instance, "end": 10**9}
    assert not environment.admits(elsewhere)
    assert environment.prove(elsewhere).flaw == "no order of the steps leads to the end"


@pytest.mark.parametrize("shown", [[1, 2], [1, 2, 2], [0, 1, 2], [1, 2, 3, 4], []])
def test_a_menu_that_does_not_show_each_step_once_is_not_admitted(shown: list[int]) -> None:
    environment = made("sort(shift:xs, total, times:n)")
    instance, _ = drawn(environment, 0)
    assert not environment.admits({**instance, "shown": shown})


def test_a_menu_that_cannot_be_run_in_every_order_is_refused_when_it_is_made() -> None:
    link = Link(part("halve"), "n")
    assert Sort(Chain((link,) * MENU_MOST))
    with pytest.raises(TypeError, match=f"{MENU_MOST + 1} steps are too many to run in every order; at most 7"):
        Sort(Chain((link,) * (MENU_MOST + 1)))
    with pytest.raises(TypeError, match="too many"):
        Select(Chain((link,) * MENU_MOST), (link,))


def test_a_step_with_several_right_answers_is_refused() -> None:
    divisor = Link(part("divisor"), "n")
    with pytest.raises(TypeError, match="divisor has several right answers; a step of sort must have one"):
        Sort(Chain((divisor,)))
    with pytest.raises(TypeError, match="a step of select must have one"):
        Select(Chain((Link(part("halve"), "n"),)), (divisor,))
