"""Library regulars: who came to the library exactly so often, and first of all these?"""

from collections import Counter
from random import Random

NAMES = [
    "Abe", "Bess", "Cal", "Dot", "Ed", "Flo", "Gil", "Hope", "Ike", "Joy", "Kit", "Lou", "Max", "Nell",
    "Oz", "Peg", "Ray", "Sue", "Tim", "Una", "Vic", "Win", "Xan", "Yves", "Zoe",
]
STATEMENT = (
    "A library notes its visitors in order of arrival: {visits}. A visit that follows directly on a visit of the same "
    "person is the same visit noted twice and counts once. Consider the people who made exactly {times} visits. "
    "Which of them made a first visit before all the others of them did?"
)


def generate(rng: Random, difficulty: int) -> dict:
    people = rng.sample(NAMES, min(len(NAMES), 4 + difficulty))
    weights = [rng.choice([1, 2, 3]) for _ in people]
    visits: list[str] = []
    for _ in range(6 + 4 * difficulty):
        if visits and rng.random() < 0.15:
            visits.append(visits[-1])
        else:
            visits += rng.choices(people, weights)
    return {"visits": visits, "times": rng.randint(2, 3)}


def without_repeats(visits: list[str]) -> list[str]:
    return [name for place, name in enumerate(visits) if place == 0 or visits[place - 1] != name]


def solve(visits: list[str], times: int) -> str:
    counts = Counter(without_repeats(visits))
    return next((name for name in counts if counts[name] == times), "")


def verify(visits: list[str], times: int, answer: str) -> bool:
    return answer == solve(visits, times)


def admits(visits: list[str], times: int) -> bool:
    return len(visits) > 0 and times >= 1
