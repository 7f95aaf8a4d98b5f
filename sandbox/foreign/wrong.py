"""Wrong answers to a question whose right answer is a text, and what shows that one is wrong.

All are made of the gym's own answer, of other entries' answers and of the question. A text that differs from the gym's
answer may still be right, since a text has many spellings and a task many answers; so ``disproof`` speaks only where
the two contradict each other on their face.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random

Miss = tuple[str, str]
"""The kind of an answer, and the answer."""

BLANK, JUNK, NUMBER, TOKENS, OTHERS, HEDGED, DENIED, QUESTION = (
    "blank",
    "junk",
    "another number",
    "tokens dropped, swapped or doubled",
    "another entry's answer",
    "two answers at once",
    "the answer denied",
    "the question itself",
)
FREE: tuple[str, ...] = (
    "junk",
    "0",
    "1",
    "-1",
    "None",
    "nan",
    "inf",
    "[]",
    "{}",
    "[[]]",
    "()",
    "null",
    '"',
    "((((",
    "1/0",
    "é中",
    "\\",
)
FREE += ("x" * 2000, "9" * 400, "[" * 200, "1e999", "1e999999999", "\0", "a,b", "{'a': 1}", "9**9**9")
JOINED = (" or ", "\n", ", ")
DIGITS = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
EXACT = re.compile(r"-?\d+(?:\.\d+)?|-?\d+/[1-9]\d*")


def wrong_answers(own: str, others: Sequence[str], question: str, rng: Random) -> list[Miss]:
    """Answers that are not ``own``, each once."""
    made = [*((BLANK, text) for text in ("", " ", "\n")), *((JUNK, text) for text in FREE)]
    made += [(NUMBER, text) for text in _numbers(own, rng)]
    made += [(TOKENS, text) for text in _tokens(own, rng)]
    for other in others:
        made += [(OTHERS, other), *((HEDGED, text) for both in hedges(own, other) for text in both)]
    made += [(QUESTION, question), (DENIED, f"It is not {own}")]
    seen = {own}
    kept = []
    for kind, text in made:
        if text not in seen:
            seen.add(text)
            kept.append((kind, text))
    return kept


def hedges(own: str, other: str) -> list[tuple[str, str]]:
    """Both answers in one text, and the same the other way round.

    A scorer that takes both ways has no rule as to which of the two was meant.
    """
    return [(f"{own}{mark}{other}", f"{other}{mark}{own}") for mark in JOINED]


def disproof(kind: str, own: str, given: str, others: Sequence[str]) -> str:
    """Why ``given`` cannot be right where ``own`` is; nothing where it could be.

    Decimals that are nearly equal may be the same number, rounded; what a text denies or adds may be read as noise.

    >>> disproof(NUMBER, "12", "13", [])
    '13 is another number than 12'
    >>> disproof(NUMBER, "0.333", "0.3333", []), disproof(TOKENS, "a b", "b a", [])
    ('', '')
    """
    if not given.strip() and own.strip():
        return "it says nothing"
    mine, theirs = number(own), number(given)
    if mine is not None and theirs is not None:
        return f"{given.strip()} is another number than {own.strip()}" if _apart(mine, theirs) else ""
    contradicting = [other for other in others if other in given and _exclude(own, other)]
    if kind == HEDGED and contradicting:
        return f"it names {contradicting[0]!r} as well as {own!r}"
    if kind in (JUNK, QUESTION) and own.strip() and not {*_words(own)} & {*_words(given)}:
        return f"it has no word of {own!r}"
    return ""


def number(text: str) -> Fraction | None:
    """The number that ``text`` is, and nothing else.

    >>> number(" 0.50 "), number("1/3"), number("1 2")
    (Fraction(1, 2), Fraction(1, 3), None)
    """
    found = EXACT.fullmatch(text.strip())
    return Fraction(found[0]) if found and len(found[0]) <= 300 else None


def _apart(a: Fraction, b: Fraction) -> bool:
    """Whether no rounding makes them the same: integers that differ, or numbers more than a hundredth apart."""
    return a != b and (a.denominator == b.denominator == 1 or abs(a - b) * 100 > max(abs(a), abs(b)))


def _exclude(a: str, b: str) -> bool:
    """Whether not both can be right, as of two numbers, or of yes and no."""
    first, second = number(a), number(b)
    if first is not None and second is not None:
        return _apart(first, second)
    return a.lower() != b.lower() and {a.lower(), b.lower()} <= {"true", "false", "yes", "no"}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _numbers(own: str, rng: Random) -> Iterator[str]:
    """``own`` with one of its numbers changed."""
    places = list(DIGITS.finditer(own))
    for found in rng.sample(places, min(3, len(places))):
        text = found[0]
        step = "0." + "0" * (len(text.partition(".")[2]) - 1) + "1" if "." in text else "1"
        value = Fraction(text)
        for changed in (value + Fraction(step), value - Fraction(step), -value, value * 10, value + 1000):
            yield own[: found.start()] + _written(changed, text) + own[found.end() :]


def _written(value: Fraction, like: str) -> str:
    places = len(like.partition(".")[2])
    scaled = round(value * 10**places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    return ("-" if scaled < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _tokens(own: str, rng: Random) -> Iterator[str]:
    """``own`` with one token dropped, doubled, or swapped with the next; and its first half."""
    for pattern in (r"\s+", r"\n", r","):
        marks = [match.span() for match in re.finditer(pattern, own.strip())]
        if not marks:
            continue
        starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(own.strip())]
        tokens = [own.strip()[a:b] for a, b in zip(starts, ends, strict=True)]
        gap = own.strip()[marks[0][0] : marks[0][1]]
        for at in rng.sample(range(len(tokens)), min(2, len(tokens))):
            yield gap.join(tokens[:at] + tokens[at + 1 :])
            yield gap.join(tokens[: at + 1] + tokens[at:])
        swaps = [n for n, (a, b) in enumerate(pairwise(tokens)) if a != b]
        for at in rng.sample(swaps, min(2, len(swaps))):
            yield gap.join([*tokens[:at], tokens[at + 1], tokens[at], *tokens[at + 2 :]])
        yield gap.join(tokens[: len(tokens) // 2])
    if len(own) > 1:
        yield own[1:]
        yield own[:-1]
        yield own[::-1]
