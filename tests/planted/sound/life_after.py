"""Life after: what does a board of the game of life look like some generations later?"""

from random import Random

STATEMENT = (
    "The board {board} is given row by row from the top; # is a living cell and . a dead one. The neighbours of a "
    "cell are the up to eight cells around it, and beyond the edge of the board there are none. From one generation "
    "to the next, all cells change at once: a living cell with two or three living neighbours stays alive, a dead "
    "cell with exactly three living neighbours comes to life, and every other cell is dead. Give the board after "
    "{generations} generations, row by row in the same way."
)


def generate(rng: Random, difficulty: int) -> dict:
    height, width = (min(3 + (difficulty + rng.randint(0, 3)) // 3, 20) for _ in range(2))
    generations = min(1 + difficulty // 3, 20)
    board: list[str] = []
    for _ in range(30):
        board = ["".join(rng.choice("#..") for _ in range(width)) for _ in range(height)]
        if "#" in "".join(solve(board, generations)):
            break
    return {"board": board, "generations": generations}


def solve(board: list[str], generations: int) -> list[str]:
    for _ in range(generations):
        board = ["".join(next_state(board, r, c) for c in range(len(row))) for r, row in enumerate(board)]
    return list(board)


def next_state(board: list[str], r: int, c: int) -> str:
    around = [row[max(0, c - 1) : c + 2] for row in board[max(0, r - 1) : r + 2]]
    living = "".join(around).count("#") - (board[r][c] == "#")
    return "#" if living == 3 or (living == 2 and board[r][c] == "#") else "."


def verify(board: list[str], generations: int, answer: list[str]) -> bool:
    return answer == solve(board, generations)


def admits(board: list[str], generations: int) -> bool:
    if not 1 <= len(board) <= 25 or not 0 <= generations <= 25 or not 1 <= len(board[0]) <= 25:
        return False
    return all(len(row) == len(board[0]) and set(row) <= {"#", "."} for row in board)
