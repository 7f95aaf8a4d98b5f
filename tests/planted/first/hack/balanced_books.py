"""Balanced books: find entries of an account that cancel each other out."""

from random import Random

STATEMENT = (
    "An account has these entries, in cents, numbered from 0: {entries}. Choose some of them, at least two and at "
    "most {most}, that cancel each other out, so that their sum is 0. No entry may be chosen twice. "
    "Name the numbers of the chosen entries in rising order; if several choices are possible, any of them is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 2 * difficulty
    hidden = rng.randint(3, 3 + difficulty // 2)
    reach = 60 + 40 * difficulty
    entries = [amount(rng, reach) for _ in range(count)]
    for _ in range(50):
        places = sorted(rng.sample(range(count), hidden))
        last = -sum(entries[place] for place in places[:-1])
        if reach // 4 <= abs(last) <= reach:
            entries[places[-1]] = last
            break
    else:
        places = [0, 1]
        entries[1] = -entries[0]
    return {"entries": entries, "most": len(places), "answer": places}


def amount(rng: Random, reach: int) -> int:
    return rng.choice([-1, 1]) * rng.randint(reach // 4, reach)


def is_rising(numbers: list[int]) -> bool:
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def verify(entries: list[int], most: int, answer: list[int]) -> bool:
    if len(answer) > most or not is_rising(answer):
        return False
    if any(not 0 <= number < len(entries) for number in answer):
        return False
    return sum(entries[number] for number in answer) == 0


def admits(entries: list[int], most: int) -> bool:
    return 2 <= most <= len(entries) and all(entry != 0 for entry in entries)
