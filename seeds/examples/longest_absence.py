"""Longest absence: how long does each word stay away between two of its occurrences?"""

from random import Random

VOCABULARY = ["ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan"]
STATEMENT = (
    "For each distinct word in the list {words}, find its longest absence: the largest number of entries "
    "that stand strictly between two successive occurrences of the word. A word that occurs only once has "
    "absence 0. Give every distinct word with its absence."
)


def generate(rng: Random, difficulty: int) -> dict:
    vocabulary = rng.sample(VOCABULARY, min(len(VOCABULARY), 3 + difficulty // 2))
    return {"words": [rng.choice(vocabulary) for _ in range(4 + 3 * difficulty)]}


def solve(words: list[str]) -> dict[str, int]:
    absence: dict[str, int] = {}
    last: dict[str, int] = {}
    for place, word in enumerate(words):
        gap = place - last[word] - 1 if word in last else 0
        absence[word] = max(absence.get(word, 0), gap)
        last[word] = place
    return absence


def verify(words: list[str], answer: dict[str, int]) -> bool:
    return answer == solve(words)
