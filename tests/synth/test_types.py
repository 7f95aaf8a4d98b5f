"""Types as sets of values: membership, inclusion, spelling, shape, schema. Not how answers are read."""

import ast
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.program import ContractError, read
from synth.types import Type, as_json, canonical, from_ast, parse
from synth.values import draw

ATOMS = st.sampled_from([Type(name) for name in ("bool", "int", "float", "str")])
TYPES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda t: Type("list", (t,))),
        inner.map(lambda t: Type("dict", (Type("str"), t))),
        st.lists(inner, min_size=1, max_size=3).map(lambda ts: Type("tuple", tuple(ts))),
    ),
    max_leaves=6,
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.just(10**400))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(), st.just("\ud800")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(st.text(), st.integers()), inner, max_size=3),
    ),
    max_leaves=6,
)
SEEDS = st.integers(0, 2**32)


def widened(t: Type) -> st.SearchStrategy[Type]:
    """Types that hold every value of ``t``, often others than ``t`` itself."""
    if not t.args:
        return st.just(t)
    args = st.tuples(*map(widened, t.args)).map(lambda args: Type(t.head, args))
    alike = t.head == "tuple" and len(set(t.args)) == 1
    return args | widened(t.args[0]).map(lambda s: Type("list", (s,))) if alike else args


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """As much of JSON Schema as types use, with one difference: 1.0 is no integer here."""
    match schema["type"]:
        case "array" if "prefixItems" in schema:
            items = schema["prefixItems"]
            long_enough = isinstance(value, list) and schema["minItems"] <= len(value) <= len(items)
            return long_enough and all(map(accepts, items, value))
        case "array":
            return isinstance(value, list) and all(accepts(schema["items"], v) for v in value)
        case "object":
            held = schema["additionalProperties"]
            return isinstance(value, dict) and all(accepts(held, v) for v in value.values())
        case atom:
            kinds: dict[str, tuple[type, ...]] = {
                "boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,)
            }  # fmt: skip
            return type(value) in kinds[atom]


@given(TYPES)
def test_parse_is_the_inverse_of_str(t: Type) -> None:
    assert parse(str(t)) == t


@given(TYPES, TYPES, TYPES)
def test_inclusion_is_a_partial_order(s: Type, t: Type, u: Type) -> None:
    assert s <= s
    assert not (s <= t and t <= s) or s == t
    assert not (s <= t and t <= u) or s <= u


@given(st.data(), TYPES, SEEDS)
def test_what_is_included_has_only_values_of_what_includes_it(data: st.DataObject, s: Type, seed: int) -> None:
    t = data.draw(widened(s))
    u = data.draw(widened(t))
    assert s <= t <= u
    assert s <= u
    value = draw(s, Random(seed))
    assert value in s
    assert value in t
    assert value in u


@given(TYPES, TYPES, SEEDS)
def test_inclusion_is_never_claimed_where_a_value_shows_otherwise(s: Type, t: Type, seed: int) -> None:
    assert not s <= t or draw(s, Random(seed)) in t


def same_but_for_floats(t: Type, before: Any, after: Any) -> bool:
    """Whether ``after`` is ``before`` in the promised shape, each number of a float field as a float."""
    match t.head:
        case "float":
            return type(after) is float and after == float(before)
        case "tuple":
            return type(after) is tuple and all(map(same_but_for_floats, t.args, before, after))
        case "list":
            pairs = zip(before, after, strict=True)
            return type(after) is list and all(same_but_for_floats(t.args[0], b, a) for b, a in pairs)
        case "dict":
            return before.keys() == after.keys() and all(
                same_but_for_floats(t.args[1], before[k], after[k]) for k in after
            )
        case _:
            return type(after) is type(before) and bool(after == before)


@given(TYPES, SEEDS)
def test_a_shaped_value_is_the_same_value_with_tuples_and_floats_where_promised(t: Type, seed: int) -> None:
    value = draw(t, Random(seed))
    shaped = t.shaped(value)
    assert shaped in t
    assert same_but_for_floats(t, value, shaped)
    if "float" not in str(t):
        assert canonical(shaped) == canonical(value)


