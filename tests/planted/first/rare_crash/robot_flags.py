"""Robot flags: steer a robot over all the flags of a field."""

from random import Random

STEPS = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
STATEMENT = (
    "A field is given row by row from north to south: {field}. In a row 'F' is a cell with a flag and '.' one "
    "without. A robot stands in the top left cell. Each command moves it one cell to the north (N), east (E), "
    "south (S) or west (W); it must never leave the field. Write commands, one letter each, after which it has "
    "been in every cell with a flag at least once. There may be at most {most} commands."
)


def generate(rng: Random, difficulty: int) -> dict:
    rows, columns = min(30, 3 + difficulty // 2), min(30, 3 + (difficulty + 1) // 2)
    cells = [(r, c) for r in range(rows) for c in range(columns)][1:]
    flags = set(rng.sample(cells, min(len(cells), 2 + difficulty)))
    field = ["".join("F" if (r, c) in flags else "." for c in range(columns)) for r in range(rows)]
    return {"field": field, "most": len(example(field, 10**6))}


def example(field: list[str], most: int) -> str:
    flags = [(r, c) for r, row in enumerate(field) for c, cell in enumerate(row) if cell == "F"]
    r = c = 0
    commands = ""
    while flags:
        row, column = min(flags, key=lambda flag: (abs(flag[0] - r) + abs(flag[1] - c), flag))
        commands += "S" * (row - r) + "N" * (r - row) + "E" * (column - c) + "W" * (c - column)
        r, c = row, column
        flags.remove((r, c))
    return commands


def verify(field: list[str], most: int, answer: str) -> bool:
    if len(answer) > most or any(letter not in STEPS for letter in answer):
        return False
    rows, columns = len(field), len(field[0])
    flags = sum(row.count("F") for row in field)
    r = c = 0
    seen = {(0, 0)} if field[0][0] == "F" else set()
    for letter in answer:
        r, c = r + STEPS[letter][0], c + STEPS[letter][1]
        if not (0 <= r < rows and 0 <= c <= columns):
            return False
        if field[r][c] == "F":
            seen.add((r, c))
    return len(seen) == flags


def admits(field: list[str], most: int) -> bool:
    if not 0 < len(field) <= 30 or not 0 < len(field[0]) <= 30:
        return False
    if any(len(row) != len(field[0]) or not set(row) <= set("F.") for row in field):
        return False
    return len(example(field, most)) <= most
