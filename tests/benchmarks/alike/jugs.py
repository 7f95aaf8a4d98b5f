"""Jugs: measure out water with three jugs that have no marks.

For the benchmarks, not of the shelf: reasoning-gym's task of that name, in its sizes whatever the difficulty.
"""

import math
from collections import deque
from random import Random

STATEMENT = (
    "Three jugs, numbered from 0, hold {sizes} litres when they are full, and are empty at first. A step fills a jug "
    "(written fill 0), empties one (empty 0), or pours one into another until that is full or the first is empty "
    "(pour 0 1). Get exactly {target} litres into one of them. List the steps in order. Any that get there count."
)
LEAST = 5


def generate(rng: Random, difficulty: int) -> dict:
    while True:
        sizes = [rng.randint(3, 3 + LEAST) for _ in range(3)]
        unit = math.gcd(*sizes)
        target = rng.choice([litres for litres in range(1, max(sizes) + 1) if litres % unit == 0])
        if fewest(sizes, target) >= LEAST:
            return {"sizes": sizes, "target": target, "answer": measured(sizes, target)}


STEPS = [f"{word} {i}" for i in range(3) for word in ("fill", "empty")]
STEPS += [f"pour {i} {j}" for i in range(3) for j in range(3) if i != j]


def after(held: tuple, sizes: list) -> list:
    """What the jugs hold after each of the steps."""
    states = []
    for i in range(3):
        for litres in (sizes[i], 0):
            now = list(held)
            now[i] = litres
            states.append(tuple(now))
    for i in range(3):
        for j in range(3):
            if i != j:
                now = list(held)
                poured = min(held[i], sizes[j] - held[j])
                now[i] -= poured
                now[j] += poured
                states.append(tuple(now))
    return states


def fewest(sizes: list, target: int) -> int:
    """How many steps are needed; 0 where the target cannot be had."""
    start = (0, 0, 0)
    seen, queue = {start}, deque([(start, 0)])
    while queue:
        held, steps = queue.popleft()
        if target in held:
            return steps
        for then in after(held, sizes):
            if then not in seen:
                seen.add(then)
                queue.append((then, steps + 1))
    return 0


def measured(sizes: list, target: int) -> list:
    """The steps, found by a second search that remembers its ways."""
    seen: set = set()
    queue: deque = deque([((0, 0, 0), [])])
    while queue:
        held, way = queue.popleft()
        if target in held:
            return way
        if held not in seen:
            seen.add(held)
            for step, then in zip(STEPS, after(held, sizes), strict=True):
                queue.append((then, [*way, step]))
    return []


def verify(sizes: list[int], target: int, answer: list[str]) -> bool:
    held = [0, 0, 0]
    for step in answer:
        match step.split():
            case ["fill", ("0" | "1" | "2") as i]:
                held[int(i)] = sizes[int(i)]
            case ["empty", ("0" | "1" | "2") as i]:
                held[int(i)] = 0
            case ["pour", ("0" | "1" | "2") as i, ("0" | "1" | "2") as j] if i != j:
                poured = min(held[int(i)], sizes[int(j)] - held[int(j)])
                held[int(i)] -= poured
                held[int(j)] += poured
            case _:
                return False
    return target in held
