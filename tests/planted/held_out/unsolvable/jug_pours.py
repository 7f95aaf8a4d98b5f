"""Jug pours: how many actions does it take to measure an amount of water with two jugs?"""

from collections import deque
from random import Random

STATEMENT = (
    "Two jugs without marks hold {large} and {small} litres. At the start the first contains {filled} litres and the "
    "second is empty; a well and a drain are at hand. One action is to fill a jug to the brim from the well, to empty "
    "a jug into the drain, or to pour from one jug into the other until the one is empty or the other is full. What "
    "is the smallest number of actions after which one of the jugs contains exactly {target} litres?"
)


def generate(rng: Random, difficulty: int) -> dict:
    large = rng.randint(4 + 2 * difficulty, 6 + 3 * difficulty)
    small = rng.randint(3, large - 1)
    filled = rng.choice([0, 0, large])
    target = rng.choice([amount for amount in range(1, large) if amount != small])
    return {"large": large, "small": small, "filled": filled, "target": target}


def after_one(state: tuple[int, int], large: int, small: int) -> list[tuple[int, int]]:
    a, b = state
    there, back = min(a, small - b), min(b, large - a)
    return [(large, b), (a, small), (0, b), (a, 0), (a - there, b + there), (a + back, b - back)]


def solve(large: int, small: int, filled: int, target: int) -> int:
    actions = {(filled, 0): 0}
    queue = deque(actions)
    while queue:
        state = queue.popleft()
        if target in state:
            return actions[state]
        for new in after_one(state, large, small):
            if new not in actions:
                actions[new] = actions[state] + 1
                queue.append(new)
    return -1


def verify(large: int, small: int, filled: int, target: int, answer: int) -> bool:
    return answer == solve(large, small, filled, target)


def admits(large: int, small: int, filled: int, target: int) -> bool:
    return 2 <= small < large <= 500 and 0 <= filled <= large and 1 <= target < large
