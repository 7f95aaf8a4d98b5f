"""Coin rolls: with how few coins can the prices of a shop be paid?"""

from random import Random

STATEMENT = (
    "In a far country there are coins worth {coins} pennies, and everybody has as many of each as needed. A shop "
    "sells things at {prices} pennies. Each of these things is bought by another customer, who pays the exact price "
    "with as few coins as possible. How many coins does the shop take in altogether?"
)

SYSTEMS = [
    [1, 2, 5, 10, 20, 50],
    [1, 5, 10, 25, 50, 100],
    [1, 3, 9, 27, 81],
    [1, 2, 4, 8, 16, 32],
    [1, 4, 20, 60, 120],
    [1, 6, 12, 24, 48],
    [1, 5, 10, 20, 25, 50],
]


def generate(rng: Random, difficulty: int) -> dict:
    if rng.random() < 0.75:
        coins = list(rng.choice(SYSTEMS))
    else:
        coins = [1]
        for _ in range(4):
            coins.append(coins[-1] * rng.choice([2, 2, 3, 4]) + rng.choice([0, 0, 0, 1]))
    coins = coins[: min(len(coins), 3 + difficulty // 2)]
    top = 20 + 15 * difficulty
    prices = [rng.randint(3, top) for _ in range(2 + difficulty)]
    return {"coins": coins, "prices": prices}


def coins_for(price: int, coins: list[int]) -> int:
    """The number of coins with which a price is paid."""
    number = 0
    for coin in sorted(coins, reverse=True):
        taken, price = divmod(price, coin)
        number += taken
    return number


def solve(coins: list[int], prices: list[int]) -> int:
    return sum(coins_for(price, coins) for price in prices)


def verify(coins: list[int], prices: list[int], answer: int) -> bool:
    return answer == solve(coins, prices)


def admits(coins: list[int], prices: list[int]) -> bool:
    if 1 not in coins or any(coin < 1 for coin in coins):
        return False
    return all(0 <= price <= 10_000 for price in prices)
