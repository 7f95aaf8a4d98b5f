"""Terms: what is printed is read back as the same composite, and a bad term is pointed at."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.compose.chain import Link
from synth.compose.control import Loop
from synth.compose.operators import Sequential
from synth.compose.term import MOST_DEPTH, OPERATORS, TermError, parse
from synth.environment import Environment
from tests.synth.compose.conftest import LAW, NESTED, PARTS, SEEDS, SHELF, SHELVED, drawn, made


@pytest.mark.parametrize("text", SHELF)
def test_the_shelf_prints_as_it_is_written(text: str) -> None:
    assert str(made(text)) == text


@LAW
@given(SHELVED)
def test_a_printed_composite_is_read_back(environment: Environment) -> None:
    assert made(str(environment)) == environment


@LAW
@given(SHELVED, SEEDS)
def test_a_term_with_a_seed_names_one_instance(environment: Environment, seed: int) -> None:
    again = made(str(environment))
    instance, answer = drawn(environment, seed)
    assert drawn(again, seed) == (instance, answer)
    assert again.pose(instance) == environment.pose(instance)


@LAW
@given(st.sampled_from(SHELF), st.data())
def test_white_space_between_the_marks_means_nothing(text: str, data: st.DataObject) -> None:
    spaces = st.text(" \t\n", max_size=2)
    tokens = re.findall(r"[a-z0-9_.]+|[(),:;]", text)
    spread = ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        needed = " " if before[-1:].isalnum() and token[0].isalnum() else ""  # between until and its condition
        spread += needed + data.draw(spaces) + token
    assert made(spread + data.draw(spaces)) == made(text)


def test_a_base_environment_is_a_term() -> None:
    assert made(" pick_sum ") is PARTS["pick_sum"]


def test_fields_of_composites_are_opened_by_their_own_names() -> None:
    term = made("sequential(loop(rotate:xs):x, loop(rotate:xs):x)")
    assert isinstance(term, Sequential)
    assert [link.into for link in term.chain.links] == ["x", "x"]
    inner = made("sequential(halve, branch(even, plus:n, loop(plus:n):x):2.1.k)")
    assert isinstance(inner, Sequential)
    assert inner.chain.links[1].into == "2.1.k"
    assert "2.2.times" in inner.chain.domain
    assert made(str(inner)) == inner


def test_a_field_may_be_left_out_where_there_is_one_and_is_not_printed() -> None:
    assert made("loop(mirror:xs)") == made("loop(mirror)")
    assert str(made("loop(mirror:xs)")) == "loop(mirror)"


@pytest.mark.parametrize("name", ["until", "loop", "sequential", "even"])
def test_an_environment_may_be_named_as_a_word_of_the_grammar(name: str) -> None:
    def part(wanted: str) -> Environment:
        return {name: PARTS["halve"]}[wanted]

    assert parse(name, part) is PARTS["halve"]
    halve = Link(PARTS["halve"], "n")  # type: ignore[arg-type]
    for text in (f"loop({name})", f"loop( {name} : n )"):
        assert parse(text, part) == Loop(halve)
    if name == "until":
        assert str(parse("loop(until even, until)", part)) == "loop(until even, halve)"


BAD = [
    # the term, what is said, the character pointed at
    ("", "a name should stand here, not the end", 1),
    ("   ", "a name should stand here, not the end", 4),
    (")", "a name should stand here, not ')'", 1),
    ("Total", "'T' cannot stand in a term", 1),
    ("parallel(total, to-tal)", "'-' cannot stand in a term", 19),
    ("parallel(total,\u00a0halve)", "'\\xa0' cannot stand in a term", 16),
    ("parallel(t\u00f6tal)", "'ö' cannot stand in a term", 11),
    ("missing", "there is no environment named missing", 1),
    ("parallel(total, missing)", "there is no environment named missing", 17),
    ("sequentiel(total)", f"there is no operator sequentiel; there are {', '.join(OPERATORS)}", 1),
    ("parallel(total, halve(total))", f"there is no operator halve; there are {', '.join(OPERATORS)}", 17),
    ("parallel(1.k)", "a name should stand here, not '1.k'", 10),
    ("parallel()", "a name should stand here, not ')'", 10),
    ("parallel(total", "',' or ')' should stand here, not the end", 15),
    ("parallel(total halve)", "',' or ')' should stand here, not 'halve'", 16),
    ("parallel(total,,halve)", "a name should stand here, not ','", 16),
    ("parallel(total,)", "a name should stand here, not ')'", 16),
    ("parallel(total; halve)", "',' or ')' should stand here, not ';'", 15),
    ("total)", "the term has ended before ')'", 6),
    ("parallel(total) halve", "the term has ended before 'halve'", 17),
    ("total:xs", "the term has ended before ':'", 6),
    ("sequential(total, halve", "',' or ')' should stand here, not the end", 24),
    ("sequential(total, plus)", "plus has several fields; write which one is opened, as in plus:n", 19),
    ("sequential(total, plus:m)", "plus has no field m; it takes (n: int, k: int) -> int", 24),
    ("sequential(total, plus:)", "plus has no field ); it takes (n: int, k: int) -> int", 24),
    ("sequential(total, halve:", "halve has no field ; it takes (n: int) -> int", 25),
    ("sequential(total, mirror)", "mirror takes list[int], but is given int by total", 19),
    ("sequential(total, halve, rotate:xs)", "rotate:xs takes list[int], but is given int by halve", 26),
    ("sequential(pick_sum:xs)", "pick_sum only checks answers; a link must compute its own", 12),
    ("sequential(parallel(pick_sum))", "parallel(pick_sum) only checks answers; a link must compute its own", 12),
    ("sequential(halve, sequential(halve))", "sequential(halve) only checks answers; a link must compute its own", 19),
    ("sort(halve, mirror)", "mirror takes list[int], but is given int by halve", 13),
    ("sort(halve, divisor)", "divisor has several right answers; a step of sort must have one", 13),
    ("select(halve, divisor; total)", "divisor has several right answers; a step of select must have one", 15),
    ("select(halve; total, divisor)", "divisor has several right answers; a step of select must have one", 22),
    ("select(halve; total; halve)", "',' or ')' should stand here, not ';'", 20),
    ("select(halve;)", "a name should stand here, not ')'", 14),
    ("sort(halve; total)", "',' or ')' should stand here, not ';'", 11),
    ("parallel(sort(" + ",".join(["halve"] * 8) + "))", "8 steps are too many to run in every order; at most 7", 10),
    ("chain()", "a name should stand here, not ')'", 7),
    ("chain(halve)", "a chain of one step is that step; write halve", 1),
    ("sequential(halve, chain(halve):x)", "a chain of one step is that step; write halve", 19),
    ("chain(halve, mirror)", "mirror takes list[int], but is given int by halve", 14),
    ("chain(halve; halve)", "',' or ')' should stand here, not ';'", 12),
    ("chain(halve, pick_sum)", "pick_sum only checks answers; a link must compute its own", 14),
    ("sequential(halve, chain(halve, halve):n)", "chain(halve, halve) has no field n; it takes (x: int) -> int", 39),
    ("branch(odd, halve, halve)", "there is no condition 'odd'; there are even, over, even_length, long, has", 8),
    ("branch()", "there is no condition ')'; there are even, over, even_length, long, has", 8),
    ("branch(", "there is no condition the end; there are even, over, even_length, long, has", 8),
    ("branch(even halve, halve)", "',' should stand here, not 'halve'", 13),
    ("branch(even, halve)", "',' should stand here, not ')'", 19),
    ("branch(even, halve, halve, halve)", "')' should stand here, not ','", 26),
    ("branch(even, mirror, mirror)", "even asks about int, but mirror takes list[int]", 14),
    ("branch(even, halve, digits)", "halve makes int of int, but digits makes list[int] of int", 21),
    ("branch(even, halve, divisor)", "divisor has several right answers; a step of branch must have one", 21),
    ("loop()", "a name should stand here, not ')'", 6),
    ("loop(halve, halve)", "')' should stand here, not ','", 11),
    ("loop(total)", "total makes int of list[int]; it cannot be repeated", 6),
    ("loop(divisor)", "divisor has several right answers; a step of loop must have one", 6),
    ("loop(until odd, halve)", "there is no condition 'odd'; there are even, over, even_length, long, has", 12),
    ("loop(until even halve)", "',' should stand here, not 'halve'", 17),
    ("loop(until long, halve)", "long asks about list, but halve takes int", 18),
    ("loop(until, halve)", "there is no environment named until", 6),
]


@pytest.mark.parametrize(("text", "said", "character"), BAD, ids=[text[:40] for text, _, _ in BAD])
def test_a_bad_term_gets_one_line_that_points_at_the_character(text: str, said: str, character: int) -> None:
    with pytest.raises(TermError) as caught:
        made(text)
    assert str(caught.value) == f"{said}: at character {character} of {text!r}"


@pytest.mark.parametrize(
    ("text", "character"),
    [("chain(halve, divisor)", 14), ("chain(divisor, plus:n)", 7), ("sequential(chain(divisor, plus:n):x)", 18)],
)
def test_a_relation_in_a_chain_is_pointed_at(text: str, character: int) -> None:
    with pytest.raises(TermError) as caught:
        made(text)
    said = "divisor has several right answers; a step of chain must have one"
    assert str(caught.value) == f"{said}: at character {character} of {text!r}"


def test_a_long_bad_term_is_shown_around_the_character() -> None:
    text = f"parallel({'total, ' * 1000}missing{', halve' * 1000})"
    at = text.index("missing")
    with pytest.raises(TermError) as caught:
        made(text)
    assert f"at character {at + 1} of '...{text[at - 60 : at]}missing" in str(caught.value)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_operators_nest_within_a_bound() -> None:
    def nested(depth: int) -> str:
        return "parallel(" * depth + "total" + ")" * depth

    assert str(made(nested(MOST_DEPTH))) == nested(MOST_DEPTH)
    with pytest.raises(TermError, match=f"operators nest at most {MOST_DEPTH} deep: at character 118 of"):
        made(nested(MOST_DEPTH + 1))
    with pytest.raises(TermError, match="operators nest at most"):
        made("loop(" * 100_000)


@LAW
@given(st.text("adehloprstv()(),:;. 1", max_size=40))
def test_whatever_is_written_is_read_or_pointed_at(text: str) -> None:
    said = complaint(text)
    found = re.search(r": at character (\d+) of ['\"]", said)
    if found:
        assert 1 <= int(found[1]) <= len(text) + 1
    else:
        assert said == ""
        assert made(str(made(text))) == made(text)


@LAW
@given(st.sampled_from([*NESTED.values()]), st.data())
def test_a_term_with_one_character_gone_is_read_or_pointed_at(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    assert "\n" not in complaint(text[:at] + text[at + 1 :])


def complaint(text: str) -> str:
    """What is said of a term that cannot be read; nothing where it can."""
    try:
        made(text)
    except TermError as error:
        return str(error)
    return ""
