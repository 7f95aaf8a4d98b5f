"""Frames: strict JSON both ways, and nothing believed about length, depth or numbers."""

import json
import random
from collections import Counter, OrderedDict, namedtuple
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import frames
from sandbox.frames import NotJSON, check, decode, encode, frame, receive

ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(ATOMS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def reader(raw: bytes, most: int = 1 << 20):
    """``read(n)`` over bytes that come in pieces of at most ``most``."""
    left = bytearray(raw)

    def read(count: int) -> bytes:
        piece = bytes(left[: min(count, most)])
        del left[: len(piece)]
        return piece

    return read


@given(VALUES)
def test_a_json_value_comes_back_as_it_went(value):
    assert decode(encode(value).encode()) == value


@given(VALUES)
def test_what_is_written_is_what_json_writes(value):
    assert encode(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_keeps_every_digit(number):
    assert repr(decode(encode([number]).encode())[0]) == repr(number)


def test_a_tuple_is_written_as_an_array():
    assert encode((1, ("a", [2]))) == '[1,["a",[2]]]'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1: 2}, "a dict with int keys"),
        ([{"a": {None: 1}}], "a dict with NoneType keys"),
        ({(0, 1): "a"}, "a dict with tuple keys"),
        ({1, 2}, "a set, which is not a JSON value"),
        ([[b"x"]], "a bytes, which is not a JSON value"),
        ({"a": object()}, "a object, which is not a JSON value"),
        (float("nan"), "not finite"),
        ([1.0, float("-inf")], "not finite"),
        ([10**5000], "digits"),
        ({"n": -(10**5000)}, "digits"),
        ("\ud800", "lone surrogate"),
        ({"\udfff": 1}, "lone surrogate"),
    ],
)
def test_what_json_cannot_write_is_named(value, words):
    with pytest.raises(NotJSON, match=words):
        encode(value)


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_sixty_four_levels_are_written_and_no_more():
    assert encode(nested(64)) == "[" * 64 + "]" * 64
    with pytest.raises(NotJSON, match="deeper than 64"):
        encode(nested(65))


@pytest.mark.parametrize("depth", [62, 63, 64, 65, 66])
def test_the_quick_look_at_arrays_of_arrays_counts_their_level_too(depth):
    value = [[1], [2]]
    for _ in range(depth - 2):
        value = [value, 0]
    if depth <= 64:
        check(value)
    else:
        with pytest.raises(NotJSON, match="deeper"):
            check(value)


def test_a_value_that_holds_itself_is_refused():
    circle: list = []
    circle.append(circle)
    with pytest.raises(NotJSON, match="holding itself"):
        encode(circle)


def test_subclasses_are_written_as_what_they_stand_for():
    point = namedtuple("point", "x y")
    colour = IntEnum("colour", "RED")
    word = StrEnum("word", ["HI"])
    value = {"c": Counter("aab"), "o": OrderedDict(k=1), "p": point(1, 2), "e": colour.RED, "w": word.HI}
    assert encode(value) == '{"c":{"a":2,"b":1},"o":{"k":1},"p":[1,2],"e":1,"w":"hi"}'


def test_a_subclass_is_read_past_its_own_methods():
    class Liar(dict):
        def items(self):
            return [("told", 1)]

        def __iter__(self):
            return iter(["told"])

    class Shouter(str):
        def __str__(self):
            return "LOUD"

    assert encode({"liar": Liar(held=2), "text": Shouter("low")}) == '{"liar":{"held":2},"text":"low"}'


@pytest.mark.parametrize(
    "raw",
    [
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"[-1e400]",
        b"1" + b"0" * 400 + b".0",
        b"1" * 5000,
        b'"\\ud800"',
        b'"\\ud83d\\ude00"',
        b'"\\\\\\uDFFF"',
        b"\xff\xfe",
        b"[1,",
        b"",
        b"{'a': 1}",
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_bytes_that_are_not_strict_json_are_refused(raw):
    with pytest.raises(NotJSON):
        decode(raw)


@pytest.mark.parametrize("text", ["\\ud800", "\\\\ud83d", "\\", "\u20ac", "\U0001f600", "\x00\x1f"])
def test_text_that_only_looks_like_an_escape_is_read(text):
    assert decode(encode(text).encode()) == text


def test_a_frame_is_read_however_it_is_cut():
    text = encode(["é" * 1000, *range(1000)])
    for most in (1, 3, 7, 4096):
        assert receive(reader(frame(text), most)) == text.encode()


def test_frames_follow_each_other():
    read = reader(frame("1") + frame("") + frame("[2]"))
    assert [receive(read), receive(read), receive(read)] == [b"1", b"", b"[2]"]


def test_a_frame_that_says_it_is_too_long_is_refused_unread():
    left = reader(b"\xff\xff\xff\xff" + b"x" * 10)
    with pytest.raises(NotJSON, match="4294967295 bytes"):
        receive(left)
    assert left(100) == b"x" * 10


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x05\x00\x00\x00abc"])
def test_a_frame_that_breaks_off_is_the_end(raw):
    with pytest.raises(EOFError):
        receive(reader(raw))


def test_random_bytes_are_refused_or_read_but_never_crash():
    rng = random.Random(0)
    for _ in range(2000):
        raw = rng.choice([rng.randbytes(20), bytes(rng.choices(b'[]{}",:0123456789eE.+-\\ud8nulltruefas', k=30))])
        try:
            check(decode(raw))
        except NotJSON:
            continue


def test_a_frame_that_a_sender_may_write_is_one_that_a_reader_takes():
    assert frames.FRAME_BYTES > 4 * (2 << 20) + 4 * (1 << 20)  # a slice and one more value, if all of it is emoji
