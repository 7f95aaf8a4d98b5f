"""Train meeting: when do two trains on the same line pass each other?"""

import re
from fractions import Fraction
from random import Random

STATEMENT = (
    "Two towns are joined by a railway line of {length} kilometres. One train leaves the first town at {first} "
    "and goes {speed_a} kilometres per hour, another one leaves the second town at {second} on the same day and "
    "goes {speed_b} kilometres per hour towards it, before the first one arrives there. At what time do the "
    "trains meet? Cut the seconds off and name the time as HH:MM; a time on the next day is written in the same way."
)


def generate(rng: Random, difficulty: int) -> dict:
    start = rng.randint(5 * 60, 14 * 60)
    return {
        "length": min(900, rng.randint(60 + 20 * difficulty, 120 + 40 * difficulty)),
        "first": clock(start),
        "second": clock(start + rng.randint(0, min(60, 10 + 5 * difficulty))),
        "speed_a": rng.randint(40, min(180, 60 + 8 * difficulty)),
        "speed_b": rng.randint(40, min(180, 60 + 8 * difficulty)),
    }


def clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def minutes_of(time: str) -> int:
    return 60 * int(time[:2]) + int(time[3:])


def way_alone(first: str, second: str, speed_a: int) -> Fraction:
    """Kilometres that the first train goes before the second one starts."""
    return Fraction(speed_a * (minutes_of(second) - minutes_of(first)), 60)


def solve(length: int, first: str, second: str, speed_a: int, speed_b: int) -> str:
    left = length - way_alone(first, second, speed_a)
    meeting = minutes_of(second) + 60 * left / (speed_a + speed_b)
    return clock(round(meeting))


def verify(length: int, first: str, second: str, speed_a: int, speed_b: int, answer: str) -> bool:
    return answer == solve(length, first, second, speed_a, speed_b)


def admits(length: int, first: str, second: str, speed_a: int, speed_b: int) -> bool:
    if not all(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time) for time in (first, second)):
        return False
    if not (0 < length <= 900 and 20 <= speed_a <= 500 and 20 <= speed_b <= 500):
        return False
    return first <= second and way_alone(first, second, speed_a) < length
