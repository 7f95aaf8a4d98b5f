"""Proverb letters: which letters of a proverb occur exactly so many times?"""

from collections import Counter
from random import Random
from string import ascii_lowercase

PROVERBS = [
    "time is money",
    "no pain no gain",
    "better late than never",
    "all that glitters is not gold",
    "the early bird catches the worm",
    "a rolling stone gathers no moss on its way",
    "when in rome do as the romans do and be content",
    "people who live in glass houses should not throw stones",
    "a bird in the hand is worth two in the bush and ten on the roof",
    "you can lead a horse to water but you cannot make it drink from the stream",
]
STATEMENT = (
    "Consider the text {text}. Which letters occur in it exactly {times} times? Count letters only, not the spaces. "
    "Write these letters one after the other in alphabetical order, with nothing between them. "
    "If there is no such letter, the answer is the empty text."
)


def generate(rng: Random, difficulty: int) -> dict:
    place = min(difficulty, len(PROVERBS)) - 1
    return {"text": PROVERBS[place], "times": rng.randint(1, 2)}


def solve(text: str, times: int) -> str:
    counts = Counter(text)
    return "".join(letter for letter in ascii_lowercase if counts[letter] == times)


def verify(text: str, times: int, answer: str) -> bool:
    return answer == solve(text, times)


def admits(text: str, times: int) -> bool:
    return times > 0 and set(text) <= set(ascii_lowercase + " ")
