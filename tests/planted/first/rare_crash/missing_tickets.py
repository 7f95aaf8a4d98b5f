"""Missing tickets: which tickets of a roll were not handed in?"""

from random import Random

STATEMENT = (
    "The tickets of a roll have the numbers from {low} to {high}, both included. Some tickets were sold for {price} "
    "cents each, and every ticket that was not sold was handed in. These were handed in, in no order: {handed}. "
    "How many cents were earned, and which tickets were sold? Name the tickets in rising order of their numbers."
)


def generate(rng: Random, difficulty: int) -> dict:
    low = rng.randint(10, 90 * difficulty)
    high = low + rng.randint(3, min(400, 12 + 10 * difficulty))
    # The first and the last ticket are always there, so that the ends of the roll can be seen.
    inner = range(low + 1, high)
    sold = set(rng.sample(inner, rng.randint(1, 2 + difficulty // 2)))
    handed = [number for number in range(low, high + 1) if number not in sold]
    rng.shuffle(handed)
    return {"low": low, "high": high, "price": 5 * rng.randint(4, 60), "handed": handed}


def solve(low: int, high: int, price: int, handed: list[int]) -> tuple[int, list[int]]:
    here = set(handed)
    sold = [number for number in range(low, high + 1) if number not in here]
    return price * len(sold), sold


def verify(low: int, high: int, price: int, handed: list[int], answer: tuple[int, list[int]]) -> bool:
    return answer == solve(low, high, price, handed)


def admits(low: int, high: int, price: int, handed: list[int]) -> bool:
    if not 0 <= low <= high <= low + 2000 or price < 1:
        return False
    if len(set(handed)) != len(handed):
        return False
    return all(low <= number <= high for number in handed)
