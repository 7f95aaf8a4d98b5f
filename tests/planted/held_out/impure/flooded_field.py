"""Flooded field: how many plots are under water when the river rises?"""

from random import Random

DRY = 10**6
STATEMENT = (
    "The heights of the plots of a field, in centimetres, are given row by row: {heights}. A spring breaks out on the "
    "plot in row {row} and column {column}, both counted from 0, and the water rises to a height of {level} "
    "centimetres. The plot of the spring is under water if it is lower than that. From a plot under water the water "
    "flows to each of the neighbouring plots above, below, left and right in the drawing that is lower than the level "
    "of the water, and so on. How many plots are under water in the end?"
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 3 + difficulty
    heights = [[rng.randint(5, 95) for _ in range(size)] for _ in range(size)]
    row, column = rng.randrange(size), rng.randrange(size)
    level = rng.randint(50, 75)
    heights[row][column] = rng.randint(5, level + 5)
    return {"heights": heights, "row": row, "column": column, "level": level}


def spread(field: list[list[int]], row: int, column: int, level: int) -> int:
    """Flood the field from a plot and count the plots that the water reaches."""
    if field[row][column] >= level:
        return 0
    field[row][column] = DRY
    reached, todo = 1, [(row, column)]
    while todo:
        r, c = todo.pop()
        for y, x in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if 0 <= y < len(field) and 0 <= x < len(field[y]) and field[y][x] < level:
                field[y][x] = DRY
                reached += 1
                todo.append((y, x))
    return reached


def solve(heights: list[list[int]], row: int, column: int, level: int) -> int:
    field = heights[:]
    return spread(field, row, column, level)


def verify(heights: list[list[int]], row: int, column: int, level: int, answer: int) -> bool:
    return answer == solve(heights, row, column, level)


def admits(heights: list[list[int]], row: int, column: int, level: int) -> bool:
    if not 0 <= row < len(heights) or len({len(line) for line in heights}) != 1:
        return False
    return 0 <= column < len(heights[0]) and 0 < level < DRY
