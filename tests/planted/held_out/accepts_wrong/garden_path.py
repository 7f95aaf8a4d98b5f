"""Garden path: find a short way through a walled garden from the gate to the well."""

from collections import deque
from random import Random

STEPS = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
STATEMENT = (
    "A garden is drawn row by row from north to south, each row from west to east: {rows}. A # is a hedge, a . is "
    "lawn, G is the gate and W is the well. One step leads to the next field to the north (N), east (E), south (S) or "
    "west (W); you may not step onto a hedge or leave the garden. Walk from the gate to the well in at most {limit} "
    "steps. Give the letters of the steps one after the other without anything between them. Any such walk is right; "
    "it may pass the well but must end on it."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 4 + difficulty
    for _ in range(200):
        field = [["#" if rng.random() < 0.3 else "." for _ in range(size)] for _ in range(size)]
        gate, well = rng.sample([(r, c) for r in range(size) for c in range(size)], 2)
        field[gate[0]][gate[1]], field[well[0]][well[1]] = "G", "W"
        rows = ["".join(row) for row in field]
        walk = example(rows, 0)
        if len(walk) >= min(2 + difficulty, 9):
            break
    else:
        rows = ["G" + "." * (size - 2) + "W"] + ["." * size] * (size - 1)
        walk = "E" * (size - 1)
    return {"rows": rows, "limit": len(walk) + rng.randint(0, 3)}


def find(rows: list[str], mark: str) -> tuple[int, int]:
    return next((r, row.index(mark)) for r, row in enumerate(rows) if mark in row)


def example(rows: list[str], limit: int) -> str:
    start, goal = find(rows, "G"), find(rows, "W")
    walks = {start: ""}
    queue = deque([start])
    while queue and goal not in walks:
        r, c = queue.popleft()
        for letter, (down, right) in STEPS.items():
            y, x = r + down, c + right
            if 0 <= y < len(rows) and 0 <= x < len(rows[0]) and rows[y][x] != "#" and (y, x) not in walks:
                walks[y, x] = walks[r, c] + letter
                queue.append((y, x))
    return walks.get(goal, "")


def verify(rows: list[str], limit: int, answer: str) -> bool:
    r, c = find(rows, "G")
    try:
        for letter in answer:
            down, right = STEPS[letter]
            r, c = r + down, c + right
            if rows[r][c] == "#":
                return False
    except (IndexError, KeyError):
        return False
    return len(answer) <= limit and rows[r][c] == "W"


def admits(rows: list[str], limit: int) -> bool:
    text = "".join(rows)
    if not 0 < len(text) <= 2500 or len({len(row) for row in rows}) != 1 or not set(text) <= set("#.GW"):
        return False
    return text.count("G") == text.count("W") == 1 and 0 < len(example(rows, limit)) <= limit
