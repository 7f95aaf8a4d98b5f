"""Take away: does the player who moves first win a game with piles of stones?"""

from functools import reduce
from operator import xor
from random import Random

STATEMENT = (
    "Two players have piles of stones before them, with {piles} stones. They move in turn. A move takes stones from "
    "one of the piles, and the number of stones that it takes must be one of {takes}. A player who cannot move loses. "
    "Both play as well as possible. Does the player who moves first win?"
)


def generate(rng: Random, difficulty: int) -> dict:
    wanted = rng.random() < 0.5
    count, top = min(1 + difficulty // 3, 20), min(5 + 3 * difficulty, 200)
    for _ in range(60):
        takes = sorted(rng.sample(range(1, 6 + min(difficulty, 14)), rng.randint(2, 3 + min(difficulty, 12) // 4)))
        piles = [rng.randint(1, top) for _ in range(count)]
        if solve(piles, takes) == wanted:
            break
    return {"piles": piles, "takes": takes}


def solve(piles: list[int], takes: list[int]) -> bool:
    values = [0]  # the Grundy value of a pile of 0, 1, 2, ... stones
    for stones in range(1, max(piles, default=0) + 1):
        reached = {values[stones - take] for take in takes if take <= stones}
        values.append(next(value for value in range(len(reached) + 1) if value not in reached))
    return reduce(xor, (values[stones] for stones in piles), 0) != 0


def verify(piles: list[int], takes: list[int], answer: bool) -> bool:
    return answer == solve(piles, takes)


def admits(piles: list[int], takes: list[int]) -> bool:
    if len(takes) > 20 or min(takes, default=1) < 1:
        return False
    return all(0 <= stones <= 2000 for stones in piles)
