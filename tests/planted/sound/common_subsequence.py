"""Common subsequence: find a longest text that can be had from two texts by striking out letters."""

from random import Random

STATEMENT = (
    "Strike out characters of the text {first}, and characters of the text {second}, so that what is left of both is "
    "the same text and is as long as possible. What is left keeps its order, and it may be that nothing is left. "
    "Give what is left. Any text of the greatest possible length counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 4)
    length = 5 + 2 * min(difficulty, 90)
    first, second = ("".join(rng.choice(letters) for _ in range(length - rng.randint(0, 2))) for _ in range(2))
    return {"first": first, "second": second}


def lengths(first: str, second: str) -> list[list[int]]:
    """At [i][j] the greatest length for what follows the first i and j characters."""
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            same = first[i] == second[j]
            table[i][j] = 1 + table[i + 1][j + 1] if same else max(table[i + 1][j], table[i][j + 1])
    return table


def example(first: str, second: str) -> str:
    table, kept, i, j = lengths(first, second), "", 0, 0
    while i < len(first) and j < len(second):
        if first[i] == second[j]:
            kept, i, j = kept + first[i], i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept


def is_left(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)


def verify(first: str, second: str, answer: str) -> float:
    """1 for a longest text; up to a half for a shorter one that is left of both."""
    if not is_left(answer, first) or not is_left(answer, second):
        return 0.0
    best = lengths(first, second)[0][0]
    return 1.0 if len(answer) == best else 0.5 * len(answer) / best


def admits(first: str, second: str) -> bool:
    return len(first) <= 250 and len(second) <= 250
