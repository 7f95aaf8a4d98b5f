"""Vowel shift: a cipher in which every vowel moves the letters after it one place further."""

from random import Random
from string import ascii_lowercase

VOWELS = "aeiou"
STATEMENT = (
    "In the text {text}, replace each lower-case letter from a to z by the letter that stands as many "
    "places further on in the alphabet as there are vowels (a, e, i, o, u) before it in the original "
    "text; after z comes a again. Every other character stays as it is and counts for nothing."
)


def generate(rng: Random, difficulty: int) -> dict:
    syllables = [rng.choice("bcdfghklmnprstvwz") + rng.choice(VOWELS) for _ in range(2 + 2 * difficulty)]
    words = ["".join(syllables[i : i + 3]) for i in range(0, len(syllables), 3)]
    return {"text": " ".join(words)}


def solve(text: str) -> str:
    shifted, vowels = [], 0
    for letter in text:
        if letter in ascii_lowercase:
            shifted.append(ascii_lowercase[(ascii_lowercase.index(letter) + vowels) % 26])
            vowels += letter in VOWELS
        else:
            shifted.append(letter)
    return "".join(shifted)


def verify(text: str, answer: str) -> bool:
    return answer == solve(text)
