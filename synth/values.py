"""Values of a type that nobody asked for: random ones, odd ones, and near misses of a right answer.

They attack verifiers and feed programs; every value made here is a member of its type. Whether a near miss is
wrong is not known here: in a relation it may be another right answer.

>>> from synth.types import parse
>>> from random import Random
>>> near_misses(parse("int"), 7, Random(0))[:4]
[('off by one', 8), ('off by one', 6), ('sign', -7), ('zero', 0)]
"""

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from synth.contract import INSTANCE_BYTES, INTEGER_DIGITS
from synth.types import Type, canonical

HUGE = 10 ** (INTEGER_DIGITS - 1)
NUMERAL = re.compile(r"-?[0-9]{1,300}")
LETTERS = "abcdefghijklmnopqrstuvwxyz ABC019.,-é中"
MOST = INSTANCE_BYTES - 1_000
MOST_ITEMS = 3  # items of a container that near misses change; the first, the last and one between

Miss = tuple[str, Any]


def draw(t: Type, rng: Random, size: int = 4) -> Any:
    """A random member of ``t``; ``size`` bounds lengths and, in powers of ten, integers."""
    match t.head:
        case "bool":
            return rng.random() < 0.5
        case "int":
            return rng.choice([rng.randint(0, 9), rng.randint(-20, 100), rng.randint(-(10**size), 10**size)])
        case "float":
            return rng.choice([float(rng.randint(-9, 99)), rng.uniform(-1, 1), rng.uniform(-(10.0**size), 10.0**size)])
        case "str":
            return "".join(rng.choices(LETTERS, k=rng.randint(0, 2 * size)))
        case "list":
            return [draw(t.args[0], rng, size) for _ in range(rng.randint(0, size))]
        case "tuple":
            return [draw(item, rng, size) for item in t.args]
        case _:
            return {draw(t.args[0], rng, size): draw(t.args[1], rng, size) for _ in range(rng.randint(0, size))}


def odd(t: Type) -> list[Any]:
    """Members of ``t`` at its edges: defaults, empties, huge ones, and those that trip careless code."""
    match t.head:
        case "bool":
            return [False, True]
        case "int":
            return [0, 1, -1, 2, 10**6, -(10**6), HUGE, -HUGE]
        case "float":
            return [0.0, 1.0, -1.0, 0.5, 1e308, -1e308, 5e-324]
        case "str":
            return ["", " ", "a", "0", "-1", "é中", "\n", "None", "x" * 2000, "((((", "2024-02-30", "1/0"]
        case "list":
            items = odd(t.args[0])
            return [[], *([item] for item in items[:8]), items[:3], [items[0]] * 500, [items[0]] * 2]
        case "tuple":
            columns = [odd(item) for item in t.args]
            return [[column[i % len(column)] for column in columns] for i in range(max(map(len, columns)))]
        case _:
            return [{}, *({"a": item} for item in odd(t.args[1])[:8]), {"": odd(t.args[1])[0]}]


