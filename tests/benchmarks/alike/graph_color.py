"""Graph colouring: give the points of a graph colours, so that no line joins two of one colour.

For the benchmarks, not of the shelf: reasoning-gym's task of that name, in its sizes whatever the difficulty.
"""

from random import Random

STATEMENT = (
    "A graph has {n} points, numbered from 0, and a line between the points of each of the pairs {edges}. Give each "
    "point one of the colours 1, 2 and 3, so that no line joins two points of the same colour. List the colours in "
    "the order of the points. Any such colouring counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    while True:
        edges = [(i, j) for i in range(20) for j in range(i + 1, 20) if rng.random() < 0.1]
        if colours := coloured(20, edges):
            return {"n": 20, "edges": edges, "answer": colours}


def coloured(n: int, edges: list) -> list:
    """The first free colour for each point in turn; nothing where one has none."""
    near: list = [set() for _ in range(n)]
    for i, j in edges:
        near[i].add(j)
        near[j].add(i)
    colours: list = []
    for point in range(n):
        taken = {colours[other] for other in near[point] if other < point}
        free = [colour for colour in (1, 2, 3) if colour not in taken]
        if not free:
            return []
        colours.append(free[0])
    return colours


def verify(n: int, edges: list[tuple[int, int]], answer: list[int]) -> bool:
    if len(answer) != n or not {*answer} <= {1, 2, 3}:
        return False
    return all(answer[i] != answer[j] for i, j in edges)
