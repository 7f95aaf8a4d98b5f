"""Fair halves: how nearly equal can two piles of stones be?"""

from itertools import product
from random import Random

STATEMENT = (
    "Stones weigh {stones} grams. They are put on two piles, each stone on one of them; a pile may also remain empty. "
    "Besides, a weight of {extra} grams already lies on the first pile and stays there. What is the smallest "
    "possible difference, in grams, between the weights of the two piles?"
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(24, 3 + 2 * difficulty)
    top = 20 + 10 * difficulty * difficulty
    stones = [rng.randint(top // 10, top) for _ in range(count)]
    return {"stones": stones, "extra": rng.randint(0, top)}


def difference(stones: list[int], extra: int, signs: tuple[int, ...]) -> int:
    """How far the piles are apart when the stones with sign 1 join the extra weight."""
    return abs(extra + sum(sign * stone for sign, stone in zip(signs, stones)))


def solve(stones: list[int], extra: int) -> int:
    best = extra + sum(stones)
    for signs in product((1, -1), repeat=len(stones)):
        best = min(best, difference(stones, extra, signs))
    return best


def verify(stones: list[int], extra: int, answer: int) -> bool:
    return answer == solve(stones, extra)


def admits(stones: list[int], extra: int) -> bool:
    return 1 <= len(stones) <= 24 and extra >= 0 and all(stone > 0 for stone in stones)
