"""Number sentence: combine numbers with plus, minus and times to reach a goal."""

import re
from random import Random

STATEMENT = (
    "The numbers {numbers} lie on cards. Put all the cards in a row, each once and in any order, and put one of the "
    "signs +, - and * between every two neighbours, so that the value is exactly {goal}. Multiplication goes before "
    "addition and subtraction; there are no brackets and no sign before the first number. Write the row as one text "
    "of digits and signs without spaces, for instance 3*4-5. Any row that works is right."
)

SHAPE = re.compile(r"[0-9]+(?:[-+*][0-9]+)*")


def generate(rng: Random, difficulty: int) -> dict:
    count = 3 + difficulty // 2
    numbers = [rng.randint(2, 9 + 2 * difficulty) for _ in range(count)]
    order = rng.sample(numbers, count)
    for _ in range(50):
        row = str(order[0])
        for number in order[1:]:
            row += rng.choice("+-*") + str(number)
        if 0 < value(row) < 5000:
            break
    else:
        row = "+".join(str(number) for number in order)
    return {"numbers": numbers, "goal": value(row), "answer": row}


def value(row: str) -> int:
    total = 0
    for sign, product in re.findall(r"([-+]?)([0-9*]+)", row):
        term = 1
        for factor in product.split("*"):
            term *= int(factor)
        total += -term if sign == "-" else term
    return total


def verify(numbers: list[int], goal: int, answer: str) -> bool:
    if len(answer) > 4 * sum(len(str(number)) for number in numbers) or not SHAPE.fullmatch(answer):
        return False
    return value(answer) == goal


def admits(numbers: list[int], goal: int) -> bool:
    return 2 <= len(numbers) <= 20 and all(0 < number < 1000 for number in numbers)
