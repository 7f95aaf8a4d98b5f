"""Cheapest fare: what does the cheapest bus trip between two towns cost?"""

import heapq
from random import Random

STATEMENT = (
    "Towns are numbered from 0. Buses go both ways between the first two towns of each entry of {buses}, and a "
    "ride costs the third number. Whenever the traveller changes in a town from one bus to the next, "
    "a further {toll} is to be paid there. What is the least total price of a trip from town 0 to town {goal}?"
)


def generate(rng: Random, difficulty: int) -> dict:
    towns = 4 + difficulty
    buses = []
    for town in range(1, towns):
        buses.append((rng.randrange(max(0, town - 3), town), town, rng.randint(3, 20)))
    for _ in range(3 + difficulty):
        a, b = rng.sample(range(towns), 2)
        buses.append((a, b, rng.randint(3, 12 + 2 * difficulty)))
    rng.shuffle(buses)
    return {"buses": buses, "toll": rng.randint(0, 4), "goal": towns - 1}


def solve(buses: list[tuple[int, int, int]], toll: int, goal: int) -> int:
    rides: dict[int, list[tuple[int, int]]] = {}
    for a, b, price in buses:
        rides.setdefault(a, []).append((b, price))
        rides.setdefault(b, []).append((a, price))
    best = {0: 0}
    heap = [(0, 0)]
    while heap:
        cost, town = heapq.heappop(heap)
        if cost > best[town]:
            continue
        for other, price in sorted(rides.get(town, [])):
            total = cost + price + (toll if town != 0 else 0)
            if other == goal:
                return total
            if total < best.get(other, total + 1):
                best[other] = total
                heapq.heappush(heap, (total, other))
    return -1


def verify(buses: list[tuple[int, int, int]], toll: int, goal: int, answer: int) -> bool:
    return answer == solve(buses, toll, goal)


def admits(buses: list[tuple[int, int, int]], toll: int, goal: int) -> bool:
    if toll < 0 or goal <= 0 or any(a < 0 or b < 0 or a == b or price <= 0 for a, b, price in buses):
        return False
    return solve(buses, toll, goal) >= 0
