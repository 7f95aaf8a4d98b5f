"""Ring harvest: what is the best stretch of neighbouring fields around a lake?"""

from random import Random

STATEMENT = (
    "Fields lie in a ring around a lake, so that the last field of the list is a neighbour of the first one. "
    "Harvesting a field brings the gain in {gains}, which may be a loss. A farmer harvests one unbroken stretch "
    "of neighbouring fields: at least one field, and no field twice. What is the largest total that he can get?"
)


def generate(rng: Random, difficulty: int) -> dict:
    low, high = rng.choice([(-9, 9), (-12, 10), (-20, 4), (-6, 15)])
    reach = 1 + difficulty // 3
    return {"gains": [rng.randint(low * reach, high * reach) for _ in range(4 + 2 * difficulty)]}


def best_stretch(gains: list[int]) -> int:
    best = current = gains[0]
    for gain in gains[1:]:
        current = max(gain, current + gain)
        best = max(best, current)
    return best


def solve(gains: list[int]) -> int:
    inside = best_stretch(gains)
    # A stretch over the end of the list leaves out a stretch inside of it.
    left_out = -best_stretch([-gain for gain in gains])
    return max(inside, sum(gains) - left_out)


def verify(gains: list[int], answer: int) -> bool:
    return answer == solve(gains)


def admits(gains: list[int]) -> bool:
    return len(gains) > 0
