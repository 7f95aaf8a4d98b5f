"""Lake count: how many separate lakes are there on a map?"""

from random import Random

STATEMENT = (
    "A map is drawn in rows of squares, where ~ is water and . is land: {rows}. Squares of water that share a side "
    "belong to the same lake; squares that only touch at a corner do not belong together by that. How many lakes are "
    "there? A single square of water, with land or the edge of the map all around, is a lake as well."
)


def generate(rng: Random, difficulty: int) -> dict:
    height = 3 + difficulty
    width = 4 + difficulty
    share = rng.uniform(0.4, 0.6)
    rows = ["".join("~" if rng.random() < share else "." for _ in range(width)) for _ in range(height)]
    return {"rows": rows}


def solve(rows: list[str]) -> int:
    joined_to: dict[int, int] = {}
    labels = 0
    above: list[int] = [0] * len(rows[0])
    for row in rows:
        current: list[int] = []
        left = 0
        for column, square in enumerate(row):
            up = above[column]
            if square == ".":
                left = 0
            elif not up and not left:
                labels += 1
                left = labels
            elif up and left and up != left:
                joined_to[max(up, left)] = min(up, left)
                left = min(up, left)
            else:
                left = up or left
            current.append(left)
        above = current
    return sum(label not in joined_to for label in range(1, labels + 1))


def verify(rows: list[str], answer: int) -> bool:
    return answer == solve(rows)


def admits(rows: list[str]) -> bool:
    if not rows or not rows[0]:
        return False
    return len({len(row) for row in rows}) == 1 and set("".join(rows)) <= {"~", "."}
