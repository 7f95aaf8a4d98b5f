"""Tile turns: what does a patterned tile look like after a row of moves?"""

from random import Random
from string import ascii_lowercase

STATEMENT = (
    "A square tile carries letters, row by row from top to bottom: {rows}. It is handled by the moves in {moves}, one "
    "after the other, always as seen by the same viewer: T turns the tile by a quarter clockwise, H turns it by "
    "half, M mirrors it so that left and right are exchanged, and D moves the top row to the bottom, each other row "
    "going up by one. The letters themselves stay upright. Give the rows of letters at the end, from top to bottom."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 2 + difficulty // 2
    letters = rng.sample(ascii_lowercase, min(26, 3 + size))
    rows = ["".join(rng.choice(letters) for _ in range(size)) for _ in range(size)]
    return {"rows": rows, "moves": "".join(rng.choice("TTHMD") for _ in range(1 + difficulty))}


def quarter(rows: list[str]) -> list[str]:
    return ["".join(column) for column in zip(*rows)][::-1]


def solve(rows: list[str], moves: str) -> list[str]:
    for move in moves:
        if move == "T":
            rows = quarter(rows)
        elif move == "H":
            rows = quarter(quarter(rows))
        elif move == "M":
            rows = [row[::-1] for row in rows]
        else:
            rows = rows[1:] + rows[:1]
    return rows


def verify(rows: list[str], moves: str, answer: list[str]) -> bool:
    return answer == solve(rows, moves)


def admits(rows: list[str], moves: str) -> bool:
    if not rows or len(rows) > 60 or any(len(row) != len(rows) for row in rows):
        return False
    return len(moves) <= 1000 and set(moves) <= set("THMD")
