"""Laws that hold of every composite, whatever it is made of: it is an environment, and nothing in it disagrees."""

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from synth.compose.chain import START, Chain, Chained, Link, NoInstanceError
from synth.compose.operators import Parallel, Product, Select, Sequential, parallel
from synth.environment import Environment, Function, Step, draw
from synth.types import as_json, canonical
from synth.values import draw as any_value
from synth.values import near_misses, odd
from tests.synth.compose.conftest import (
    FUNCTIONS,
    LAW,
    LINKS,
    PARTS,
    SEEDS,
    SHELF,
    SHELVED,
    as_sent,
    chaineds,
    chains,
    drawn,
    made,
)


@pytest.mark.parametrize("text", SHELF)
def test_every_composite_of_the_shelf_brings_instances_at_every_difficulty(text: str) -> None:
    environment = made(text)
    for seed in range(20):
        instance, answer = draw(environment, Random(seed), 1 + seed % 10)
        assert environment.admits(instance)
        assert environment.score(instance, answer) == 1


@LAW
@given(SHELVED, SEEDS)
def test_a_composite_is_an_environment(environment: Environment, seed: int) -> None:
    assert isinstance(environment, Environment)
    raw, right = draw_or_skip(environment, seed)
    instance, answer = as_sent(raw), as_sent(right)
    assert environment.signature.admits(instance)
    assert answer in environment.signature.codomain
    assert environment.admits(instance)
    assert environment.score(instance, answer) == 1
    assert environment.score(raw, right) == 1
    assert environment.pose(raw) == environment.pose(instance)


def draw_or_skip(environment: Environment, seed: int) -> tuple[Any, Any]:
    drawn(environment, seed)
    return draw(environment, Random(seed), 2)


@LAW
@given(SHELVED, SEEDS)
def test_the_same_seed_gives_the_same_instance(environment: Environment, seed: int) -> None:
    assert drawn(environment, seed) == drawn(environment, seed)


@LAW
@given(SHELVED, SEEDS)
def test_the_text_shows_every_value_of_the_instance(environment: Environment, seed: int) -> None:
    instance, _ = drawn(environment, seed)
    text = environment.pose(instance)
    for name, value in instance.items():
        if name.rpartition(".")[2] != "shown":
            assert as_json(value) in text, f"{name} of {environment}"


@LAW
@given(SHELVED, SEEDS)
def test_another_value_makes_another_text(environment: Environment, seed: int) -> None:
    instance, _ = drawn(environment, seed)
    other, _ = drawn(environment, seed + 1)
    for name in instance:
        mixed = {**instance, name: other[name]}
        if name.rpartition(".")[2] != "shown":  # steps that are alike may change places unseen
            assert (environment.pose(mixed) == environment.pose(instance)) == (other[name] == instance[name])


@LAW
@given(SHELVED, SEEDS)
def test_no_reading_of_a_template_is_left_in_the_text(environment: Environment, seed: int) -> None:
    instance, _ = drawn(environment, seed)
    assert not any(f"{{{name.rpartition('.')[2]}}}" in environment.pose(instance) for name in instance)


@LAW
@given(SHELVED, SEEDS)
def test_a_score_is_a_share_for_any_value_of_the_codomain(environment: Environment, seed: int) -> None:
    instance, answer = drawn(environment, seed)
    rng, t = Random(seed), environment.signature.codomain
    tried = [any_value(t, rng), *odd(t), *(miss for _, miss in near_misses(t, answer, rng))]
    for value in tried:
        score = environment.score(instance, as_sent(value))
        assert isinstance(score, float)
        assert 0 <= score <= 1


@LAW
@given(SHELVED, SEEDS)
def test_admits_answers_for_any_value_of_the_domain(environment: Environment, seed: int) -> None:
    rng = Random(seed)
    instance, _ = drawn(environment, seed)
    for name, t in environment.signature.domain.items():
        for value in [any_value(t, rng), rng.choice(odd(t))]:
            assert environment.admits({**instance, name: as_sent(value)}) in (True, False)


@LAW
@given(SHELVED, SEEDS)
def test_where_another_instance_is_admitted_it_has_a_right_answer(environment: Environment, seed: int) -> None:
    """One field changes to another instance's value; steps answer for themselves."""
    instance, _ = drawn(environment, seed)
    other, _ = drawn(environment, seed + 1)
    if isinstance(environment, Step):
        for name in instance:
            mixed = {**instance, name: other[name]}
            if environment.admits(mixed):
                answer = as_sent(environment.reference(mixed))
                assert answer in environment.signature.codomain
                assert environment.score(mixed, answer) == 1


def test_what_answers_for_itself_is_a_function_and_the_rest_only_asks() -> None:
    kinds = {text.partition("(")[0]: isinstance(made(text), Function) for text in SHELF}
    assert kinds == {
        "sequential": False,
        "sort": False,
        "select": False,
        "parallel": False,
        "chain": True,
        "branch": True,
        "loop": True,
    }


# Chains


