"""River patrols: how much of a river is watched by at least one boat?"""

from random import Random

STATEMENT = (
    "A river is {length} kilometres long. Each boat watches the part of it between two kilometre marks: {boats}. "
    "A boat watches the river only between the marks 0 and {length}, even where its own marks lie outside. "
    "How many kilometres of the river are watched by no boat at all?"
)


def generate(rng: Random, difficulty: int) -> dict:
    length = 30 + 15 * difficulty
    boats = []
    for _ in range(2 + difficulty):
        start = rng.randint(-5, length - 1)
        boats.append((start, start + rng.randint(2, 6 + difficulty)))
    return {"length": length, "boats": boats}


def solve(length: int, boats: list[tuple[int, int]]) -> int:
    reach: dict[int, int] = {}
    for start, end in boats:
        start, end = max(0, start), min(length, end)
        if start < end:
            reach[start] = end
    unwatched, position = 0, 0
    for start in sorted(reach):
        if start > position:
            unwatched += start - position
        position = max(position, reach[start])
    return unwatched + length - position


def verify(length: int, boats: list[tuple[int, int]], answer: int) -> bool:
    return answer == solve(length, boats)


def admits(length: int, boats: list[tuple[int, int]]) -> bool:
    return length > 0 and all(start < end for start, end in boats)
