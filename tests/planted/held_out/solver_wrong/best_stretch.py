"""Best stretch: in which run of days does a stall earn the most?"""

from random import Random

STATEMENT = (
    "A market stall earned these amounts on successive days, a negative number being a loss: {takings}. Choose a "
    "stretch of one or more successive days. From a stretch of at least two days you may leave out one single day, "
    "whichever you like, but need not. What is the largest sum of the takings of the days that remain?"
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 4 + 2 * difficulty
    trend = rng.choice([-5, -3, -1, 0, 2])
    takings = []
    for _ in range(count):
        takings.append(rng.randint(-9, 9) + trend)
    if rng.random() < 0.3:
        takings[rng.randrange(count)] -= 20
    return {"takings": takings}


def solve(takings: list[int]) -> int:
    best = whole = short = 0
    for amount in takings:
        # whole: the best stretch that ends today with every day; short: with one day left out
        whole, short = max(whole, 0) + amount, max(short + amount, whole)
        best = max(best, whole, short)
    return best


def verify(takings: list[int], answer: int) -> bool:
    return answer == solve(takings)


def admits(takings: list[int]) -> bool:
    return len(takings) > 0
