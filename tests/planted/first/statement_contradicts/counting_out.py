"""Counting out: in which order do the children leave a counting-out game?"""

from random import Random

NAMES = [
    "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ida", "Jon", "Kim", "Leo", "Mia",
    "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tess", "Ugo", "Vera", "Will", "Xenia", "Yara", "Zoe",
]
STATEMENT = (
    "The children {children} stand in a circle in this order and have the numbers 1, 2, 3 and so on in it. "
    "They count from 1 to {count}, each child saying one number in the order of the circle, and the child with "
    "the number {start} says 1. The child that says {count} leaves the circle, and the next child begins again "
    "with 1. This goes on until {left} children are left. Name the children that left, the first one first."
)


def generate(rng: Random, difficulty: int) -> dict:
    children = rng.sample(NAMES, min(len(NAMES), 5 + 2 * difficulty))
    return {
        "children": children,
        "count": rng.randint(2, 4 + 2 * difficulty),
        "start": rng.randint(1, len(children) - 1),
        "left": rng.randint(1, 2),
    }


def solve(children: list[str], count: int, start: int, left: int) -> list[str]:
    circle = list(children)
    gone: list[str] = []
    speaker = start
    while len(circle) > left:
        speaker = (speaker + count - 1) % len(circle)
        gone.append(circle.pop(speaker))
    return gone


def verify(children: list[str], count: int, start: int, left: int, answer: list[str]) -> bool:
    return answer == solve(children, count, start, left)


def admits(children: list[str], count: int, start: int, left: int) -> bool:
    if not 2 <= len(children) <= 1000 or len(set(children)) != len(children):
        return False
    return count >= 1 and 1 <= start <= len(children) and 0 <= left <= len(children)
