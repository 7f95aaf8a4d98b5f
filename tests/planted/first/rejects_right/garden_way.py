"""Garden way: walk through a garden with hedges from the gate to the well."""

from collections import deque
from random import Random

STEPS = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
STATEMENT = (
    "A garden is given row by row from north to south: {garden}. In a row, '.' is grass and '#' a hedge. "
    "The gate is the cell in the top left corner, the well the cell in the bottom right corner. "
    "Walk from the gate to the well over grass, one cell at a time to the north (N), east (E), south (S) or "
    "west (W), and enter no cell twice; the cell of the gate counts as entered at the start. "
    "Name the letters of the steps in their order."
)


def generate(rng: Random, difficulty: int) -> dict:
    rows, columns = min(30, 3 + difficulty), min(30, 4 + difficulty)
    garden = [["."] * columns for _ in range(rows)]
    cells = [(r, c) for r in range(rows) for c in range(columns)][1:-1]
    rng.shuffle(cells)
    for r, c in cells[: rows * columns * 2 // 5]:
        garden[r][c] = "#"
        if shortest(["".join(row) for row in garden]) is None:
            garden[r][c] = "."
    return {"garden": ["".join(row) for row in garden]}


def shortest(garden: list[str]) -> str | None:
    rows, columns = len(garden), len(garden[0])
    ways = {(0, 0): ""}
    queue = deque(ways)
    while queue:
        r, c = queue.popleft()
        for letter, (dr, dc) in STEPS.items():
            cell = (r + dr, c + dc)
            if 0 <= cell[0] < rows and 0 <= cell[1] < columns and garden[cell[0]][cell[1]] == "." and cell not in ways:
                ways[cell] = ways[r, c] + letter
                queue.append(cell)
    return ways.get((rows - 1, columns - 1))


def example(garden: list[str]) -> str:
    return shortest(garden) or ""


def verify(garden: list[str], answer: str) -> bool:
    r = c = 0
    entered = {(0, 0)}
    for letter in answer:
        dr, dc = STEPS.get(letter, (0, 0))
        r, c = r + dr, c + dc
        if not (0 <= r < len(garden) and 0 <= c < len(garden[0])) or garden[r][c] == "#" or (r, c) in entered:
            return False
        entered.add((r, c))
    return (r, c) == (len(garden) - 1, len(garden[0]) - 1) and len(answer) == len(example(garden))


def admits(garden: list[str]) -> bool:
    if not 0 < len(garden) <= 40 or not 0 < len(garden[0]) <= 40 or any(len(x) != len(garden[0]) for x in garden):
        return False
    plain = all(set(row) <= set(".#") for row in garden) and garden[0][0] == "."
    return plain and garden[-1][-1] == "." and shortest(garden) is not None
