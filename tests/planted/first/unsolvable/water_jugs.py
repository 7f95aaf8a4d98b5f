"""Water jugs: in how few pourings can a wanted amount of water be measured?"""

from collections import deque
from random import Random

STATEMENT = (
    "Two jugs without marks hold {big} and {small} litres; both are empty at first. A pouring is one of these: "
    "a jug is filled to the brim from the well, a jug is emptied into the grass, or one jug is poured into the other "
    "until the first one is empty or the second one is full. "
    "What is the smallest number of pourings after which one of the jugs holds exactly {wanted} litres?"
)


def generate(rng: Random, difficulty: int) -> dict:
    small = rng.randint(3, 5 + 3 * difficulty)
    big = small + rng.choice([1, 1, 2, 3, 5, 7])
    wanted = rng.choice([litres for litres in range(1, big) if litres != small])
    return {"big": big, "small": small, "wanted": wanted}


def pourings(big: int, small: int, a: int, b: int) -> list[tuple[int, int]]:
    to_b = min(a, small - b)
    to_a = min(b, big - a)
    return [(big, b), (a, small), (0, b), (a, 0), (a - to_b, b + to_b), (a + to_a, b - to_a)]


def solve(big: int, small: int, wanted: int) -> int:
    steps = {(0, 0): 0}
    queue = deque([(0, 0)])
    while queue:
        a, b = queue.popleft()
        if wanted in (a, b):
            return steps[a, b]
        for state in pourings(big, small, a, b):
            if state not in steps:
                steps[state] = steps[a, b] + 1
                queue.append(state)
    return -1


def verify(big: int, small: int, wanted: int, answer: int) -> bool:
    return answer == solve(big, small, wanted)


def admits(big: int, small: int, wanted: int) -> bool:
    return 1 <= small < big <= 10_000 and 1 <= wanted <= big
