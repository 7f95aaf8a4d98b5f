"""Rucksack value: how much can the things in a rucksack be worth at most?"""

from random import Random

STATEMENT = (
    "A hiker can carry {limit} kilograms. The things at hand, each given as its weight in kilograms and its value in "
    "euros, are {things}. Of each thing there is only one, and it can be taken or left, but not divided. What is the "
    "largest total value, in euros, of things that the hiker can carry together?"
)

BEST: dict[tuple[int, int, int], int] = {}


def generate(rng: Random, difficulty: int) -> dict:
    things = []
    for _ in range(3 + difficulty):
        weight = rng.randint(1, 8 + 2 * difficulty)
        things.append((weight, rng.randint(1, 10) + weight * rng.randint(1, 3)))
    heaviest = max(weight for weight, _ in things)
    everything = sum(weight for weight, _ in things)
    return {"limit": rng.randint(heaviest, max(heaviest, everything * 2 // 3)), "things": things}


def best_value(things: list[tuple[int, int]], place: int, room: int) -> int:
    """The largest value of things from this place on that fit into the room."""
    if place == len(things):
        return 0
    key = (len(things), place, room)
    if key not in BEST:
        weight, value = things[place]
        most = best_value(things, place + 1, room)
        if weight <= room:
            most = max(most, value + best_value(things, place + 1, room - weight))
        BEST[key] = most
    return BEST[key]


def solve(limit: int, things: list[tuple[int, int]]) -> int:
    return best_value(things, 0, limit)


def verify(limit: int, things: list[tuple[int, int]], answer: int) -> bool:
    return answer == solve(limit, things)


def admits(limit: int, things: list[tuple[int, int]]) -> bool:
    if not 0 <= limit <= 2000 or len(things) > 60:
        return False
    return all(weight >= 1 and value >= 0 for weight, value in things)
