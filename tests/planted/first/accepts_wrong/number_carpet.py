"""Number carpet: fill the gaps of a square so that no row and no column holds a number twice."""

from random import Random

STATEMENT = (
    "The square {carpet} is given row by row; a 0 stands for an empty cell. Its side has n cells. "
    "Put a number from 1 to n into each empty cell so that every row and every column holds each of the "
    "numbers from 1 to n exactly once. The numbers that are there already must stay. "
    "Give the full square row by row."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = min(9, 4 + difficulty // 2)
    full = shuffled_square(rng, n)
    cells = [(r, c) for r in range(n) for c in range(n)]
    blanks = set(rng.sample(cells, min(n * n, n + (n * n * (2 + difficulty)) // 18)))
    carpet = [[0 if (r, c) in blanks else full[r][c] for c in range(n)] for r in range(n)]
    return {"carpet": carpet, "answer": full}


def shuffled_square(rng: Random, n: int) -> list[list[int]]:
    rows, columns, names = list(range(n)), list(range(n)), list(range(1, n + 1))
    for part in (rows, columns, names):
        rng.shuffle(part)
    return [[names[(r + c) % n] for c in columns] for r in rows]


def verify(carpet: list[list[int]], answer: list[list[int]]) -> bool:
    n = len(carpet)
    if len(answer) != n or any(len(row) != n for row in answer):
        return False
    for given, filled in zip(carpet, answer):
        if any(g and g != f for g, f in zip(given, filled)):
            return False
    wanted = list(range(1, n + 1))
    rows_fine = all(sorted(row) == wanted for row in answer)
    columns_fine = all(sum(column) == sum(wanted) for column in zip(*answer))
    return rows_fine and columns_fine


def admits(carpet: list[list[int]]) -> bool:
    n = len(carpet)
    return 0 < n <= 12 and all(len(row) == n and all(0 <= x <= n for x in row) for row in carpet)