def huge(t: Type, value: Any) -> list[Any]:
    """Members of ``t`` about as large as an instance may be, made of a right answer; none where they cannot grow.

    >>> from synth.types import parse
    >>> [len(value) for value in huge(parse("list[int]"), [1, 2])]
    [25814, 32268]
    """
    match t.head:
        case "int":
            return [HUGE + value % 10, -HUGE]
        case "str":
            return [(value or "a") * (MOST // max(1, len(value))), "((" * (MOST // 2)]
        case "list":
            item = value[0] if value else odd(t.args[0])[0]
            times = MOST // len(canonical(value))
            return [value * times, [item] * (MOST // (1 + len(canonical(item))))]
        case "tuple":
            parts = [(i, large) for i, item in enumerate(t.args[:MOST_ITEMS]) for large in huge(item, value[i])[:1]]
            return [[*value[:i], large, *value[i + 1 :]] for i, large in parts]
        case "dict":
            held = next(iter(value.values()), odd(t.args[1])[0])
            return [{str(n): held for n in range(MOST // (10 + len(canonical(held))))}]
        case _:
            return []


def near_misses(t: Type, value: Any, rng: Random) -> list[Miss]:
    """Members of ``t`` that differ from ``value`` by one small step, each with the kind of step; no two the same."""
    value = json.loads(canonical(value))  # arrays as lists, so that == tells
    seen = {canonical(value)}
    kept = []
    for kind, miss in _steps(t, value, rng):
        if miss in t and miss != value and (text := canonical(miss)) not in seen:
            seen.add(text)
            kept.append((kind, miss))
    return kept


def _steps(t: Type, value: Any, rng: Random) -> Iterator[Miss]:
    match t.head:
        case "bool":
            yield "flipped", not value
        case "int":
            yield from (("off by one", value + 1), ("off by one", value - 1), ("sign", -value), ("zero", 0))
            yield from (("doubled", 2 * value), ("off by ten", value + 10), ("digits", _reversed_digits(value)))
        case "float":
            yield from (("scaled", 1.5 * value), ("sign", -value), ("off by one", value + 1), ("zero", 0.0))
        case "str":
            yield from _of_text(value, rng)
        case "list":
            yield from _of_list(t.args[0], list(value), rng)
        case "tuple":
            yield from _of_items(value, t.args, rng)
            yield from _swapped(t.args, value)
        case _:
            yield from _of_object(t.args[1], value, rng)


def _reversed_digits(value: int) -> int:
    return int(str(abs(value))[::-1]) * (-1 if value < 0 else 1)


def _of_text(value: str, rng: Random) -> Iterator[Miss]:
    yield from (("case", value.swapcase()), ("reversed", value[::-1]), ("empty", ""), ("doubled", value + value))
    yield "white space", f" {value}"
    if value:
        i = rng.randrange(len(value))
        yield from (("cut", value[:-1]), ("cut", value[1:]), ("dropped", value[:i] + value[i + 1 :]))
        yield "changed", value[:i] + ("b" if value[i] == "a" else "a") + value[i + 1 :]
    if len(value) > 1:
        yield "swapped", value[1] + value[0] + value[2:]
    if NUMERAL.fullmatch(value):
        yield "off by one", str(int(value) + 1)


def _of_list(item: Type, value: list[Any], rng: Random) -> Iterator[Miss]:
    yield from (("empty", []), ("reversed", value[::-1]))
    yield from (("appended", [*value, draw(item, rng)]), ("duplicated", [*value, *value[-1:]]))
    if value:
        yield from (("cut", value[:-1]), ("cut", value[1:]))
        yield from _of_items(value, (item,) * len(value), rng)
    if len(value) > 1:
        i = rng.randrange(len(value) - 1)
        yield "swapped", [*value[:i], value[i + 1], value[i], *value[i + 2 :]]
        yield "rotated", value[1:] + value[:1]
        try:
            yield "sorted", sorted(value)
        except TypeError:  # objects have no order
            return


def _of_items(value: Any, types: tuple[Type, ...], rng: Random) -> Iterator[Miss]:
    """One item changed by one step: the first, the last and one between."""
    places = sorted({0, len(value) - 1, rng.randrange(len(value))})[:MOST_ITEMS]
    for i in places:
        for kind, step in near_misses(types[i], value[i], rng)[:4]:
            yield f"item {kind}", [*value[:i], step, *value[i + 1 :]]


def _swapped(types: tuple[Type, ...], value: Any) -> Iterator[Miss]:
    for i in range(len(types) - 1):
        if types[i] == types[i + 1]:
            yield "swapped", [*value[:i], value[i + 1], value[i], *value[i + 2 :]]


def _of_object(held: Type, value: dict[str, Any], rng: Random) -> Iterator[Miss]:
    yield from (("empty", {}), ("appended", {**value, "zzz": draw(held, rng)}))
    for key in sorted(value)[:MOST_ITEMS]:
        rest = {k: v for k, v in value.items() if k != key}
        yield from (("dropped", rest), ("renamed", {**rest, f"{key}x": value[key]}))
        for kind, step in near_misses(held, value[key], rng)[:3]:
            yield f"item {kind}", {**value, key: step}


def floats(t: Type, value: Any, change: Callable[[float], float]) -> Any:
    """A member of ``t`` with each of its floats changed.

    >>> from synth.types import parse
    >>> floats(parse("tuple[int, float]"), [1, 0.5], lambda x: 2 * x)
    [1, 1.0]
    """
    match t.head:
        case "float":
            return change(float(value))
        case "list":
            return [floats(t.args[0], item, change) for item in value]
        case "tuple":
            return [floats(item, part, change) for item, part in zip(t.args, value, strict=True)]
        case "dict":
            return {key: floats(t.args[1], held, change) for key, held in value.items()}
        case _:
            return value


def differ(t: Type) -> Callable[[Any, Any], bool]:
    """How two answers of type ``t`` are told apart: exactly, or for floats by more than any stated tolerance.

    >>> from synth.types import parse
    >>> differ(parse("float"))(0.5, 0.51), differ(parse("int"))(1, 2)
    (False, True)
    """
    if "float" not in str(t):
        return lambda a, b: canonical(a) != canonical(b)
    return lambda a, b: not _close(t, a, b)


def _close(t: Type, a: Any, b: Any) -> bool:
    match t.head:
        case "float":
            return bool(abs(a - b) <= FLOAT_STEP * max(1.0, abs(a)))
        case "list":
            return len(a) == len(b) and all(_close(t.args[0], x, y) for x, y in zip(a, b, strict=True))
        case "tuple":
            return all(_close(item, x, y) for item, x, y in zip(t.args, a, b, strict=True))
        case "dict":
            return a.keys() == b.keys() and all(_close(t.args[1], a[k], b[k]) for k in a)
        case _:
            return bool(a == b)


FLOAT_STEP = 0.05  # statements grant tolerances up to a few hundredths; nearer than this is not called wrong
