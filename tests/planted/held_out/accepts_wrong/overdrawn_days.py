"""Overdrawn days: on which days does an account end below zero?"""

from collections import defaultdict
from random import Random

STATEMENT = (
    "An account holds {opening} euros on the morning of day 1. These bookings are made, each given as the number of "
    "the day and the amount in euros, where a negative amount is taken off the account: {bookings}. They are not "
    "listed in order of time, and a day may have several. On which of the days 1 to {last} is the account below zero "
    "at the end of the day, after all bookings of that day? List these days in increasing order. Partial credit is "
    "given for a list that is partly right."
)


def generate(rng: Random, difficulty: int) -> dict:
    last = 6 + 2 * difficulty
    opening = rng.randint(0, 30)
    bookings = []
    for _ in range(4 + 2 * difficulty):
        amount = rng.randint(5, 90)
        bookings.append((rng.randint(1, last), amount if rng.random() < 0.48 else -amount))
    return {"opening": opening, "bookings": bookings, "last": last}


def solve(opening: int, bookings: list[tuple[int, int]], last: int) -> list[int]:
    change: dict[int, int] = defaultdict(int)
    for day, amount in bookings:
        change[day] += amount
    balance = opening
    below = []
    for day in range(1, last + 1):
        balance += change[day]
        if balance < 0:
            below.append(day)
    return below


def verify(opening: int, bookings: list[tuple[int, int]], last: int, answer: list[int]) -> float:
    expected = solve(opening, bookings, last)
    if not expected or not answer:
        return 1.0 if expected == answer else 0.0
    hits = sum(given == day for given, day in zip(answer, expected))
    return hits / len(answer)


def admits(opening: int, bookings: list[tuple[int, int]], last: int) -> bool:
    return 1 <= last <= 1000 and all(1 <= day <= last for day, _ in bookings)
