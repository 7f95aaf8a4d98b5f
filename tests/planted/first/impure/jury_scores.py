"""Jury scores: which total does each dancer get when extreme marks are dropped?"""

from random import Random

STATEMENT = (
    "Dancers get marks from a jury. The marks of each dancer are listed, for the dancers in turn: {marks}. For each "
    "dancer the {drop} highest and the {drop} lowest marks are dropped (of equal marks only as many as needed), "
    "and the others are added. The sum is multiplied by the difficulty of the dance; the difficulties are "
    "{factors}, in the same order. Name the products for the dancers in turn."
)


def generate(rng: Random, difficulty: int) -> dict:
    dancers = 2 + difficulty // 2
    drop = rng.randint(1, 2)
    jury = 2 * drop + rng.randint(2, 3 + difficulty // 2)
    marks = [[rng.randint(1, 9 + 2 * difficulty) for _ in range(jury)] for _ in range(dancers)]
    return {
        "marks": marks,
        "drop": drop,
        "factors": [rng.randint(2, 4 + difficulty) for _ in range(dancers)],
    }


def kept(marks: list[int], drop: int) -> list[int]:
    marks.sort()
    return marks[drop : len(marks) - drop]


def solve(marks: list[list[int]], drop: int, factors: list[int]) -> list[int]:
    products = []
    for given, factor in zip(marks, factors):
        products.append(factor * sum(kept(given, drop)))
    return products


def verify(marks: list[list[int]], drop: int, factors: list[int], answer: list[int]) -> bool:
    return answer == solve(marks, drop, factors)


def admits(marks: list[list[int]], drop: int, factors: list[int]) -> bool:
    if not marks or len(marks) != len(factors) or drop < 0:
        return False
    return all(len(given) > 2 * drop for given in marks)
