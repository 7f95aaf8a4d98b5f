"""Truck loading: spread parcels over trucks so that none is overloaded."""

from random import Random

STATEMENT = (
    "Parcels weigh {parcels} kilograms. They are all to be carried by the trucks 1 to {trucks}, and no truck can "
    "carry more than {limit} kilograms. The parcels at the positions {fragile} of the list, counted from 0, are "
    "fragile, and no two of these may travel on the same truck. On which truck does each parcel travel? Give the "
    "number of the truck of each parcel, in the order of the list. Any loading that fits is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    trucks = 2 + difficulty // 3
    count = 4 + 2 * difficulty
    parcels = [rng.randint(5, 60) for _ in range(count)]
    answer = [1 + place % trucks for place in range(count)]
    rng.shuffle(answer)
    loads = [0] * trucks
    for weight, truck in zip(parcels, answer):
        loads[truck - 1] += weight
    fragile = []
    for truck in rng.sample(range(1, trucks + 1), rng.randint(2, trucks)):
        fragile.append(rng.choice([place for place in range(count) if answer[place] == truck]))
    return {
        "parcels": parcels,
        "trucks": trucks,
        "limit": max(loads) + rng.randint(0, 3),
        "fragile": sorted(fragile),
        "answer": answer,
    }


def verify(parcels: list[int], trucks: int, limit: int, fragile: list[int], answer: list[int]) -> bool:
    if min(answer) < 1 or max(answer) > trucks or len(answer) != len(parcels):
        return False
    loads = [0] * trucks
    for weight, truck in zip(parcels, answer):
        loads[truck - 1] += weight
    if max(loads) > limit:
        return False
    return len({answer[place] for place in fragile}) == len(fragile)


def admits(parcels: list[int], trucks: int, limit: int, fragile: list[int]) -> bool:
    if not 1 <= len(parcels) <= 200 or not 1 <= trucks <= 100 or any(not 0 < weight <= limit for weight in parcels):
        return False
    return len(set(fragile)) == len(fragile) and all(0 <= place < len(parcels) for place in fragile)
