"""Shelf weights: which box of each shelf is just heavier than the mean of its shelf?"""

from random import Random

STATEMENT = (
    "Boxes stand on shelves. For each shelf the weights of its boxes are listed, in kilograms: {shelves}. "
    "From each shelf one box is taken down: the lightest one of those that are heavier than the mean weight of "
    "the boxes of the shelf. If all boxes of a shelf are equally heavy, one of these is taken. "
    "Name the weights of the boxes taken down in the order of the shelves, and then the sum of these weights."
)


def generate(rng: Random, difficulty: int) -> dict:
    shelves = []
    for _ in range(2 + difficulty // 2):
        count = rng.randint(3, 4 + difficulty // 2)
        shelves.append([rng.randint(1, 12) for _ in range(count)])
    return {"shelves": shelves}


def just_heavier(weights: list[int]) -> int:
    total, count = sum(weights), len(weights)
    return min(weight for weight in weights if weight * count > total)


def solve(shelves: list[list[int]]) -> tuple[list[int], int]:
    taken = [just_heavier(weights) for weights in shelves]
    return taken, sum(taken)


def verify(shelves: list[list[int]], answer: tuple[list[int], int]) -> bool:
    taken, total = answer
    if len(taken) != len(shelves) or sum(taken) != total:
        return False
    return answer == solve(shelves)


def admits(shelves: list[list[int]]) -> bool:
    return len(shelves) > 0 and all(weights and min(weights) > 0 for weights in shelves)
