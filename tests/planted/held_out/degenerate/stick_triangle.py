"""Stick triangle: can three of the sticks in a bundle be laid out as a triangle?"""

from random import Random

STATEMENT = (
    "In a bundle are sticks of {lengths} millimetres. Can three different sticks of the bundle be laid with their "
    "ends together so that they form a triangle? The sticks are used in full length and are not bent. Three sticks "
    "that would only lie flat in one line, because the longest is as long as the two others together, do not form a "
    "triangle. A triangle with a perimeter of more than {rim} millimetres does not fit on the table and does not "
    "count. Say whether it is possible."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 6 + 2 * difficulty
    top = 30 + 40 * difficulty
    lengths = [rng.randint(top // 10, top) for _ in range(count)]
    return {"lengths": lengths, "rim": 2 * top + rng.randint(0, top // 2)}


def is_triangle(a: int, b: int, c: int) -> bool:
    """Whether sides a <= b <= c form a triangle that is not flat."""
    return a + b > c


def solve(lengths: list[int], rim: int) -> bool:
    ordered = sorted(lengths)
    for longest in range(2, len(ordered)):
        low, middle = 0, longest - 1
        while low < middle:
            a, b, c = ordered[low], ordered[middle], ordered[longest]
            if not is_triangle(a, b, c):
                low += 1
            elif a + b + c <= rim:
                return True
            else:
                middle -= 1
    return False


def verify(lengths: list[int], rim: int, answer: bool) -> bool:
    return answer == solve(lengths, rim)


def admits(lengths: list[int], rim: int) -> bool:
    return 3 <= len(lengths) <= 300 and rim > 0 and all(length > 0 for length in lengths)
