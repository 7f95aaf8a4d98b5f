"""Fibonacci sum: write numbers as sums of different Fibonacci numbers."""

from random import Random

FIBONACCI = [1, 2]
while FIBONACCI[-1] < 10**12:
    FIBONACCI.append(FIBONACCI[-1] + FIBONACCI[-2])
PLACE = {number: place for place, number in enumerate(FIBONACCI)}
STATEMENT = (
    "The sequence 1, 2, 3, 5, 8, 13, ... begins with 1 and 2, and each further number is the sum of the two before it. "
    "Write each of the totals {totals} as a sum of different numbers of this sequence. Give one list of summands per "
    "total, in the order of the totals; the order of the summands within a list does not matter. "
    "A total may have several such sums, and any of them is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    totals = []
    for _ in range(1 + difficulty // 3):
        digits = min(11, rng.randint(1, 2) + difficulty // 3)
        totals.append(rng.randint(10 ** (digits - 1) + 3, 10**digits + 20))
    return {"totals": totals}


def summands(total: int) -> list[int]:
    parts = []
    for number in reversed(FIBONACCI):
        if number <= total:
            parts.append(number)
            total -= number
    return parts


def example(totals: list[int]) -> list[list[int]]:
    return [summands(total) for total in totals]


def adds_up(total: int, parts: list[int]) -> bool:
    if any(number not in PLACE for number in parts):
        return False
    places = sorted(PLACE[number] for number in parts)
    if any(high - low < 2 for low, high in zip(places, places[1:])):
        return False
    return sum(parts) == total


def verify(totals: list[int], answer: list[list[int]]) -> bool:
    return len(answer) == len(totals) and all(map(adds_up, totals, answer))


def admits(totals: list[int]) -> bool:
    return 1 <= len(totals) <= 100 and all(1 <= total <= 10**12 for total in totals)
