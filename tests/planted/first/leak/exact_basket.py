"""Exact basket: choose goods that use up a voucher and a bag to the last bit."""

from random import Random

STATEMENT = (
    "A shop has these goods, one piece of each, given as the price in cents and the weight in grams: {goods}. "
    "Choose some of them so that the prices have the sum {voucher} and the weights have the sum {bag}. "
    "Goods are numbered from 0 in the given order. Name the numbers of the chosen goods, in any order and "
    "each only once. If several choices fit, any of them is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 2 * difficulty
    bought = rng.randint(2, 3 + difficulty)
    goods = [article(rng, difficulty) for _ in range(bought)]
    voucher = sum(price for price, _ in goods)
    bag = sum(weight for _, weight in goods)
    while len(goods) < count:
        goods.append(article(rng, difficulty))
    return {"goods": goods, "voucher": voucher, "bag": bag, "answer": list(range(bought))}


def article(rng: Random, difficulty: int) -> tuple[int, int]:
    price = rng.randint(20, 90 + 30 * difficulty)
    return price, 5 * rng.randint(4, 30)


def verify(goods: list[tuple[int, int]], voucher: int, bag: int, answer: list[int]) -> bool:
    if len(answer) != len(set(answer)) or len(answer) > len(goods):
        return False
    if not all(0 <= number < len(goods) for number in answer):
        return False
    chosen = [goods[number] for number in answer]
    return sum(price for price, _ in chosen) == voucher and sum(weight for _, weight in chosen) == bag


def admits(goods: list[tuple[int, int]], voucher: int, bag: int) -> bool:
    return voucher > 0 and bag > 0 and all(price > 0 and weight > 0 for price, weight in goods)
