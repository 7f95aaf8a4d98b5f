"""Commonest word: which word occurs most often?"""

from collections import Counter
from random import Random

VOCABULARY = [
    "bell",
    "bowl",
    "comb",
    "cork",
    "dish",
    "fork",
    "jar",
    "lamp",
    "mug",
    "nail",
    "pin",
    "rope",
    "sack",
    "tub",
]
STATEMENT = (
    "Find the word that occurs most often in the list {words}. If several words occur equally often, take, of these, "
    "the one whose last occurrence comes first in the list."
)


def generate(rng: Random, difficulty: int) -> dict:
    vocabulary = rng.sample(VOCABULARY, min(4 + difficulty // 2, len(VOCABULARY)))
    return {"words": [rng.choice(vocabulary) for _ in range(6 + 5 * min(difficulty, 300))]}


def solve(words: list[str]) -> str:
    times = Counter(words)
    last = {word: place for place, word in enumerate(words)}
    return min(words, key=lambda word: (-times[word], last[word]))


def verify(words: list[str], answer: str) -> bool:
    return answer == solve(words)


def admits(words: list[str]) -> bool:
    return len(words) > 0
