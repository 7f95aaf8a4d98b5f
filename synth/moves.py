"""One random step from a value of a type to another, by kinds that a search can choose among.

Where ``values.near_misses`` lists a few steps from a right answer, these can be taken again and again, from anywhere,
and borrow what an instance holds. What comes out is a member of the type, except that a text or a list may have become
longer, and an integer larger, than an instance may be: ``fits`` tells. Whether it is wrong is not known here.

>>> from synth.types import parse
>>> move(parse("list[int]"), [4, 5], "items swapped", lambda t: [], Random(0))
[5, 4]
>>> kinds(parse("bool"))
('flipped',)
"""

from collections.abc import Callable, Sequence
from math import gcd, isfinite
from random import Random
from typing import Any

from synth.contract import INSTANCE_BYTES, INTEGER_DIGITS
from synth.types import Type, canonical
from synth.values import LETTERS, draw, odd

Own = Callable[[Type], Sequence[Any]]
"""The values of a type that may be borrowed: those that an instance holds, and the like."""

Move = Callable[[Type, Any, Own, Random], Any]

LONGEST = 20_000  # characters of a text or items of a list that a step makes


def kinds(t: Type) -> tuple[str, ...]:
    """The kinds of steps from a member of ``t``."""
    return tuple(MOVES[t.head])


def move(t: Type, value: Any, kind: str, own: Own, rng: Random) -> Any:
    """A step of that kind from ``value``; the value itself where such a step cannot be taken from it."""
    if t.head != "float":
        return MOVES[t.head][kind](t, value, own, rng)
    made = MOVES["float"][kind](t, float(value), own, rng)
    return made if isfinite(made) else value


def fits(value: Any) -> bool:
    """Whether a value is within the contract's sizes."""
    return not _huge(value) and len(canonical(value)) <= INSTANCE_BYTES


def _huge(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_huge, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_huge, value))
    return type(value) is int and abs(value) >= 10**INTEGER_DIGITS


