"""Book shelf: which books stand on a full shelf after many were asked for?"""

from random import Random
from string import ascii_uppercase

STATEMENT = (
    "A shelf is empty at first and has room for {size} books. The books {titles} are asked for one after another. "
    "A book that is asked for is taken from its place if it stands on the shelf, and then put at the left end; "
    "when it was not there and the shelf is full, the book at the right end is thrown out first. "
    "Name the books that stand on the shelf at the end, from left to right."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = rng.randint(3, 3 + difficulty // 2)
    books = rng.sample(ascii_uppercase, min(26, size + 2 + difficulty // 3))
    return {"titles": [rng.choice(books) for _ in range(5 + 4 * difficulty)], "size": size}


def solve(titles: list[str], size: int) -> list[str]:
    latest_first = list(dict.fromkeys(reversed(titles)))
    return latest_first[:size]


def verify(titles: list[str], size: int, answer: list[str]) -> bool:
    return answer == solve(titles, size)


def admits(titles: list[str], size: int) -> bool:
    return size > 0
