"""Shared melody: how long is the longest row of notes that two songs have in common?"""

from random import Random

NOTES = "CDEFGAB"
STATEMENT = (
    "Two songs consist of the notes {first} and {second}, one letter per note. In each song notes may be crossed out, "
    "without changing the order of the others, so that the same row of notes remains of both. What is the largest "
    "length that this row can have? The note {hold} is a long one and adds 2 to the length each time it is in the "
    "row, while every other note adds 1."
)


def generate(rng: Random, difficulty: int) -> dict:
    length = 4 + min(difficulty, 10) * 4 // 3
    notes = rng.sample(NOTES, rng.randint(4, 7))
    first = "".join(rng.choice(notes) for _ in range(length + rng.randint(0, 1)))
    second = list(first) if rng.random() < 0.25 else [rng.choice(notes) for _ in range(length)]
    for _ in range(1 + difficulty // 4):
        second[rng.randrange(len(second))] = rng.choice(notes)
    return {"first": first, "second": "".join(second), "hold": rng.choice(notes)}


def longest(first: str, second: str, hold: str) -> int:
    """The length of the longest common row, looking at the first note of each song."""
    if not first or not second:
        return 0
    if first[0] == second[0]:
        return (2 if first[0] == hold else 1) + longest(first[1:], second[1:], hold)
    return max(longest(first[1:], second, hold), longest(first, second[1:], hold))


def solve(first: str, second: str, hold: str) -> int:
    return longest(first, second, hold)


def verify(first: str, second: str, hold: str, answer: int) -> bool:
    return answer == solve(first, second, hold)


def admits(first: str, second: str, hold: str) -> bool:
    if not 1 <= len(first) <= 18 or not 1 <= len(second) <= 18:
        return False
    return hold in tuple(NOTES) and set(first + second) <= set(NOTES)
