"""Exact change: pay a bill from a purse without getting anything back."""

from random import Random

STATEMENT = (
    "A purse holds coins of the values {values}, and this many of each, in the same order: {stock}. "
    "A bill of {bill} is to be paid exactly, without change, by putting coins of the purse on the table: "
    "at most {most} coins in all. "
    "Name how many coins of each value are put on the table, in the order of the values."
)


def generate(rng: Random, difficulty: int) -> dict:
    kinds = min(9, 3 + difficulty // 2)
    values = sorted(rng.sample(range(2, 12 + 6 * difficulty), kinds))
    stock = [rng.randint(1, 2 + difficulty) for _ in values]
    paid = [rng.randint(0, have) for have in stock]
    if not any(paid):
        paid[-1] = 1
    bill = sum(value * count for value, count in zip(values, paid))
    return {
        "values": values,
        "stock": stock,
        "bill": bill,
        "most": sum(paid),
        "answer": paid,
    }


def verify(values: list[int], stock: list[int], bill: int, most: int, answer: list[int]) -> bool:
    if len(answer) != len(values):
        return False
    if any(count > have for count, have in zip(answer, stock)):
        return False
    if sum(answer) > most:
        return False
    return sum(value * count for value, count in zip(values, answer)) == bill


def admits(values: list[int], stock: list[int], bill: int, most: int) -> bool:
    if not values or len(values) != len(stock) or len(set(values)) != len(values):
        return False
    return min(values) > 0 and min(stock) >= 0 and bill > 0 and most > 0
