"""Moss spread: where does moss grow on a wall after some years?"""

from random import Random

Wall = list[list[int]]
STATEMENT = (
    "A wall is made of stones in rows: {wall}. A 1 is a stone with moss and a 0 one without. Every year the moss "
    "changes on all stones at once: a stone with moss keeps it if 2 or 3 of the stones around it have moss, "
    "and a stone without moss gets some if exactly 3 of them have. The stones around a stone are the up to 8 "
    "ones that touch it at a side or a corner. How does the wall look after {years} years? Give it row by row."
)


def generate(rng: Random, difficulty: int) -> dict:
    rows, columns = min(30, 3 + difficulty // 3), min(30, 3 + difficulty // 2)
    wall = [[1 if rng.random() < 0.4 else 0 for _ in range(columns)] for _ in range(rows)]
    return {"wall": wall, "years": 1 + difficulty // 4}


def around(wall: Wall, row: int, column: int) -> int:
    count = 0
    for r in range(max(0, row - 1), min(len(wall), row + 2)):
        for c in range(max(0, column - 1), min(len(wall[r]), column + 2)):
            if (r, c) != (row, column):
                count += wall[r][c]
    return count


def next_state(moss: int, neighbours: int) -> int:
    if neighbours == 3:
        return 1
    return moss and neighbours == 2


def solve(wall: Wall, years: int) -> Wall:
    for _ in range(years):
        wall = [[next_state(moss, around(wall, r, c)) for c, moss in enumerate(row)] for r, row in enumerate(wall)]
    return wall


def verify(wall: Wall, years: int, answer: Wall) -> bool:
    return answer == solve(wall, years)


def admits(wall: Wall, years: int) -> bool:
    if not 0 < len(wall) <= 30 or not 0 < len(wall[0]) <= 30 or not 0 <= years <= 50:
        return False
    return all(len(row) == len(wall[0]) and all(moss in (0, 1) for moss in row) for row in wall)
