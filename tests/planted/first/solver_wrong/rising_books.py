"""Rising books: how many books can stay so that their thickness rises from left to right?"""

from bisect import bisect_right
from random import Random

STATEMENT = (
    "Books stand on a shelf, and from left to right they are so thick, in millimetres: {thickness}. "
    "Some books are to be taken away so that each book that stays is thicker than every book that stays to the "
    "left of it. The others keep their order. In addition a book may stay only if it is at least {least} "
    "millimetres thick. How many books can stay at most?"
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 2 * difficulty
    thickest = 20 + 6 * count
    thickness = [rng.randint(5, thickest) for _ in range(count)]
    return {"thickness": thickness, "least": rng.randint(5, thickest // 4)}


def solve(thickness: list[int], least: int) -> int:
    # smallest[k] is the least last thickness of a rising row of k + 1 books
    smallest: list[int] = []
    for millimetres in thickness:
        if millimetres < least:
            continue
        place = bisect_right(smallest, millimetres)
        if place == len(smallest):
            smallest.append(millimetres)
        else:
            smallest[place] = millimetres
    return len(smallest)


def verify(thickness: list[int], least: int, answer: int) -> bool:
    return answer == solve(thickness, least)


def admits(thickness: list[int], least: int) -> bool:
    return all(millimetres > 0 for millimetres in thickness)
