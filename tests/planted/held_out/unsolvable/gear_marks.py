"""Gear marks: after how many turns does the mark on a gear point to a given tooth?"""

from random import Random

STATEMENT = (
    "A gear has {teeth} teeth, numbered from 0 around its rim. At first a pointer is at tooth {start}. Each turn of a "
    "crank moves the gear so that the number at the pointer grows by {step}; after the highest number it goes on "
    "with 0. Only after a number of turns that is a multiple of {group} does the gear come to rest. After how many "
    "turns, at least one, does the gear for the first time come to rest with tooth {goal} at the pointer?"
)


def generate(rng: Random, difficulty: int) -> dict:
    teeth = rng.randrange(9 + 10 * difficulty, 25 + 26 * difficulty, 2)
    start, goal = rng.sample(range(teeth), 2)
    return {
        "teeth": teeth,
        "start": start,
        "step": rng.randrange(3, teeth // 2 + 3),
        "group": rng.choice([1, 2, 2, 4]),
        "goal": goal,
    }


def solve(teeth: int, start: int, step: int, group: int, goal: int) -> int:
    tooth = start
    for turns in range(group, group * teeth + 1, group):
        tooth = (tooth + step * group) % teeth
        if tooth == goal:
            return turns
    return 0


def verify(teeth: int, start: int, step: int, group: int, goal: int, answer: int) -> bool:
    return answer == solve(teeth, start, step, group, goal)


def admits(teeth: int, start: int, step: int, group: int, goal: int) -> bool:
    if not 2 <= teeth <= 100_000 or not 1 <= group <= 1000 or not 1 <= step <= 100_000:
        return False
    return 0 <= start < teeth and 0 <= goal < teeth
