"""Frames between the two sides of the jail: a length, then strict JSON. Both sides use this file.

Nothing is ever unpickled. Strict means what JSON means and Python's ``json`` does not insist on: finite numbers,
keys that are text (``json.dumps`` would quietly turn ``{1: 2}`` into ``{"1": 2}``), no lone surrogates, and no
more than ``MAX_DEPTH`` levels. A frame says how long it is, so the reader refuses one that is too long unread.
"""

import itertools
import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 64
"""Levels of arrays and objects in one value."""

FRAME_BYTES = 16 << 20
"""The longest frame that either side reads. Senders stay below it; it stops a length that is a lie."""

READY = b"ready"
"""What a worker says once its layers are on: a death before it is the sandbox's failure, after it the program's."""

STATUS = struct.Struct("<Bi")
"""What the zygote tells of a worker: how it ended, or the error that kept it from starting."""

FORK_FAILED, ENDED = 0, 1

OUT_OF_MEMORY = 12
"""Exit status of a worker that had no memory left to say so."""

_HEADER = struct.Struct("<I")
_ATOMS = frozenset({str, int, float, bool, type(None)})
_ARRAYS = frozenset({list, tuple})
_TEXT = frozenset({str})
_PLAIN: dict[type, Callable[[Any], Any]] = {
    # These base-class methods cannot be overridden by a subclass of the program's own.
    bool: bool,
    int: int.__pos__,
    float: float.__pos__,
    str: str.__str__,
}


class NotJSON(ValueError):  # noqa: N818 - reads as what it says
    """A value that JSON cannot write, or bytes that are not strict JSON. The text completes "returned ..."."""


def encode(value: Any, depth: int = 0) -> str:
    """``value``, which stands at ``depth``, as JSON on one line; raises ``NotJSON`` with what is wrong with it.

    >>> encode({"xs": (1, 2.0)})
    '{"xs":[1,2.0]}'
    >>> encode({1: 2})
    Traceback (most recent call last):
    sandbox.frames.NotJSON: a dict with int keys; the keys of a JSON object are str
    """
    try:
        check(value, depth)
    except NotJSON:
        value = plain(value, depth)
    try:
        text = "".join(_write(value, 0))
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise NotJSON("text with a lone surrogate, which UTF-8 cannot write") from None
    except ValueError as error:  # the encoder's own words: NaN, or an int with too many digits
        if "digits" in str(error):
            raise NotJSON("an int with more digits than Python writes out (4300)") from None
        raise NotJSON("a float that is not finite (nan or inf), which JSON does not have") from None
    return text


def _unknown(value: Any) -> Any:
    raise NotJSON(f"a {type(value).__name__}, which is not a JSON value")


# What `json.JSONEncoder` makes anew for each value: with ensure_ascii and allow_nan off, and no check for circles.
_write = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, _unknown, json.encoder.encode_basestring, None, ":", ",", False, False, False
)


def check(value: Any, depth: int = 0) -> None:
    """Raise ``NotJSON`` unless ``value`` is built of exactly JSON's types and within ``MAX_DEPTH``.

    Containers of atoms, and arrays of such arrays, are checked at the speed of C. What an atom holds (a NaN, a lone
    surrogate) is the encoder's and the decoder's to judge.
    """
    kind = type(value)
    if kind in _ATOMS:
        return
    if kind is dict:
        if not _TEXT.issuperset(map(type, value)):
            raise NotJSON("a dict with a key that is not a str")
        value = value.values()
    elif kind is not list and kind is not tuple:
        raise NotJSON(f"a {kind.__name__}, which is not a JSON value")
    if depth >= MAX_DEPTH:
        raise NotJSON(f"a value nested deeper than {MAX_DEPTH} levels (or holding itself)")
    kinds = {*map(type, value)}
    if kinds <= _ARRAYS and depth + 1 < MAX_DEPTH:
        kinds = {*map(type, itertools.chain.from_iterable(value))}
    if kinds <= _ATOMS:
        return
    for item in value:
        if type(item) not in _ATOMS:
            check(item, depth + 1)


def plain(value: Any, depth: int = 0) -> Any:
    """``value`` with subclasses (``Counter``, ``IntEnum``, a named tuple) replaced by what they stand for in JSON."""
    for kind, convert in _PLAIN.items():
        if isinstance(value, kind):
            return convert(value)
    if value is None:
        return None
    if not isinstance(value, dict | list | tuple):
        raise NotJSON(f"a {type(value).__name__}, which is not a JSON value")
    if depth >= MAX_DEPTH:
        raise NotJSON(f"a value nested deeper than {MAX_DEPTH} levels (or holding itself)")
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in dict.items(value)}
    items = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
    return [plain(item, depth + 1) for item in items]


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotJSON(f"a dict with {type(key).__name__} keys; the keys of a JSON object are str")
    return str.__str__(key)


def decode(raw: bytes) -> Any:
    """The value that strict JSON in UTF-8 writes; raises ``NotJSON``. Its depth is left to ``check``."""
    try:
        text = raw.decode()
        if "\\u" in text and _SURROGATE.search(text):
            raise NotJSON("an escaped surrogate")
        return _DECODER.decode(text)
    except NotJSON:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJSON(f"not JSON: {str(error)[:100]}") from None


# Frames are written in UTF-8 unescaped, so an escaped surrogate, even one of a pair, was not written by `encode`.
_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")


def _finite(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    raise NotJSON(f"the number {text[:40]}, which no float can hold")


def _refuse(constant: str) -> Any:
    raise NotJSON(f"{constant}, which is not JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)


def frame(text: str) -> bytes:
    """``text`` with its length before it."""
    raw = text.encode()
    return _HEADER.pack(len(raw)) + raw


def receive(read: Callable[[int], bytes], most: int = FRAME_BYTES) -> bytes:
    """The next frame's bytes, from ``read(n)`` that gives between 1 and ``n`` bytes, or none at the end.

    Raises ``EOFError`` at the end, ``NotJSON`` for a frame longer than ``most`` bytes.
    """
    (length,) = _HEADER.unpack(exactly(read, _HEADER.size))
    if length > most:
        raise NotJSON(f"a frame of {length} bytes; at most {most} are read")
    return exactly(read, length)


def exactly(read: Callable[[int], bytes], count: int) -> bytes:
    """``count`` bytes; raises ``EOFError`` when there are no more."""
    first = read(min(count, 1 << 20)) if count else b""
    if len(first) == count:
        return first
    whole, part = bytearray(first), first  # not a list of parts: those may be of a byte each
    while len(whole) < count:
        if not part:
            raise EOFError("the other side is gone")
        part = read(min(count - len(whole), 1 << 20))
        whole += part
    return bytes(whole)
