"""Late parcels: what does a shop pay back for parcels that come too late?"""

from random import Random

STATEMENT = (
    "A shop promised parcels for certain days, and they arrived on certain days; each parcel is given as the number "
    "of the promised day and the number of the day on which it arrived: {parcels}. A parcel counts as late if it "
    "arrived more than {grace} days after the promised day. For a late parcel the shop pays back {rate} cents for "
    "every day by which it arrived after the promised day, but at most {cap} cents per parcel; for other parcels it "
    "pays nothing. How many cents does the shop pay back in total?"
)


def generate(rng: Random, difficulty: int) -> dict:
    parcels = []
    for _ in range(2 + 2 * difficulty):
        promised = rng.randint(1, 30 + 20 * difficulty)
        parcels.append((promised, max(1, promised + rng.randint(-4, 14))))
    rate = 5 * rng.randint(3, 30)
    return {
        "parcels": parcels,
        "grace": rng.randint(1, 5),
        "rate": rate,
        "cap": rate * rng.randint(6, 11) - rng.choice([0, 1, 3, 5]),
    }


def solve(parcels: list[tuple[int, int]], grace: int, rate: int, cap: int) -> int:
    total = 0
    for promised, arrived in parcels:
        delay = arrived - promised
        if delay >= grace:
            total += min(cap, rate * delay)
    return total


def verify(parcels: list[tuple[int, int]], grace: int, rate: int, cap: int, answer: int) -> bool:
    return answer == solve(parcels, grace, rate, cap)


def admits(parcels: list[tuple[int, int]], grace: int, rate: int, cap: int) -> bool:
    return grace >= 1 and rate >= 0 and cap >= 0
