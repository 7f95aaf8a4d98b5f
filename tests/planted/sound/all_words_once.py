"""All words once: write one text in which every word of a length occurs exactly once."""

from random import Random
from string import ascii_lowercase

SIZES = [(2, 2), (2, 3), (3, 2), (2, 4), (4, 2), (5, 2), (3, 3), (2, 5), (2, 6), (4, 3), (3, 4), (5, 3)]
STATEMENT = (
    "Write a text that uses no characters other than those in {letters} and has every word of the same length as "
    "{start} that can be made of them, exactly once among its stretches of neighbouring characters (these may "
    "overlap). A word may use a character several times. The text has to begin with {start} and be no longer than "
    "needed. Any such text counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    number, length = SIZES[min(difficulty - 1 + rng.randint(0, 2), len(SIZES) - 1)]
    letters = "".join(rng.sample(ascii_lowercase, number))
    return {"letters": letters, "start": "".join(rng.choice(letters) for _ in range(length))}


def example(letters: str, start: str) -> str:
    """Always append the last letter that makes a new word: this runs through all of them, and closes to a ring."""
    length = len(start)
    text = letters[0] * length
    seen = {text}
    while len(seen) < len(letters) ** length:
        tail = text[len(text) - length + 1 :]
        letter = next(letter for letter in reversed(letters) if tail + letter not in seen)
        seen.add(tail + letter)
        text += letter
    ring = text[: len(letters) ** length]
    turn = (ring + ring[: length - 1]).index(start) if len(ring) >= length else 0
    ring = ring[turn:] + ring[:turn]
    return (ring * length)[: len(ring) + length - 1]


def verify(letters: str, start: str, answer: str) -> float:
    """1 for a right text; up to a half for one of the right length and beginning that misses words."""
    words = len(letters) ** len(start)
    if len(answer) != words + len(start) - 1 or not answer.startswith(start) or set(answer) - set(letters):
        return 0.0
    found = len({answer[i : i + len(start)] for i in range(words)})
    return 1.0 if found == words else 0.5 * found / words


def admits(letters: str, start: str) -> bool:
    if not 1 <= len(letters) <= 10 or len(set(letters)) < len(letters) or not 1 <= len(start) <= 10:
        return False
    return set(start) <= set(letters) and len(letters) ** len(start) <= 1500
