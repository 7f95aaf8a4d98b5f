"""Negabinary sum: add two numbers that are written to the base minus two."""

from random import Random

STATEMENT = (
    "A number is written to the base -2 with the digits 0 and 1: the last digit counts 1, the one before it -2, the "
    "one before that 4, then -8, and so on, each place -2 times as much as the place to its right. The numbers "
    "{first} and {second} are written in this way. Write their sum in the same way, without zeros in front; the "
    "number zero is written 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    places = 3 + min(difficulty, 200)
    first, second = ("1" + "".join(rng.choice("01") for _ in range(places - rng.randint(0, 1))) for _ in range(2))
    return {"first": first, "second": second}


def value(digits: str) -> int:
    total = 0
    for digit in digits:
        total = -2 * total + int(digit)
    return total


def solve(first: str, second: str) -> str:
    left, digits = value(first) + value(second), ""
    while left:
        digits = str(left % 2) + digits
        left = (left - left % 2) // -2
    return digits or "0"


def verify(first: str, second: str, answer: str) -> bool:
    if answer == "" or set(answer) - {"0", "1"} or (answer[0] == "0" and answer != "0"):
        return False
    if len(answer) > max(len(first), len(second)) + 3:  # a sum is never that long
        return False
    return value(answer) == value(first) + value(second)


def admits(first: str, second: str) -> bool:
    return all(1 <= len(digits) <= 500 and set(digits) <= {"0", "1"} for digits in (first, second))
