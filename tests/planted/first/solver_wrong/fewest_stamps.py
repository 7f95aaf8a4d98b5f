"""Fewest stamps: how few stamps make up the postage of a parcel?"""

from random import Random

STATEMENT = (
    "A parcel weighs {weight} grams. Its postage is {base} cents for the first {step} grams and {extra} cents for "
    "each further {step} grams that are begun. Stamps of the values {values}, in cents, can be had in any number. "
    "What is the smallest number of stamps that make up exactly this postage?"
)


def generate(rng: Random, difficulty: int) -> dict:
    kinds = min(8, 3 + difficulty // 3)
    values = [1]
    for _ in range(kinds - 1):
        values.append(values[-1] * rng.randint(2, 3) + rng.choice([0, 0, 0, 1]))
    step = rng.choice([20, 50, 100])
    rng.shuffle(values)
    return {
        "weight": rng.randint(step // 2, step * (2 + difficulty)),
        "base": rng.randint(8, 15 + 3 * difficulty),
        "step": step,
        "extra": rng.randint(3, 9 + difficulty),
        "values": values,
    }


def postage(weight: int, base: int, step: int, extra: int) -> int:
    begun = -(-weight // step)
    return base + (begun - 1) * extra


def solve(weight: int, base: int, step: int, extra: int, values: list[int]) -> int:
    left = postage(weight, base, step, extra)
    stamps = 0
    for value in sorted(values, reverse=True):
        count, left = divmod(left, value)
        stamps += count
    return stamps


def verify(weight: int, base: int, step: int, extra: int, values: list[int], answer: int) -> bool:
    return answer == solve(weight, base, step, extra, values)


def admits(weight: int, base: int, step: int, extra: int, values: list[int]) -> bool:
    if min(weight, base, step, extra) < 1:
        return False
    return 1 in values and all(value > 0 for value in values) and len(set(values)) == len(values)
