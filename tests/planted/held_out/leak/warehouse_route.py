"""Warehouse route: how many moves does a robot need to fetch a box and bring it to the door?"""

from collections import deque
from random import Random

Cell = tuple[int, int]
STATEMENT = (
    "The floor of a warehouse is drawn in rows, where # is a shelf and . is free: {floor}. Places are given as row "
    "and column, both counted from 0. A robot at {robot} drives to the box at {box}, picks it up and brings it to the "
    "door at {door}. In one move it drives to the neighbouring free place above, below, left or right; it cannot "
    "cross shelves or leave the floor. The robot carries a battery with charge for {battery} moves, which is enough. "
    "What is the smallest number of moves?"
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 4 + difficulty
    for _ in range(100):
        floor = ["".join("#" if rng.random() < 0.28 else "." for _ in range(size)) for _ in range(size)]
        free = [(r, c) for r in range(size) for c in range(size) if floor[r][c] == "."]
        if len(free) < 3:
            continue
        robot, box, door = rng.sample(free, 3)
        first, second = distance(floor, robot, box), distance(floor, box, door)
        if first > 1 and second > 1:
            break
    else:
        floor = ["." * size] * size
        robot, box, door = (0, 0), (size - 1, 1), (0, size - 1)
        first, second = distance(floor, robot, box), distance(floor, box, door)
    return {"floor": floor, "robot": robot, "box": box, "door": door, "battery": first + second}


def distance(floor: list[str], start: Cell, goal: Cell) -> int:
    """The least number of moves from start to goal, -1 where there is no way."""
    moves = {start: 0}
    queue = deque([start])
    while queue:
        r, c = here = queue.popleft()
        if here == goal:
            return moves[here]
        for y, x in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if 0 <= y < len(floor) and 0 <= x < len(floor[0]) and floor[y][x] == "." and (y, x) not in moves:
                moves[y, x] = moves[here] + 1
                queue.append((y, x))
    return -1


def solve(floor: list[str], robot: tuple[int, int], box: tuple[int, int], door: tuple[int, int], battery: int) -> int:
    return distance(floor, robot, box) + distance(floor, box, door)


def verify(
    floor: list[str], robot: tuple[int, int], box: tuple[int, int], door: tuple[int, int], battery: int, answer: int
) -> bool:
    return answer == solve(floor, robot, box, door, battery)


def admits(floor: list[str], robot: tuple[int, int], box: tuple[int, int], door: tuple[int, int], battery: int) -> bool:
    if not floor or len({len(row) for row in floor}) != 1 or not 0 < len(floor) * len(floor[0]) <= 2500:
        return False
    for r, c in (robot, box, door):
        if not (0 <= r < len(floor) and 0 <= c < len(floor[0])) or floor[r][c] != ".":
            return False
    legs = distance(floor, robot, box), distance(floor, box, door)
    return set("".join(floor)) <= {"#", "."} and min(legs) >= 0 and sum(legs) <= battery
