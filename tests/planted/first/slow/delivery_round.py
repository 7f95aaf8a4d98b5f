"""Delivery round: how long is the shortest round through all customers of a bakery?"""

from itertools import permutations
from random import Random

Place = tuple[int, int]
STATEMENT = (
    "A baker starts at the bakery {bakery}, drives to each of the customers {customers} once, in an order of his "
    "choice, and comes back to the bakery. Places are given by two coordinates; streets run along both axes "
    "everywhere, so that the way between two places is the sum of the differences of their coordinates. "
    "What is the length of the shortest round?"
)


def generate(rng: Random, difficulty: int) -> dict:
    side = 5 + 3 * difficulty
    count = min(2 + difficulty, 11)
    cells = [(x, y) for x in range(side) for y in range(side)]
    bakery, *customers = rng.sample(cells, count + 1)
    return {"bakery": bakery, "customers": customers}


def way(a: Place, b: Place) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def solve(bakery: Place, customers: list[Place]) -> int:
    best = None
    for order in permutations(customers):
        if order and order[0] > order[-1]:
            continue  # the same round, driven the other way
        stops = [bakery, *order, bakery]
        length = sum(way(a, b) for a, b in zip(stops, stops[1:]))
        if best is None or length < best:
            best = length
    return best


def verify(bakery: Place, customers: list[Place], answer: int) -> bool:
    return answer == solve(bakery, customers)


def admits(bakery: Place, customers: list[Place]) -> bool:
    places = [bakery, *customers]
    return 1 <= len(customers) <= 11 and len(set(places)) == len(places)
