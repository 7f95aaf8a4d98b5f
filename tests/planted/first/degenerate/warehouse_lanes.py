"""Warehouse lanes: can a cart get from every hall to every other one?"""

from random import Random

STATEMENT = (
    "The halls of a warehouse are numbered from 0 to {last}. Carts can go in both directions through these lanes, "
    "each given as two halls and the width of the lane in centimetres: {lanes}. A cart {cart} centimetres wide "
    "fits through a lane that is at least as wide as the cart. "
    "Can the cart get from every hall to every other hall?"
)


def generate(rng: Random, difficulty: int) -> dict:
    halls = 5 + 2 * difficulty
    cart = rng.randint(80, 110)
    lanes = []
    for _ in range(5 * halls):
        a, b = rng.sample(range(halls), 2)
        lanes.append((a, b, rng.randint(70, 160)))
    return {"last": halls - 1, "lanes": lanes, "cart": cart}


def solve(last: int, lanes: list[tuple[int, int, int]], cart: int) -> bool:
    neighbours: dict[int, list[int]] = {hall: [] for hall in range(last + 1)}
    for a, b, width in lanes:
        if width >= cart:
            neighbours[a].append(b)
            neighbours[b].append(a)
    reached = {0}
    stack = [0]
    while stack:
        for hall in neighbours[stack.pop()]:
            if hall not in reached:
                reached.add(hall)
                stack.append(hall)
    return len(reached) == last + 1


def verify(last: int, lanes: list[tuple[int, int, int]], cart: int, answer: bool) -> bool:
    return answer == solve(last, lanes, cart)


def admits(last: int, lanes: list[tuple[int, int, int]], cart: int) -> bool:
    if not 0 <= last <= 10_000 or cart <= 0:
        return False
    return all(a != b and 0 <= a <= last and 0 <= b <= last and width > 0 for a, b, width in lanes)
