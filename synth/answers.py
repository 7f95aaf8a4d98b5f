"""From a type, how an answer is written and how a reply is read: both ends of one convention.

An answer is read once, here, in trusted code; a generated verifier never sees raw text, it gets a value of
the codomain. Not a judge: a value that reads well may be wrong. Nothing is ever evaluated.

>>> from synth.types import parse
>>> read_reply("So it is <answer>[1, 2]</answer>.", parse("list[int]")).value
[1, 2]
>>> read_reply("It is 12.", parse("int")).problem
'no <answer>...</answer> block and no \\\\boxed{...} in the reply'
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from synth.contract import INSTANCE_BYTES, INTEGER_DIGITS
from synth.types import STR, Type, as_json

BLOCK = re.compile(r"<answer>((?:(?!<answer>).)*?)</answer>", re.DOTALL)
BRACE = re.compile(r"\\boxed\{|[{}]")
BRACKET = re.compile(r"[\[\](){}]")
FENCE = re.compile(r"\A```\w*[^\S\n]*\n(.*?)\n?```\Z", re.DOTALL)
MOST_DEPTH = 32  # of brackets; a deeper answer than any type that someone would write
LARGEST: int = 10**INTEGER_DIGITS
SINGULAR = {"bool": "true or false", "int": "an integer", "float": "a decimal number", "str": "a text"}
PLURAL = {"bool": "booleans (true or false)", "int": "integers", "float": "decimal numbers", "str": "texts"}


@dataclass(frozen=True)
class Reading:
    """A reply as a value of the type asked for, or the reason why it is none."""

    value: Any = None
    problem: str = ""


def how_to_write(t: Type) -> str:
    """The instruction that closes every prompt.

    >>> from synth.types import parse
    >>> print(how_to_write(parse("int")))
    Write the final answer inside <answer></answer>: an integer, such as <answer>7</answer>.
    """
    plain = "as it is, without quotes" if t.head == "str" else "" if not t.args else "in JSON"
    kind = ", ".join(filter(None, [words(t), plain]))
    return f"Write the final answer inside <answer></answer>: {kind}, such as <answer>{_shown(t)}</answer>."


def words(t: Type) -> str:
    """The type in words.

    >>> from synth.types import parse
    >>> words(parse("list[tuple[int, str]]"))
    'a list of lists of 2 items (an integer, a text)'
    """
    if t.head in SINGULAR:
        return SINGULAR[t.head]
    return f"{'an' if t.head == 'dict' else 'a'} {_container(t, '')}"


def _container(t: Type, plural: str) -> str:
    match t.head:
        case "list":
            return f"list{plural} of {_many(t.args[0])}"
        case "tuple":
            items = f"{len(t.args)} items" if len(t.args) > 1 else "1 item"
            return f"list{plural} of {items} ({', '.join(map(words, t.args))})"
        case _:
            return f"object{plural} whose values are {_many(t.args[1])}"


def _many(t: Type) -> str:
    return PLURAL[t.head] if t.head in PLURAL else _container(t, "s")


def _shown(t: Type) -> str:
    """An answer of the type, as a prompt shows one."""
    return "abc" if t.head == "str" else as_json(_sample(t))


def _sample(t: Type) -> Any:
    match t.head:
        case "list":
            return [_sample(t.args[0])] * (2 if t.args[0].args else 3)
        case "tuple":
            return [_sample(item) for item in t.args]
        case "dict":
            return {"a": _sample(t.args[1])}
        case atom:
            return {"bool": True, "int": 7, "float": 0.5, "str": "abc"}[atom]


def read_reply(reply: str, t: Type) -> Reading:
    """Read a model's reply: its last ``<answer>`` block, or else its last ``\\boxed{}``."""
    blocks = BLOCK.findall(reply)
    written = blocks[-1] if blocks else _boxed(reply)
    if written is None:
        return Reading(problem=r"no <answer>...</answer> block and no \boxed{...} in the reply")
    return read_value(written, t)


def _boxed(reply: str) -> str | None:
    """What stands in the last ``\\boxed{...}`` whose braces close."""
    opened: list[int] = []  # for each open brace where a box begins with it, -1 for any other
    start, end = -1, 0
    for brace in BRACE.finditer(reply):
        if brace[0] != "}":
            opened.append(-1 if brace[0] == "{" else brace.end())
        elif opened and (box := opened.pop()) > start:
            start, end = box, brace.start()
    return reply[start:end] if start >= 0 else None


def read_value(written: str, t: Type) -> Reading:
    """Read an answer as written: JSON, or a Python literal; for a ``str`` the text itself.

    >>> from synth.types import parse
    >>> read_value("(1, 2)", parse("tuple[int, int]")).value
    [1, 2]
    >>> read_value("1e999", parse("float")).problem
    "'1e999' is not a decimal number"
    """
    text = written.strip()
    if len(text) > INSTANCE_BYTES:
        return Reading(problem=f"an answer of {len(text)} characters is too large to read")
    if fenced := FENCE.match(text):
        text = fenced[1].strip()
    if t != STR and _depth(text) > MOST_DEPTH:
        return Reading(problem=f"an answer with {_depth(text)} brackets in one another is too deep to read")
    for value in _literals(text, t):
        if value in t and _within_digits(value):
            return Reading(value)
    return Reading(problem=f"{_cut(text)!r} is not {words(t)}")


def _literals(text: str, t: Type) -> Iterator[Any]:
    """The values that ``text`` may stand for, the likeliest first."""
    if t == STR and not (text[:1] in ("'", '"') and text[:1] == text[-1:]):
        yield text
        return
    if t.head == "bool":
        text = {"true": "true", "false": "false"}.get(text.lower(), text)
    for read in (_from_json, _from_python):
        try:
            value = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        yield value
    if t == STR:
        yield text


def _from_json(text: str) -> Any:
    return _DECODER.decode(text)


def _from_python(text: str) -> Any:
    """A Python literal, in the shape that JSON would have given it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of "3and 4", which is a reply and not our source
        return json.loads(json.dumps(ast.literal_eval(text), allow_nan=False))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _within_digits(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return all(map(_within_digits, value))
    return not isinstance(value, int) or -LARGEST < value < LARGEST


def _depth(text: str) -> int:
    depth = deepest = 0
    for c in BRACKET.findall(text):
        depth += (c in "[({") - (c in "])}")
        deepest = max(deepest, depth)
    return deepest


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]}..."