@LAW
@given(chains(LINKS, 6), SEEDS, st.data())
def test_joining_chains_is_associative(chain: Chain, seed: int, data: st.DataObject) -> None:
    instance, answer = drawn(Sequential(chain), seed)
    assume(len(chain) > 2)
    first = data.draw(st.integers(1, len(chain) - 2))
    second = data.draw(st.integers(first + 1, len(chain) - 1))
    a, b, c = (Chain(chain.links[i:j]) for i, j in ((0, first), (first, second), (second, len(chain))))
    for joined in ((a + b) + c, a + (b + c)):
        assert joined == chain
        assert str(joined) == str(chain)
        assert drawn(Sequential(joined), seed) == (instance, answer)
        assert Sequential(joined).pose(instance) == Sequential(chain).pose(instance)


@LAW
@given(chains(LINKS, 3), chains(LINKS, 3))
def test_chains_join_where_the_types_fit_and_nowhere_else(a: Chain, b: Chain) -> None:
    if a.links[-1].gives <= b.links[0].takes:
        assert len(a + b) == len(a) + len(b)
    else:
        with pytest.raises(TypeError, match=r"takes .*, but is given"):
            a + b


def test_a_chain_refuses_what_does_not_fit_and_says_both_types() -> None:
    with pytest.raises(TypeError, match=r"mirror takes list\[int\], but is given int by total"):
        Chain((Link(part("total"), "xs"), Link(part("mirror"), "xs")))
    with pytest.raises(TypeError, match="at least one"):
        Chain(())


def test_a_link_refuses_what_only_checks_and_fields_that_are_not_there() -> None:
    with pytest.raises(TypeError, match="pick_sum only checks answers"):
        Link(PARTS["pick_sum"], "xs")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"total has no field n; it takes \(xs: list\[int\]\) -> int"):
        Link(part("total"), "n")


def test_a_chain_that_nothing_can_enter_says_which_link_refuses() -> None:
    with pytest.raises(NoInstanceError, match="digits admits nothing of what it was given in 40 draws"):
        draw(made("sequential(below, digits, total)"), Random(0), 2)


def part(name: str) -> Step:
    found = PARTS[name]
    assert isinstance(found, Step)
    return found


# Sequential


@LAW
@given(chains(FUNCTIONS, 4), SEEDS)
def test_the_reward_of_a_sequential_is_its_longest_right_prefix(chain: Chain, seed: int) -> None:
    environment = Sequential(chain)
    instance, answer = drawn(environment, seed)
    rng = Random(seed)
    for k, link in enumerate(chain.links):
        for _, miss in near_misses(link.gives, answer[k], rng)[:4]:
            met = link.instance(answer[k - 1] if k else instance[START], held(instance, k + 1))
            if link.part.score(met, miss) < 1:  # not within a stated tolerance
                claimed = [*answer[:k], miss, *answer[k + 1 :]]
                assert environment.score(instance, claimed) == k / len(chain)


def held(instance: Any, n: int) -> dict[str, Any]:
    return {name.removeprefix(f"{n}."): v for name, v in instance.items() if name.startswith(f"{n}.")}


def test_values_that_are_right_again_after_a_wrong_step_earn_nothing() -> None:
    environment = made("sequential(halve, halve, halve)")
    instance = {"start": 41}
    assert environment.score(instance, [20, 10, 5]) == 1
    assert environment.score(instance, [21, 10, 5]) == 0
    assert environment.score(instance, [20, 11, 5]) == 1 / 3
    assert environment.score(instance, [20, 10, 6]) == 2 / 3


def test_after_a_relation_any_accepted_value_is_followed() -> None:
    environment = made("sequential(divisor, plus:n, divisor)")
    instance = {"start": 12, "2.k": 3}
    for first in (2, 3, 4, 6, 12):
        assert environment.score(instance, [first, first + 3, first + 3]) == 1
    assert environment.score(instance, [4, 5, 5]) == 1 / 3, "12 is divided by 4, and 7 was due"
    assert environment.score(instance, [5, 8, 2]) == 0
    assert environment.score(instance, [4, 7, 2]) == 2 / 3


def test_a_claim_that_the_next_step_does_not_admit_ends_the_prefix() -> None:
    environment = made("sequential(times:n, times:n, halve)")
    instance = {"start": 10**39, "1.k": 100, "2.k": 1}
    assert not environment.admits(instance)
    assert environment.score(instance, [10**41, 10**41, 5]) == 1 / 3


# Chained


@LAW
@given(chaineds(1), SEEDS)
def test_a_chain_asks_for_the_last_value_of_its_sequential(chained: Chained, seed: int) -> None:
    instance, answer = drawn(chained, seed)
    values = chained.chain.values({**instance, START: instance["x"]})
    assert answer == as_sent(values[-1])
    assert Sequential(chained.chain).score({**instance, START: instance["x"]}, as_sent(values)) == 1


