"""Four squares: write each of several numbers as the sum of four squares."""

from math import isqrt
from random import Random

STATEMENT = (
    "For each number in the list {numbers}, find four whole numbers, none of them negative, whose squares add up to "
    "it; some or all of the four may be 0 or equal. Give the four numbers, not their squares, for each number of the "
    "list, in the order of the list; the order within a four does not matter. Any such fours count."
)
Four = tuple[int, int, int, int]


def generate(rng: Random, difficulty: int) -> dict:
    low = 5 * 2 ** min(difficulty, 30)
    return {"numbers": [rng.randint(low, 4 * low) for _ in range(1 + min(difficulty, 38) // 2)]}


def four(n: int) -> Four:
    for a in range(isqrt(n), -1, -1):
        after_a = n - a * a
        for b in range(isqrt(after_a), -1, -1):
            after_b = after_a - b * b
            for c in range(isqrt(after_b), -1, -1):
                d = isqrt(after_b - c * c)
                if a * a + b * b + c * c + d * d == n:
                    return a, b, c, d
    raise ValueError(f"{n} is negative")  # Lagrange: from 0 on there are always four


def example(numbers: list[int]) -> list[Four]:
    return [four(n) for n in numbers]


def verify(numbers: list[int], answer: list[Four]) -> float:
    """1 when every four is right; up to a half, by their share, when only some are."""
    if len(answer) != len(numbers):
        return 0.0
    right = sum(min(found) >= 0 and sum(x * x for x in found) == n for n, found in zip(numbers, answer))
    return 1.0 if right == len(numbers) else 0.5 * right / len(numbers)


def admits(numbers: list[int]) -> bool:
    return len(numbers) <= 20 and all(0 <= n <= 10**11 for n in numbers)
