"""Gear train: how does the last wheel of a row of gears turn?"""

from fractions import Fraction
from random import Random

STATEMENT = (
    "Toothed wheels stand in a row, and each one meshes with the next. They have so many teeth, from the first to "
    "the last: {teeth}. The first wheel makes {turns} full turns clockwise. How many full turns does the last wheel "
    "make (the part of a turn that is not full is left out), how many teeth does it go on in the turn that is not "
    "full, and does it turn clockwise?"
)
STARTS = [12, 18, 24]
GROWTH = {12: 18, 18: 24, 24: 12}


def generate(rng: Random, difficulty: int) -> dict:
    teeth = [rng.choice(STARTS)]
    while len(teeth) < 2 + difficulty:
        teeth.append(GROWTH[teeth[-1]])
    return {"teeth": teeth, "turns": rng.choice([5, 10])}


def solve(teeth: list[int], turns: int) -> tuple[int, int, bool]:
    moved = turns * teeth[0]
    full = Fraction(moved, teeth[-1])
    whole = full.numerator // full.denominator
    rest = moved - whole * teeth[-1]
    return whole, rest, len(teeth) % 2 == 1


def verify(teeth: list[int], turns: int, answer: tuple[int, int, bool]) -> bool:
    return answer == solve(teeth, turns)


def admits(teeth: list[int], turns: int) -> bool:
    return len(teeth) > 0 and turns > 0 and all(count >= 3 for count in teeth)
