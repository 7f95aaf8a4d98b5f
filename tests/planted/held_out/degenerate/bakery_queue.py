"""Bakery queue: who has to wait longest when several sellers serve a queue?"""

import heapq
from random import Random

STATEMENT = (
    "Customers come into a bakery; each is given as the minute of coming and the number of minutes that serving "
    "takes: {customers}. They come in this order, and are served in this order by {sellers} sellers. As soon as a "
    "seller is free, the next customer in the queue is served by that seller; a seller who is free when a customer "
    "comes begins at once. How many minutes does the customer who waits longest wait until the serving begins?"
)


def generate(rng: Random, difficulty: int) -> dict:
    count = max(16, difficulty)
    sellers = rng.randint(2, 3)
    customers = []
    minute = rng.randint(0, 30)
    for _ in range(count):
        customers.append((minute, rng.randint(1, 5 * sellers - 1)))
        minute += rng.randint(0, 4)
    return {"customers": customers, "sellers": sellers}


def waiting_times(customers: list[tuple[int, int]], sellers: int) -> list[int]:
    free_at = [0] * sellers
    waits = []
    for came, needs in customers:
        begins = max(came, heapq.heappop(free_at))
        waits.append(begins - came)
        heapq.heappush(free_at, begins + needs)
    return waits


def solve(customers: list[tuple[int, int]], sellers: int) -> int:
    return max(waiting_times(customers, sellers))


def verify(customers: list[tuple[int, int]], sellers: int, answer: int) -> bool:
    return answer == solve(customers, sellers)


def admits(customers: list[tuple[int, int]], sellers: int) -> bool:
    if not 1 <= sellers <= 100 or not 1 <= len(customers) <= 1000:
        return False
    comings = [came for came, _ in customers]
    return comings == sorted(comings) and comings[0] >= 0 and all(needs > 0 for _, needs in customers)
