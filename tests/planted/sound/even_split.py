"""Even split: divide parcels into two loads that weigh as nearly the same as possible."""

from random import Random

STATEMENT = (
    "Parcels of the weights {weights} are divided into two loads, one of which may be empty. Make the difference "
    "between the total weights of the two loads as small as possible. Name the parcels of one of the loads, no "
    "matter which, by their positions in the list, counted from 0, in any order. Any division with the smallest "
    "possible difference counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    top = min(15 + 25 * difficulty, 1000)
    return {"weights": [rng.randint(3, top) for _ in range(min(4 + difficulty, 20))]}


def example(weights: list[int]) -> list[int]:
    chosen_for = {0: 0}  # a load's weight -> the parcels in it, as the bits of a number
    for position, weight in enumerate(weights):
        for total, chosen in list(chosen_for.items()):
            chosen_for.setdefault(total + weight, chosen | 1 << position)
    best = min(chosen_for, key=lambda total: abs(sum(weights) - 2 * total))
    return [position for position in range(len(weights)) if chosen_for[best] >> position & 1]


def verify(weights: list[int], answer: list[int]) -> bool:
    if len(set(answer)) < len(answer) or any(not 0 <= position < len(weights) for position in answer):
        return False
    reachable = 1  # bit s is set when some load weighs s
    for weight in weights:
        reachable |= reachable << weight
    total = sum(weights)
    least = min(abs(total - 2 * load) for load in range(total + 1) if reachable >> load & 1)
    return abs(total - 2 * sum(weights[position] for position in answer)) == least


def admits(weights: list[int]) -> bool:
    return len(weights) <= 20 and all(0 <= weight <= 1000 for weight in weights)
