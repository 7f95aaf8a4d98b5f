"""Fewest coins: pay an amount exactly with as few coins as possible."""

from random import Random

STATEMENT = (
    "Coins of the values {coins} are at hand, of each value as many as one likes. Pay the amount {amount} exactly "
    "with as few coins as possible. Give the values of the coins that are paid, in any order, a value as often as "
    "it is used; the amount 0 takes no coin. Any payment with the smallest possible number of coins counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    top = 12 + 4 * min(difficulty, 20)
    coins = rng.sample(range(2, top), min(3 + difficulty // 3, 10))
    amount = sum(rng.choice(coins) for _ in range(rng.randint(3, 3 + min(difficulty, 20))))
    return {"coins": coins, "amount": amount}


def fewest(coins: list[int], amount: int) -> list[int]:
    """The smallest number of coins for each amount from 0 on; -1 where it cannot be paid."""
    table = [0] + [-1] * amount
    for total in range(1, amount + 1):
        options = [table[total - coin] for coin in coins if coin <= total and table[total - coin] >= 0]
        if options:
            table[total] = 1 + min(options)
    return table


def example(coins: list[int], amount: int) -> list[int]:
    table = fewest(coins, amount)
    paid: list[int] = []
    while amount > 0:
        coin = next(c for c in coins if c <= amount and table[amount - c] == table[amount] - 1)
        paid.append(coin)
        amount -= coin
    return paid


def verify(coins: list[int], amount: int, answer: list[int]) -> bool:
    if not set(answer) <= set(coins) or sum(answer) != amount:
        return False
    return len(answer) == fewest(coins, amount)[amount]


def admits(coins: list[int], amount: int) -> bool:
    if not 1 <= len(coins) <= 20 or min(coins) < 1 or not 0 <= amount <= 5000:
        return False
    return fewest(coins, amount)[amount] >= 0
