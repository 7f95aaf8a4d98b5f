"""Parking fee: what do several cars pay in a car park?"""

import re
from random import Random

STATEMENT = (
    "In a car park each begun half hour costs {rate} cents, but no car pays more than {most} cents for one stay. "
    "These cars were there, each given with the times at which it came and left on the same day, as HH:MM: {stays}. "
    "How many cents do they pay together?"
)


def generate(rng: Random, difficulty: int) -> dict:
    rate = 10 * rng.randint(5, 15)
    stays = []
    for _ in range(1 + difficulty):
        came = rng.randint(6 * 60, 15 * 60)
        stays.append((clock(came), clock(came + rng.randint(8, 400))))
    return {"rate": rate, "most": rate * rng.randint(7, 12), "stays": stays}


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(time: str) -> int:
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def solve(rate: int, most: int, stays: list[tuple[str, str]]) -> int:
    total = 0
    for came, left in stays:
        duration = minutes_of(left) - minutes_of(came)
        begun = duration // 30 + 1
        total += min(most, begun * rate)
    return total


def verify(rate: int, most: int, stays: list[tuple[str, str]], answer: int) -> bool:
    return answer == solve(rate, most, stays)


def is_time(time: str) -> bool:
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time) is not None


def admits(rate: int, most: int, stays: list[tuple[str, str]]) -> bool:
    if rate <= 0 or most <= 0 or not stays:
        return False
    return all(is_time(came) and is_time(left) and came < left for came, left in stays)
