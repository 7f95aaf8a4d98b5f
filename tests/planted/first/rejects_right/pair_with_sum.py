"""Pair with sum: find two numbers of a list that make a given sum."""

from random import Random

STATEMENT = (
    "Find two numbers of the list {numbers} at different positions whose sum is {total}. "
    "Positions are counted from 1. Name the two positions, in either order; "
    "if several pairs have this sum, any of them will do."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 3 * difficulty
    reach = 20 * difficulty + 10
    numbers = [rng.randint(-reach, 2 * reach) for _ in range(count)]
    i, j = rng.sample(range(count), 2)
    return {"numbers": numbers, "total": numbers[i] + numbers[j]}


def example(numbers: list[int], total: int) -> tuple[int, int]:
    seen: dict[int, int] = {}
    for place, number in enumerate(numbers, start=1):
        if total - number in seen:
            return seen[total - number], place
        seen.setdefault(number, place)
    raise ValueError("no pair has this sum")


def verify(numbers: list[int], total: int, answer: tuple[int, int]) -> bool:
    i, j = answer
    if not 1 <= i < j <= len(numbers):
        return False
    return numbers[i - 1] + numbers[j - 1] == total


def admits(numbers: list[int], total: int) -> bool:
    seen: set[int] = set()
    for number in numbers:
        if total - number in seen:
            return True
        seen.add(number)
    return False
