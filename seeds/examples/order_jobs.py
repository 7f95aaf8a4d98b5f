"""Order jobs: put jobs into an order in which each comes after those it waits for."""

from collections import deque
from random import Random

STATEMENT = (
    "There are {n} jobs, numbered from 0 to {n} - 1, and one is done at a time. Each pair in {edges} "
    "names two jobs, the first of which must be done before the second. Give all {n} jobs, each once, in "
    "an order that respects every pair. Any such order counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = 4 + difficulty
    order = rng.sample(range(n), n)
    pairs = [(order[i], order[j]) for j in range(n) for i in range(j)]
    return {"n": n, "edges": rng.sample(pairs, n + difficulty)}


def example(n: int, edges: list[tuple[int, int]]) -> list[int]:
    later: list[list[int]] = [[] for _ in range(n)]
    waits_for = [0] * n
    for first, second in edges:
        later[first].append(second)
        waits_for[second] += 1
    order: list[int] = []
    ready = deque(job for job in range(n) if waits_for[job] == 0)
    while ready:
        order.append(ready.popleft())
        for job in later[order[-1]]:
            waits_for[job] -= 1
            if waits_for[job] == 0:
                ready.append(job)
    return order


def verify(n: int, edges: list[tuple[int, int]], answer: list[int]) -> bool:
    if sorted(answer) != list(range(n)):
        return False
    place = {job: i for i, job in enumerate(answer)}
    return all(place[first] < place[second] for first, second in edges)


def admits(n: int, edges: list[tuple[int, int]]) -> bool:
    if not 1 <= n <= 1000 or any(not 0 <= job < n for pair in edges for job in pair):
        return False
    return len(example(n, edges)) == n  # shorter when the pairs run in a circle