@LAW
@given(chaineds(0), SEEDS)
def test_a_chain_of_chains_answers_as_the_flat_chain(chained: Chained, seed: int) -> None:
    chain = chained.chain
    instance, answer = drawn(chained, seed)
    assume(len(chain) > 2)
    nested = Chained(Chain((Link(Chained(Chain(chain.links[:-1])), "x"), chain.links[-1])))
    size = len(chain)
    moved = {f"1.{name}": v for name, v in instance.items() if name != "x" and not name.startswith(f"{size}.")}
    last = {f"2.{name}": v for name, v in held(instance, size).items()}
    assert nested.reference({"x": instance["x"], **moved, **last}) == answer


def test_a_chain_admits_what_each_step_admits_and_no_more() -> None:
    chained = made("chain(plus:n, digits)")
    assert chained.admits({"x": -5, "1.k": 5})
    assert not chained.admits({"x": -6, "1.k": 5})
    assert not made("chain(times:n, halve)").admits({"x": 10**40, "1.k": 2})


def test_what_the_last_step_tolerates_the_chain_tolerates() -> None:
    chained = made("chain(third, grow)")
    assert chained.score({"x": 30}, 11.0004) == 1
    assert chained.score({"x": 30}, 11.1) == 0
    assert made("chain(third, whole)").score({"x": 30}, 10.5) == 0


def test_a_chain_refuses_a_single_step_and_a_relation() -> None:
    with pytest.raises(TypeError, match="a chain of one step is that step; write plus:n"):
        Chained(Chain((Link(part("plus"), "n"),)))
    with pytest.raises(TypeError, match="divisor has several right answers; a step of chain"):
        Chained(Chain((Link(part("divisor"), "n"), Link(part("plus"), "n"))))


# Parallel

PARALLELS = [made(text) for text in SHELF if text.startswith("parallel")]


@pytest.mark.parametrize("environment", PARALLELS, ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_permuting_the_parts_permutes_instance_answers_and_text_and_nothing_else(
    environment: Parallel, seed: int
) -> None:
    instance, answer = drawn(environment, seed)
    count = len(environment.parts)
    order = Random(seed).sample(range(count), count)
    permuted = parallel([environment.parts[n] for n in order])
    moved = {f"{to}.{name}": v for to, n in enumerate(order, 1) for name, v in held(instance, n + 1).items()}
    assert permuted.signature.admits(moved)
    assert permuted.score(moved, [answer[n] for n in order]) == 1
    before, after = blocks(environment.pose(instance), count), blocks(permuted.pose(moved), count)
    assert after == [before[0], *(before[1:-1][n] for n in order), before[-1]]


def blocks(text: str, count: int) -> list[str]:
    """The lead, the problems without their numbers, and the last line."""
    lead, rest = text.split("\n\nProblem 1:", 1)
    found = [lead]
    for n in range(2, count + 1):
        problem, rest = rest.split(f"\n\nProblem {n}:", 1)
        found.append(problem)
    problem, last = rest.rsplit("\n\n", 1)
    return [*found, problem, last]


def test_the_reward_of_a_parallel_is_the_mean_of_its_parts() -> None:
    environment = made("parallel(halve, halve, sequential(halve, halve))")
    instance = {"1.n": 8, "2.n": 10, "3.start": 9}
    assert environment.score(instance, [4, 5, [4, 2]]) == 1
    assert environment.score(instance, [4, 6, [4, 3]]) == pytest.approx((1 + 0 + 1 / 2) / 3)


def test_a_parallel_of_functions_is_a_function() -> None:
    environment = made("parallel(halve, total)")
    assert isinstance(environment, Function)
    assert environment.solve({"1.n": 9, "2.xs": [1, 2]}) == [4, 3]
    assert str(made("sequential(parallel(halve, total):1.n, mirror)").signature.codomain) == (
        "tuple[tuple[int, int], list[int]]"
    )
    assert not isinstance(made("parallel(halve, divisor)"), Function)
    with pytest.raises(TypeError, match="divisor has several right answers"):
        Product((PARTS["divisor"],))


def test_a_parallel_needs_a_part() -> None:
    with pytest.raises(TypeError, match="at least one"):
        Parallel(())


@LAW
@given(SHELVED, SEEDS)
def test_the_types_are_those_of_the_parts(environment: Environment, seed: int) -> None:
    if isinstance(environment, Select):
        assert str(environment.signature.codomain) == "list[int]"
    if isinstance(environment, Sequential):
        gives = [link.gives for link in environment.chain.links]
        assert list(environment.signature.codomain.args) == gives
    if isinstance(environment, Chained):
        first, last = environment.chain.links[0], environment.chain.links[-1]
        assert environment.signature.domain["x"] == first.takes
        assert environment.signature.codomain == last.gives
    if isinstance(environment, Parallel):
        assert list(environment.signature.codomain.args) == [part.signature.codomain for part in environment.parts]
    instance, _ = drawn(environment, seed)
    assert instance.keys() == environment.signature.domain.keys()
    assert canonical(instance) == canonical(as_sent(instance))


def test_a_whole_number_given_for_a_float_is_one() -> None:
    assert repr(part("whole").reference({"v": 7.5})) == "7.0"
    assert made("sort(whole)").score({"start": 7.5, "end": 7.0, "shown": [1]}, [1]) == 1
