"""Bulk order: how much does an order with discounts cost?"""

from random import Random

STATEMENT = (
    "An order has these lines, each given as the number of pieces and the price of one piece in cents: {lines}. "
    "A line of at least {bulk} pieces costs a tenth less. All prices are multiples of 10 cents. "
    "If the whole order comes to less than {free} cents after these discounts, {freight} cents are added "
    "for the freight. What does the order cost in cents?"
)


def generate(rng: Random, difficulty: int) -> dict:
    lines = []
    for _ in range(1 + difficulty):
        lines.append((rng.randint(1, 12), 10 * rng.randint(2, 30 + 10 * difficulty)))
    return {
        "lines": lines,
        "bulk": rng.randint(10, 12),
        "free": 100 * rng.randint(10, 40 + 20 * difficulty),
        "freight": rng.randint(250, 990),
    }


def line_price(pieces: int, price: int, bulk: int) -> int:
    total = pieces * price
    if pieces >= bulk:
        total = total * 9 / 10
    return total


def solve(lines: list[tuple[int, int]], bulk: int, free: int, freight: int) -> int:
    total = sum(line_price(pieces, price, bulk) for pieces, price in lines)
    if total < free:
        total += freight
    return total


def verify(lines: list[tuple[int, int]], bulk: int, free: int, freight: int, answer: int) -> bool:
    return answer == solve(lines, bulk, free, freight)


def admits(lines: list[tuple[int, int]], bulk: int, free: int, freight: int) -> bool:
    if not lines or not 0 <= freight <= 1_000_000 or bulk < 1 or free < 0:
        return False
    return all(1 <= pieces <= 10_000 and 0 < price <= 1_000_000 and price % 10 == 0 for pieces, price in lines)
