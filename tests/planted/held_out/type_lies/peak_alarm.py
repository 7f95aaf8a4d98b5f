"""Peak alarm: does a measuring station give the alarm?"""

from random import Random

STATEMENT = (
    "A station measured these values one after the other: {values}. A value is a peak if it is larger than {limit} "
    "and also larger than the value directly before it and the value directly after it; the first and the last value "
    "are never peaks. The station gives the alarm if there is at least one peak and the number of peaks is a multiple "
    "of {every}. Does it give the alarm?"
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 6 + 5 * difficulty
    values = [rng.randint(0, 60) for _ in range(count)]
    for _ in range(difficulty // 2):  # a few plateaus, which are no peaks
        place = rng.randrange(count - 1)
        values[place + 1] = values[place]
    limit = rng.randint(20, 40)
    every = 2 if difficulty < 4 else rng.choice([2, 2, 3])
    return {"values": values, "limit": limit, "every": every}


def peaks(values: list[int], limit: int) -> list[int]:
    found = []
    for before, value, after in zip(values, values[1:], values[2:]):
        if value > limit and before < value > after:
            found.append(value)
    return found


def solve(values: list[int], limit: int, every: int) -> bool:
    number = len(peaks(values, limit))
    return number and number % every == 0


def verify(values: list[int], limit: int, every: int, answer: bool) -> bool:
    return answer == solve(values, limit, every)


def admits(values: list[int], limit: int, every: int) -> bool:
    return every >= 2 and len(values) >= 3
