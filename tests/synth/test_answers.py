"""Replies read as values: what an honest reply may look like, and what a hostile one must not do."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.answers import Reading, how_to_write, read_reply, words
from synth.contract import INSTANCE_BYTES, INTEGER_DIGITS
from synth.types import Type, as_json, as_text, parse
from synth.values import draw
from tests.synth.test_types import SEEDS, TYPES

TEXTS = st.text(max_size=30) | st.text("ab<>/answer\"'`\\ \n{}()[]", max_size=30)


def read(reply: str, t: str) -> Any:
    reading = read_reply(reply, parse(t))
    assert not reading.problem
    return reading.value


def refused(reply: str, t: str) -> str:
    reading = read_reply(reply, parse(t))
    assert reading.value is None
    assert reading.problem
    assert len(reading.problem) < 300
    assert "\n" not in reading.problem
    return reading.problem


@given(TYPES.filter(lambda t: t.head != "str"), SEEDS)
def test_what_is_written_as_json_or_as_python_is_read_back(t: Type, seed: int) -> None:
    value = draw(t, Random(seed))
    for written in (as_text(value), as_json(value), json.dumps(value, indent=2), repr(value), repr(t.shaped(value))):
        assert read_reply(f"It is {written}, so <answer>\n{written} </answer>.", t) == Reading(value)


@given(TEXTS)
def test_a_text_is_read_back_whatever_it_holds(text: str) -> None:
    assert read(f"So: <answer>{as_text(text)}</answer>", "str") == text


@given(st.lists(TEXTS, max_size=3))
def test_texts_in_a_list_are_read_back_whatever_they_hold(texts: list[str]) -> None:
    assert read(f"So: <answer>{as_text(texts)}</answer>", "list[str]") == texts


@given(TYPES)
def test_the_instruction_shows_an_answer_of_the_type(t: Type) -> None:
    told = how_to_write(t)
    assert words(t) in told
    reading = read_reply(told.rpartition("such as ")[2], t)
    assert reading.problem == ""
    assert reading.value in t


@pytest.mark.parametrize(
    ("reply", "t", "value"),
    [
        ("<answer>1</answer> no, <answer>2</answer>", "int", 2),
        ("<answer>1</answer> or <answer>2", "int", 1),
        ("<answer>1<answer>2</answer></answer>", "int", 2),
        ("<answer>Let me see. <answer>2</answer>", "int", 2),
        (r"so \boxed{7}", "int", 7),
        (r"\boxed{7} and \boxed{8}", "int", 8),
        (r"\boxed{7} and \boxed{8", "int", 7),
        (r"\boxed{\boxed{7}}", "int", 7),
        (r'} } \boxed{{"a": {"b": 1}}} {', "dict[str, dict[str, int]]", {"a": {"b": 1}}),
        (r"\boxed{1} <answer>2</answer> \boxed{3}", "int", 2),
        ("<answer>```json\n[1, 2]\n```</answer>", "list[int]", [1, 2]),
        ("<answer>```\r\n[1, 2]\r\n```</answer>", "list[int]", [1, 2]),
        ("<answer>(1, 'a')</answer>", "tuple[int, str]", [1, "a"]),
        ("<answer>1, 2</answer>", "list[int]", [1, 2]),
        ("<answer>TRUE</answer>", "bool", True),
        ("<answer>False</answer>", "bool", False),
        ("<answer>[True, False]</answer>", "list[bool]", [True, False]),
        ("<answer>-0</answer>", "int", 0),
        ("<answer>+7</answer>", "int", 7),
        ("<answer>7</answer>", "str", "7"),
        ("<answer>true</answer>", "str", "true"),
        ("<answer></answer>", "str", ""),
        ('<answer>"7"</answer>', "str", "7"),
        ("<answer>'it''s'</answer>", "str", "its"),
        ("<answer>it's</answer>", "str", "it's"),
        ("<answer>" + "(" * 99 + "</answer>", "str", "(" * 99),
        ('<answer>{"a": 1, "a": 2}</answer>', "dict[str, int]", {"a": 2}),
        (f"<answer>{10**INTEGER_DIGITS - 1}</answer>", "int", 10**INTEGER_DIGITS - 1),
        ("<answer>1</answer>", "float", 1),
        ("<answer>1e308</answer>", "float", 1e308),
        ("Text with \ud800 <answer>1</answer>", "int", 1),
    ],
)
def test_what_an_honest_reply_may_look_like(reply: str, t: str, value: Any) -> None:
    found = read(reply, t)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("written", "t"),
    [
        ("__import__('os').getpid()", "int"),
        ("2**10", "int"),
        ("1 if True else 2", "int"),
        ("len([1])", "int"),
        ("[x for x in (1, 2)]", "list[int]"),
        ("xs", "list[int]"),
        ("True", "int"),
        ("true", "float"),
        ("1.0", "int"),
        ("1", "bool"),
        ("yes", "bool"),
        ("1,000", "int"),
        ("NaN", "float"),
        ("nan", "float"),
        ("-Infinity", "float"),
        ("1e999", "float"),
        ("[1e999]", "list[float]"),
        ("1+2j", "float"),
        ("{1, 2}", "list[int]"),
        ("b'a'", "list[str]"),
        ("[1, 2", "list[int]"),
        ("None", "list[int]"),
        ("", "int"),
        (str(10**INTEGER_DIGITS), "int"),
        ("9" * 5000, "int"),
        ("0x" + "F" * 50_000, "int"),
        ("0x" + "F" * 50_000, "float"),
        ('["\\ud800"]', "list[str]"),
        ("\ud800", "str"),
        ("\ud800", "int"),
        ("\0", "int"),
        ("7\0", "int"),
        ("[" * 5000, "list[int]"),
        ("[" * 30 + "]" * 30, "list[int]"),
        ("{" * 33, "int"),
        ("-" * 60_000 + "1", "int"),
        ("1+" * 30_000 + "1", "int"),
        ("not " * 10_000 + "1", "bool"),
        ("f" + "()" * 30_000, "int"),
        ("x" * (INSTANCE_BYTES + 1), "str"),
        ("1" * 1_000_000, "int"),
    ],
)
def test_what_is_refused_and_never_evaluated(written: str, t: str) -> None:
    refused(f"<answer>{written}</answer>", t)


@pytest.mark.parametrize(
    "reply",
    [
        "<answer>" * 100_000,
        "<answer>x" * 100_000,
        "</answer>" * 100_000,
        "<answer>" * 50_000 + "</answer>" * 50_000 + "!",
        "<answer></answer>" * 50_000,
        "<" * 1_000_000,
        "<answer>```" + "\n" * 1_000_000 + "x</answer>",
        "<answer>```" + "\n" * 60_000 + "x</answer>",
        "<answer>```" + "x" * 60_000 + "</answer>",
        "<answer>" + "```\n" * 15_000 + "</answer>",
        r"\boxed{" * 100_000,
        r"\boxed{" * 100_000 + "}" * 99_999,
        r"\boxed{}" * 100_000,
        "{" * 1_000_000,
        "\\" * 1_000_000,
        "",
    ],
)
def test_a_reply_that_repeats_itself_is_read_in_one_pass(reply: str) -> None:
    """A quadratic reader would sit here for hours."""
    refused(reply, "int")


def test_a_problem_names_what_was_written_and_what_was_asked_for() -> None:
    assert refused("<answer>seven</answer>", "int") == "'seven' is not an integer"
    assert refused("It is 7.", "int") == r"no <answer>...</answer> block and no \boxed{...} in the reply"
    assert "a list of integers" in refused(f"<answer>[{'1, ' * 100}</answer>", "list[int]")