def _any(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """A step of any kind."""
    return move(t, value, rng.choice(kinds(t)), own, rng)


def _borrowed(t: Type, value: Any, own: Own, rng: Random) -> Any:
    return rng.choice(held) if (held := own(t)) else value


def _edge(t: Type, value: Any, own: Own, rng: Random) -> Any:
    return rng.choice(odd(t))


def _sum(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """A borrowed number more or less: also another name that Python has for the same place of a list."""
    return value + rng.choice((-1, 1)) * _borrowed(t, 0, own, rng)


def _digits(t: Type, value: int, own: Own, rng: Random) -> int:
    text = str(abs(value))
    turned = text[::-1] if rng.random() < 0.5 else text[:-1] or "0"
    return int(turned) * (-1 if value < 0 else 1)


def _nudged(t: Type, value: float, own: Own, rng: Random) -> float:
    """Off by a power of ten, of the value or as such."""
    size = rng.choice((-1, 1)) * 10.0 ** -rng.randint(1, 12)
    return value * (1 + size) if rng.random() < 0.5 else value + size


def _piece(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """An item or a text to put in: borrowed, one that is there already, or drawn."""
    source = rng.randrange(3)
    if t.head == "str":
        held = own(t) if source == 0 else value
        return rng.choice(held) if held else rng.choice(LETTERS)
    held = own(t.args[0]) if source == 0 else value if source == 1 else ()
    return rng.choice(held) if held else draw(t.args[0], rng)


def _put(value: Any, place: int, piece: Any, instead: int) -> Any:
    """A text or a list with a piece put in a place, instead of so many items."""
    return value[:place] + (piece if isinstance(value, str) else [piece]) + value[place + instead :]


def _added(t: Type, value: Any, own: Own, rng: Random) -> Any:
    return _put(value, rng.choice((0, len(value), rng.randint(0, len(value)))), _piece(t, value, own, rng), 0)


def _twice(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """A piece put in twice, side by side: what undoes itself, or is a step and the step back."""
    place, piece = rng.choice((0, len(value), rng.randint(0, len(value)))), _piece(t, value, own, rng)
    return _put(_put(value, place, piece, 0), place, piece, 0)


def _replaced(t: Type, value: Any, own: Own, rng: Random) -> Any:
    return _put(value, rng.randrange(len(value)), _piece(t, value, own, rng), 1) if value else value


def _dropped(t: Type, value: Any, own: Own, rng: Random) -> Any:
    start = rng.randint(0, len(value))
    return value[:start] + value[start + rng.choice((1, 1, 2, 3)) :]


def _cut(t: Type, value: Any, own: Own, rng: Random) -> Any:
    place = rng.randint(0, len(value))
    return value[:place] if rng.random() < 0.5 else value[place:]


def _stretch(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """A stretch said again, taken elsewhere or turned round."""
    start, end = sorted((rng.randint(0, len(value)), rng.randint(0, len(value))))
    before, part, after = value[:start], value[start:end], value[end:]
    return rng.choice((before + part + part + after, before + after + part, before + part[::-1] + after))


def _swapped(t: Type, value: Any, own: Own, rng: Random) -> Any:
    if len(value) < 2:
        return value
    i, j = sorted(rng.sample(range(len(value)), 2))
    return value[:i] + value[j : j + 1] + value[i + 1 : j] + value[i : i + 1] + value[j + 1 :]


def _copied(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """One item in another's place, so that it is there twice."""
    if len(value) < 2:
        return value
    i, j = rng.sample(range(len(value)), 2)
    return value[:i] + value[j : j + 1] + value[i + 1 :]


def _repeated(t: Type, value: Any, own: Own, rng: Random) -> Any:
    times = rng.choice((2, 3, 10, 100))
    return value * times if len(value) * times <= LONGEST else value


def _ordered(t: Type, value: Any, own: Own, rng: Random) -> Any:
    try:
        items = sorted(value, reverse=rng.random() < 0.3)
    except TypeError:  # objects have no order
        return value
    return "".join(items) if t.head == "str" else items


def _changed(t: Type, value: list[Any], own: Own, rng: Random) -> list[Any]:
    """One item, or one part of a tuple, changed by a step of its own."""
    if not value:
        return value
    i = rng.choice((0, len(value) - 1, rng.randrange(len(value))))
    item = t.args[0] if t.head == "list" else t.args[i]
    return [*value[:i], _any(item, value[i], own, rng), *value[i + 1 :]]


def _exchanged(t: Type, value: list[Any], own: Own, rng: Random) -> list[Any]:
    """Two items changed against each other, so that their sum, a weighted one, or all that they hold may stay."""
    if len(value) < 2:
        return value
    i, j = rng.sample(range(len(value)), 2)
    made = list(value)
    if type(value[i]) is int and type(value[j]) is int:
        more, less = _weights(len(value), i, j, own, rng)
        made[i], made[j] = value[i] + more, value[j] - less
    elif isinstance(value[i], list) and value[i] and t.head == "list" and t.args[0].head == "list":
        made[i], made[j] = value[i][:-1], [*value[j], value[i][-1]]
    return made


def _weights(size: int, i: int, j: int, own: Own, rng: Random) -> tuple[int, int]:
    """By how much two items change: alike, or against what a list of the instance, or two numbers, weigh them with."""
    if (way := rng.randrange(3)) == 0:
        return (more := rng.choice((1, 1, 2, 10)), more)
    lists = [weights for weights in own(Type("list", (Type("int"),))) if len(weights) == size]
    if way == 1 and lists:
        weights = rng.choice(lists)
        one, other = weights[i], weights[j]
    else:
        numbers = own(Type("int")) or [1]
        one, other = rng.choice(numbers), rng.choice(numbers)
    shared = gcd(one, other) or 1
    return other // shared, one // shared


def _renamed(t: Type, value: Any, own: Own, rng: Random) -> Any:
    """One item made another wherever it stands."""
    if not value:
        return value
    old, new = rng.choice(value), _piece(t, value, own, rng)
    if t.head == "str":
        return value.replace(old, new)
    return [new if item == old else item for item in value]


def _as_tuple(step: Move) -> Move:
    """The step of a list, taken with two parts of a tuple that are of one type."""

    def parts(t: Type, value: list[Any], own: Own, rng: Random) -> list[Any]:
        alike = [i for i, item in enumerate(t.args) if t.args.count(item) > 1]
        if not alike:
            return value
        first = rng.choice(alike)
        places = [i for i in alike if t.args[i] == t.args[first]]
        items = step(Type("list", (t.args[first],)), [value[i] for i in places], own, rng)
        made = list(value)
        for i, item in zip(places, items, strict=True):
            made[i] = item
        return made

    return parts


def _key(value: dict[str, Any], rng: Random) -> str:
    return rng.choice(sorted(value))


def _new_key(t: Type, value: dict[str, Any], own: Own, rng: Random) -> str:
    keys: list[str] = [*own(Type("str")), "", "a", "zzz", *(f"{key} " for key in sorted(value))]
    return rng.choice(keys)


def _value_changed(t: Type, value: dict[str, Any], own: Own, rng: Random) -> dict[str, Any]:
    return {**value, (key := _key(value, rng)): _any(t.args[1], value[key], own, rng)} if value else value


def _key_dropped(t: Type, value: dict[str, Any], own: Own, rng: Random) -> dict[str, Any]:
    key = _key(value, rng) if value else ""
    return {k: v for k, v in value.items() if k != key}


def _key_added(t: Type, value: dict[str, Any], own: Own, rng: Random) -> dict[str, Any]:
    held = value[_key(value, rng)] if value and rng.random() < 0.5 else draw(t.args[1], rng)
    return {**value, _new_key(t, value, own, rng): held}


def _key_renamed(t: Type, value: dict[str, Any], own: Own, rng: Random) -> dict[str, Any]:
    if not value:
        return value
    old, new = _key(value, rng), _new_key(t, value, own, rng)
    return {new if key == old else key: held for key, held in value.items()}


def _values_swapped(t: Type, value: dict[str, Any], own: Own, rng: Random) -> dict[str, Any]:
    if len(value) < 2:
        return value
    one, other = rng.sample(sorted(value), 2)
    return {**value, one: value[other], other: value[one]}


def _case(t: Type, value: str, own: Own, rng: Random) -> str:
    if rng.random() < 0.5 or not value:
        return rng.choice((value.swapcase(), value.upper(), value.lower()))
    i = rng.randrange(len(value))
    return value[:i] + value[i].swapcase() + value[i + 1 :]


def _spaced(t: Type, value: str, own: Own, rng: Random) -> str:
    i = rng.choice((0, len(value), rng.randint(0, len(value))))
    return rng.choice((value[:i] + rng.choice(" \n\t") + value[i:], "".join(value.split()), value.strip()))


def _numeral(t: Type, value: str, own: Own, rng: Random) -> str:
    """Another numeral in the place of one, or the same number written otherwise."""
    if not (value.isascii() and value.isdigit() and len(value) < INTEGER_DIGITS):
        return rng.choice((f"0{value}", f"+{value}", f"{value}.0"))
    return rng.choice((f"0{value}", f"{value}.0", str(int(value) + 1), str(int(value) - 1), f"-{value}"))


def _each_once(t: Type, value: Any, own: Own, rng: Random) -> Any:
    items = [*{canonical(item): item for item in value}.values()]
    return "".join(items) if t.head == "str" else items


ANY_SEQUENCE: dict[str, Move] = {
    "added": _added,
    "added twice": _twice,
    "replaced": _replaced,
    "dropped": _dropped,
    "cut": _cut,
    "stretch": _stretch,
    "items swapped": _swapped,
    "copied": _copied,
    "renamed": _renamed,
    "each once": _each_once,
    "repeated": _repeated,
    "reversed": lambda t, value, own, rng: value[::-1],
    "rotated": lambda t, value, own, rng: value[1:] + value[:1],
    "sorted": _ordered,
    "borrowed": _borrowed,
    "edge": _edge,
}
MOVES: dict[str, dict[str, Move]] = {
    "bool": {"flipped": lambda t, value, own, rng: not value},
    "int": {
        "off by one": lambda t, value, own, rng: value + rng.choice((-1, 1)),
        "off by more": lambda t, value, own, rng: value + rng.choice((-1, 1)) * rng.randint(2, 10 ** rng.randint(1, 4)),
        "sign": lambda t, value, own, rng: -value,
        "scaled": lambda t, value, own, rng: rng.choice((2 * value, 3 * value, 10 * value, value // 2, value // 10)),
        "digits": _digits,
        "borrowed": _borrowed,
        "borrowed, added": _sum,
        "edge": _edge,
    },
    "float": {
        "nudged": _nudged,
        "off by one": lambda t, value, own, rng: value + rng.choice((-1, 1)),
        "scaled": lambda t, value, own, rng: value * rng.choice((0.5, 1.5, 2.0, 10.0, 0.1, 100.0)),
        "rounded": lambda t, value, own, rng: round(value, rng.randint(0, 6)),
        "sign": lambda t, value, own, rng: -value,
        "borrowed": _borrowed,
        "edge": _edge,
    },
    "str": {**ANY_SEQUENCE, "case": _case, "white space": _spaced, "numeral": _numeral},
    "list": {**ANY_SEQUENCE, "item changed": _changed, "items exchanged": _exchanged},
    "tuple": {
        "item changed": _changed,
        "items swapped": _as_tuple(_swapped),
        "copied": _as_tuple(_copied),
        "items exchanged": _as_tuple(_exchanged),
        "borrowed": _borrowed,
        "edge": _edge,
    },
    "dict": {
        "value changed": _value_changed,
        "key dropped": _key_dropped,
        "key added": _key_added,
        "key renamed": _key_renamed,
        "values swapped": _values_swapped,
        "borrowed": _borrowed,
        "edge": _edge,
    },
}  # fmt: skip
"""How each kind of step is taken, by the head of the type."""
