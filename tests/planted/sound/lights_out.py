"""Lights out: press switches until every lamp is off."""

from random import Random

STATEMENT = (
    "The grid {grid} shows lamps, row by row from the top: # is a lamp that is on, . is one that is off. Each lamp "
    "has a switch. To press it changes that lamp and its neighbours above, below, to the left and to the right, as "
    "far as there are any: those that were on go off, and the other way round. Name switches that turn all lamps "
    "off when they are pressed one after another, each by its row and then its column, both counted from 0. If one "
    "is named twice it is pressed twice. The order does not matter, and any such choice counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    height = min(2 + (difficulty + rng.randint(0, 2)) // 3, 12)
    width = min(3 + (difficulty + rng.randint(0, 2)) // 3, 12)
    cells = [(r, c) for r in range(height) for c in range(width)]
    lit: set[tuple[int, int]] = set()
    pressed: list[tuple[int, int]] = []
    for _ in range(20):  # some sets of switches change nothing at all
        pressed = rng.sample(cells, rng.randint(2 + min(difficulty, 20) // 3, min(3 + difficulty, height * width - 1)))
        lit = after(set(), cells, pressed)
        if lit:
            break
    grid = ["".join("#" if (r, c) in lit else "." for c in range(width)) for r in range(height)]
    return {"grid": grid, "answer": sorted(pressed)}


def after(
    lit: set[tuple[int, int]], cells: list[tuple[int, int]], pressed: list[tuple[int, int]]
) -> set[tuple[int, int]]:
    """The lamps that are on after the switches were pressed."""
    there, now = set(cells), set(lit)
    for r, c in pressed:
        now ^= {(r, c), (r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)} & there
    return now


def verify(grid: list[str], answer: list[tuple[int, int]]) -> bool:
    cells = [(r, c) for r, row in enumerate(grid) for c in range(len(row))]
    if not set(answer) <= set(cells):
        return False
    lit = {(r, c) for r, c in cells if grid[r][c] == "#"}
    return not after(lit, cells, answer)


def admits(grid: list[str]) -> bool:
    return len(grid) > 0 and all(len(row) == len(grid[0]) and set(row) <= {"#", "."} for row in grid)
