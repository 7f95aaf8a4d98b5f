"""Stock profit: what has a trader earned, and what is left in stock, first in, first out?"""

from collections import deque
from random import Random

STATEMENT = (
    "A trader starts with nothing in stock. The entries {trades} follow in order of time; each says whether he buys "
    "(buy) or sells (sell), how many pieces, and the price of one piece in pence. The pieces sold are always those "
    "that have been in stock the longest. Find his profit, the pence got for all pieces sold less the pence paid for "
    "these same pieces (a negative number is a loss), and then what is left in stock: for each purchase of which "
    "pieces are left, in order of time, the number of pieces left and the price that was paid for one. It may be "
    "that nothing is left."
)
Trades = list[tuple[str, int, int]]


def generate(rng: Random, difficulty: int) -> dict:
    trades: list[tuple[str, int, int]] = []
    stock = 0
    for _ in range(3 + min(difficulty, 200)):
        sells = stock > 0 and rng.random() < 0.5
        pieces = rng.randint(1, stock) if sells else rng.randint(2, 12 + difficulty)
        price = rng.randint(10, 30) + (5 if sells else 0)
        trades.append(("sell" if sells else "buy", pieces, price))
        stock += -pieces if sells else pieces
    return {"trades": trades}


def solve(trades: Trades) -> tuple[int, list[tuple[int, int]]]:
    profit = 0
    lots: deque[tuple[int, int]] = deque()
    for kind, pieces, price in trades:
        if kind == "buy":
            lots.append((pieces, price))
            continue
        profit += pieces * price
        while pieces > 0:
            there, paid = lots.popleft()
            sold = min(there, pieces)
            profit -= sold * paid
            pieces -= sold
            if sold < there:
                lots.appendleft((there - sold, paid))
    return profit, list(lots)


def verify(trades: Trades, answer: tuple[int, list[tuple[int, int]]]) -> bool:
    return answer == solve(trades)


def admits(trades: Trades) -> bool:
    stock = 0
    for kind, pieces, price in trades:
        if kind not in ("buy", "sell") or not 1 <= pieces <= 10**9 or not 0 <= price <= 10**9:
            return False
        stock += pieces if kind == "buy" else -pieces
        if stock < 0:
            return False
    return True
