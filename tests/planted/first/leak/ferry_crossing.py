"""Ferry crossing: what does the cheapest way through a marsh cost?"""

from random import Random

Marsh = list[list[int]]
STATEMENT = (
    "A marsh is a grid of cells, and stepping into a cell costs the number of copper coins that is written in it: "
    "{marsh}, row by row. A wanderer who carries {purse} copper coins begins in the top left cell, which he has to "
    "pay as well, and goes to the bottom right cell. In each step he goes one cell to the right or one cell down. "
    "He never spends more than he carries. What is the smallest number of coins that he can spend on the way?"
)


def generate(rng: Random, difficulty: int) -> dict:
    rows, columns = 2 + (difficulty + 1) // 2, 3 + difficulty // 2
    marsh = [[rng.randint(1, 9 + difficulty) for _ in range(columns)] for _ in range(rows)]
    purse = costs(marsh)[-1][-1]
    return {"marsh": marsh, "purse": purse}


def costs(marsh: Marsh) -> Marsh:
    """The least price of a way from the top left cell to each cell."""
    table: Marsh = []
    for r, row in enumerate(marsh):
        table.append([])
        for c, price in enumerate(row):
            before = []
            if r > 0:
                before.append(table[r - 1][c])
            if c > 0:
                before.append(table[r][c - 1])
            table[r].append(price + min(before, default=0))
    return table


def solve(marsh: Marsh, purse: int) -> int:
    return costs(marsh)[-1][-1]


def verify(marsh: Marsh, purse: int, answer: int) -> bool:
    return answer == solve(marsh, purse)


def admits(marsh: Marsh, purse: int) -> bool:
    if not marsh or not marsh[0] or any(len(row) != len(marsh[0]) for row in marsh):
        return False
    if any(price <= 0 for row in marsh for price in row):
        return False
    return costs(marsh)[-1][-1] <= purse
