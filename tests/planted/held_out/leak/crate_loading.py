"""Crate loading: which crates bring a lift exactly to its permitted load?"""

from random import Random

STATEMENT = (
    "Beside a lift stand crates that weigh {crates} kilograms. The lift is to carry exactly {load} kilograms and "
    "exactly {number} crates. Which crates are put on the lift? Give the positions of the crates in the list, the "
    "first one being position 1, in any order. Any choice that has this number and this weight is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 6 + 2 * difficulty
    number = rng.randint(3, 3 + difficulty // 2)
    top = 20 + 30 * difficulty
    loaded = [rng.randint(5, top) for _ in range(number)]
    left = [rng.randint(5, top) for _ in range(count - number)]
    return {
        "crates": loaded + left,
        "load": sum(loaded),
        "number": number,
        "answer": list(range(1, number + 1)),
    }


def weight(crates: list[int], positions: list[int]) -> int:
    return sum(crates[position - 1] for position in positions)


def verify(crates: list[int], load: int, number: int, answer: list[int]) -> bool:
    if len(answer) != number or len(set(answer)) != number:
        return False
    if any(not 1 <= position <= len(crates) for position in answer):
        return False
    return weight(crates, answer) == load


def admits(crates: list[int], load: int, number: int) -> bool:
    """Whether some choice of crates has the number and the load."""
    if not 1 <= number <= len(crates) <= 40 or any(not 1 <= crate <= 1000 for crate in crates):
        return False
    reached: list[int] = [1] + [0] * number  # a bit for each weight that so many crates can have
    for crate in crates:
        for taken in range(number, 0, -1):
            reached[taken] |= reached[taken - 1] << crate
    return 0 < load <= 40_000 and bool(reached[number] >> load & 1)