def test_an_int_given_for_a_float_becomes_one_and_a_float_never_an_int() -> None:
    assert parse("dict[str, tuple[float, int]]").shaped({"a": [1, 1]}) == {"a": (1.0, 1)}
    assert type(parse("float").shaped(1)) is float
    assert 1.0 not in parse("int")


@given(TYPES, SEEDS)
def test_a_value_survives_json(t: Type, seed: int) -> None:
    value = draw(t, Random(seed))
    assert json.loads(as_json(value)) == value
    assert "\n" not in as_json(value)
    assert canonical(json.loads(as_json(value))) == canonical(value)


@given(TYPES, VALUES, SEEDS)
def test_a_schema_accepts_what_membership_accepts(t: Type, other: Any, seed: int) -> None:
    assert accepts(t.schema(), draw(t, Random(seed)))
    assert other not in t or accepts(t.schema(), as_lists(other))


def as_lists(value: Any) -> Any:
    match value:
        case list() | tuple():
            return [as_lists(v) for v in value]
        case dict():
            return {k: as_lists(v) for k, v in value.items()}
        case _:
            return value


@pytest.mark.parametrize(
    ("value", "t"),
    [
        (True, "int"),
        (False, "float"),
        (1, "bool"),
        (1.0, "int"),
        (float("nan"), "float"),
        (float("inf"), "float"),
        (10**400, "float"),
        (None, "str"),
        ("\ud800", "str"),
        ({"\udfff": 1}, "dict[str, int]"),
        ({1: 1}, "dict[str, int]"),
        ([1, 2, 3], "tuple[int, int]"),
        ([[1], [True]], "list[list[int]]"),
        ({1}, "list[int]"),
        ("ab", "list[str]"),
    ],
)
def test_what_is_no_member(value: Any, t: str) -> None:
    assert value not in parse(t)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Any", "use bool, int"),
        ("Optional[int]", "use bool, int"),
        ("int | None", "use bool, int"),
        ("set[int]", "use bool, int"),
        ("list", "list[int]"),
        ("Dict", "dict[str, int]"),
        ("tuple[int, ...]", "write list[...]"),
        ("tuple[()]", "use bool, int"),
        ("list[int, int]", "use bool, int"),
        ("dict[int, str]", "write dict[str, ...]"),
        ("'int'", "without quotes"),
        ("list['int']", "without quotes"),
        ("", "write one such as list[int]"),
        ("list[int", "write one such as list[int]"),
        ("int; int", "write one such as list[int]"),
        ("\0", "write one such as list[int]"),
        ("[" * 500, "write one such as list[int]"),
        ("list[" * 90 + "int" + "]" * 90, "flatter"),
        ("int|" * 2900 + "int", "write one such as list[int]"),
        (f"tuple[{'int, ' * 5000}int]", "at most 100 parts"),
        ("print('run')", "use bool, int"),
    ],
)
def test_what_is_no_type_says_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(TypeError) as caught:
        parse(text)
    assert advice in str(caught.value)
    assert len(str(caught.value)) < 300


def test_names_that_double_a_type_line_by_line_are_refused_at_once() -> None:
    lines = ["A0 = tuple[int, int]", *(f"A{i + 1} = tuple[A{i}, A{i}]" for i in range(6))]
    tree = ast.parse("\n".join(lines))
    aliases = {
        s.targets[0].id: s.value for s in tree.body if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name)
    }
    assert from_ast(ast.parse("A4", mode="eval").body, aliases).parts == 63
    with pytest.raises(TypeError, match="more than 100 parts"):
        from_ast(ast.parse("A6", mode="eval").body, aliases)


def test_a_long_chain_of_names_or_a_ring_of_them_is_refused() -> None:
    chain = "A0 = int\n" + "".join(f"A{i + 1} = A{i}\n" for i in range(3000))
    ring = "A = list[B]\nB = list[A]\n"
    for head, name in ((chain, "A3000"), (ring, "A")):
        with pytest.raises(ContractError, match=r"not a type|too deeply"):
            read(f"{head}def verify(xs: {name}, answer: int) -> bool: return True\n")
