"""Knight route: lead a chess knight to a square in as few moves as possible."""

from collections import deque
from random import Random

STEPS = [(-2, -1), (-2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2), (2, -1), (2, 1)]
STATEMENT = (
    "A board has {size} rows and {size} columns, both numbered from 1; a square is given by its row and then its "
    "column. A chess knight stands on {start}. A move takes it two squares along a row or column and one square "
    "across; it jumps over whatever stands between, but may never land on one of the squares {blocked}. Lead it to "
    "{goal} in as few moves as possible. Give the squares it stands on, in order, with {start} first and {goal} "
    "last; if the two are the same square, that is the only one. Any route with the fewest moves counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = min(4 + (difficulty + rng.randint(0, 1)) // 2, 12)
    squares = [(r, c) for r in range(1, size + 1) for c in range(1, size + 1)]
    for _ in range(40):
        start, *blocked = rng.sample(squares, 1 + size * size // 4)
        moves = distances(size, blocked, start)
        far = [square for square in sorted(moves) if moves[square] >= 2 + min(difficulty, 8) // 4]
        if far:
            return {"size": size, "blocked": blocked, "start": start, "goal": rng.choice(far)}
    return {"size": size, "blocked": [], "start": (1, 1), "goal": (size, size)}


def distances(size: int, blocked: list[tuple[int, int]], start: tuple[int, int]) -> dict[tuple[int, int], int]:
    closed = set(blocked)
    moves = {start: 0}
    queue = deque([start])
    while queue:
        r, c = queue.popleft()
        for dr, dc in STEPS:
            square = (r + dr, c + dc)
            if min(square) >= 1 and max(square) <= size and square not in closed and square not in moves:
                moves[square] = moves[r, c] + 1
                queue.append(square)
    return moves


def example(
    size: int, blocked: list[tuple[int, int]], start: tuple[int, int], goal: tuple[int, int]
) -> list[tuple[int, int]]:
    moves = distances(size, blocked, start)
    route = [goal]
    while route[-1] != start:
        r, c = route[-1]
        before = [(r + dr, c + dc) for dr, dc in STEPS]
        route.append(next(square for square in before if moves.get(square) == moves[r, c] - 1))
    return route[::-1]


def verify(
    size: int,
    blocked: list[tuple[int, int]],
    start: tuple[int, int],
    goal: tuple[int, int],
    answer: list[tuple[int, int]],
) -> bool:
    moves = distances(size, blocked, start)
    if len(answer) != moves[goal] + 1 or answer[0] != start or answer[-1] != goal:
        return False
    jumps = all((s[0] - r, s[1] - c) in STEPS for (r, c), s in zip(answer, answer[1:]))
    return jumps and all(square in moves for square in answer)


def admits(size: int, blocked: list[tuple[int, int]], start: tuple[int, int], goal: tuple[int, int]) -> bool:
    if not 1 <= size <= 12 or any(not 1 <= number <= size for number in start + goal):
        return False
    return start not in blocked and goal in distances(size, blocked, start)
