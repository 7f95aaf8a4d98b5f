"""Basket total: what does a basket of goods from a price list cost?"""

from random import Random

GOODS = [
    "apples", "bread", "cheese", "dates", "eggs", "flour", "grapes", "honey", "jam", "kale",
    "leeks", "milk", "nuts", "oil", "pears", "rice", "salt", "tea", "wine", "yeast",
]
STATEMENT = (
    "A shop sells goods at these prices in cents per piece: {prices}. A customer buys the following numbers of "
    "pieces: {basket}. The {bulk}th piece of the same kind and every piece of this kind after it cost {off} cents "
    "less than listed; the pieces before it cost the full price. Goods whose price is not on the list are not sold, "
    "and so not paid. How many cents does the customer pay?"
)


def generate(rng: Random, difficulty: int) -> dict:
    goods = rng.sample(GOODS, min(len(GOODS), 3 + difficulty))
    listed = rng.sample(goods, len(goods) - rng.randint(0, 1))
    prices = {}
    for name in listed:
        price = rng.randint(40, 400)
        if rng.random() < 0.05:
            price = round(price * 0.9, 0)
        prices[name] = price
    bought = rng.sample(goods, rng.randint(2, len(goods)))
    basket = {name: rng.randint(1, 6 + difficulty) for name in bought}
    return {"prices": prices, "basket": basket, "bulk": rng.randint(4, 6), "off": rng.randint(2, 15)}


def cost(price: int, pieces: int, bulk: int, off: int) -> int:
    cheaper = max(0, pieces - bulk + 1)
    return price * pieces - off * cheaper


def solve(prices: dict[str, int], basket: dict[str, int], bulk: int, off: int) -> int:
    return sum(cost(prices[name], pieces, bulk, off) for name, pieces in basket.items() if name in prices)


def verify(prices: dict[str, int], basket: dict[str, int], bulk: int, off: int, answer: int) -> bool:
    return answer == solve(prices, basket, bulk, off)


def admits(prices: dict[str, int], basket: dict[str, int], bulk: int, off: int) -> bool:
    if not 4 <= bulk <= 100 or off < 0 or any(pieces < 1 for pieces in basket.values()):
        return False
    return all(price >= off for price in prices.values())
