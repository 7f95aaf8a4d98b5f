"""Knight errand: how many moves does a knight need between two squares?"""

from collections import deque
from random import Random

JUMPS = [(1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2)]
STATEMENT = (
    "On a board with {size} rows and {size} columns the squares are named by row and column, both counted from 0. "
    "A knight stands on {start} and wants to go to {goal}. It moves as in chess: two squares in one direction along "
    "a row or a column and one square at a right angle to it. It must not enter the squares {blocked}, "
    "but may jump over them. How many moves does it need at least? If it cannot get there at all, answer -1."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = min(8, 7 + difficulty)
    squares = [(r, c) for r in range(size) for c in range(size)]
    count = 2 + min(9, 8 + difficulty)
    start, goal, *blocked = rng.sample(squares, count)
    return {"size": size, "start": start, "goal": goal, "blocked": blocked}


def solve(size: int, start: tuple[int, int], goal: tuple[int, int], blocked: list[tuple[int, int]]) -> int:
    closed = set(blocked)
    moves = {start: 0}
    queue = deque([start])
    while queue:
        r, c = queue.popleft()
        if (r, c) == goal:
            return moves[r, c]
        for dr, dc in JUMPS:
            square = (r + dr, c + dc)
            inside = 0 <= square[0] < size and 0 <= square[1] < size
            if inside and square not in closed and square not in moves:
                moves[square] = moves[r, c] + 1
                queue.append(square)
    return -1


def verify(
    size: int, start: tuple[int, int], goal: tuple[int, int], blocked: list[tuple[int, int]], answer: int
) -> bool:
    return answer == solve(size, start, goal, blocked)


def admits(size: int, start: tuple[int, int], goal: tuple[int, int], blocked: list[tuple[int, int]]) -> bool:
    if not 1 <= size <= 100 or start in blocked:
        return False
    return all(0 <= r < size and 0 <= c < size for r, c in [start, goal, *blocked])
