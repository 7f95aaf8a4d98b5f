"""Winning nim moves: which moves in a game of nim lead to a win?"""

from functools import reduce
from operator import xor
from random import Random

STATEMENT = (
    "In a game of nim there are piles with {piles} stones. Two players move in turn; a move takes one or more stones "
    "from a single pile, up to all of it. Whoever takes the last stone of all wins. Find all moves after which the "
    "player who has made it wins, however the other one plays. Give each as the number of the pile, counted from 1 "
    "in the order of the list, and the number of stones that the move leaves in that pile, in the order of the pile "
    "numbers. There may be no such move."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(3 + difficulty // 3, 30)
    top = 4 + 3 * min(difficulty, 400)
    piles = [rng.randint(1, top) for _ in range(count)]
    if rng.random() < 0.05:
        piles[-1] = reduce(xor, piles[:-1])  # the player who moves is lost
    return {"piles": piles}


def solve(piles: list[int]) -> list[tuple[int, int]]:
    together = reduce(xor, piles, 0)
    return [(i, stones ^ together) for i, stones in enumerate(piles, 1) if stones ^ together < stones]


def verify(piles: list[int], answer: list[tuple[int, int]]) -> bool:
    return answer == solve(piles)


def admits(piles: list[int]) -> bool:
    return all(0 <= stones <= 10**9 for stones in piles)
