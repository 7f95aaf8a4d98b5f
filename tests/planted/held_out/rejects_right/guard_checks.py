"""Guard checks: at which minutes must an inspector look in to meet every guard?"""

from random import Random

STATEMENT = (
    "Guards are on duty during the shifts {shifts}, each from its first to its last minute, both included. "
    "An inspector looks in at some whole minutes and then meets everyone who is on duty in that minute. "
    "At which minutes should the inspector come to meet every guard with as few visits as possible? "
    "Name the minutes in any order. When there are several plans with the fewest visits, any of them is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    day = 40 + 20 * difficulty
    shifts = []
    for _ in range(3 + 2 * difficulty):
        first = rng.randint(0, day)
        shifts.append((first, first + rng.randint(2, 25)))
    return {"shifts": shifts}


def example(shifts: list[tuple[int, int]]) -> list[int]:
    visits: list[int] = []
    for first, last in sorted(shifts, key=lambda shift: shift[1]):
        if not visits or visits[-1] < first:
            visits.append(last)
    return visits


def met(shift: tuple[int, int], visits: list[int]) -> bool:
    return any(shift[0] <= minute <= shift[1] for minute in visits)


def verify(shifts: list[tuple[int, int]], answer: list[int]) -> bool:
    if len(answer) != len(example(shifts)):
        return False
    candidates = {last for _, last in shifts}
    if not candidates.issuperset(answer):
        return False
    return all(met(shift, answer) for shift in shifts)


def admits(shifts: list[tuple[int, int]]) -> bool:
    return 1 <= len(shifts) <= 300 and all(first <= last for first, last in shifts)
