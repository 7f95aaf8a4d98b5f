"""Street inspection: walk along every street of a town exactly once."""

from collections import Counter
from random import Random

STATEMENT = (
    "Each pair in {streets} is a street between two crossings, which are named by numbers. An inspector starts at a "
    "crossing of his choice and walks along every street exactly once, in either direction, each time to the "
    "crossing at its other end; if a pair is listed more than once, that many streets run between the two "
    "crossings. He need not end where he started. Give the crossings in the order in which he comes to them, the "
    "first and the last included, a crossing as often as he is there. Any such walk counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = 4 + min(difficulty, 30) // 2
    names = rng.sample(range(1, 10 * n), n)
    at = rng.choice(names)
    streets: list[tuple[int, int]] = []
    walked = set()
    for _ in range(4 + 2 * min(difficulty, 100)):
        free = [name for name in names if name != at and frozenset((at, name)) not in walked]
        if not free:
            break
        to = rng.choice(free)
        walked.add(frozenset((at, to)))
        streets.append((at, to) if rng.random() < 0.5 else (to, at))
        at = to
    rng.shuffle(streets)
    return {"streets": streets}


def example(streets: list[tuple[int, int]]) -> list[int]:
    at_crossing: dict[int, list[int]] = {}
    for i, pair in enumerate(streets):
        for crossing in pair:
            at_crossing.setdefault(crossing, []).append(i)
    start = next((c for c in at_crossing if len(at_crossing[c]) % 2), streets[0][0])
    used = [False] * len(streets)
    stack, walk = [start], []
    while stack:
        here = stack[-1]
        while at_crossing[here] and used[at_crossing[here][-1]]:
            at_crossing[here].pop()
        if at_crossing[here]:
            i = at_crossing[here].pop()
            used[i] = True
            stack.append(sum(streets[i]) - here)
        else:
            walk.append(stack.pop())
    return walk


def verify(streets: list[tuple[int, int]], answer: list[int]) -> bool:
    walked = Counter(tuple(sorted(pair)) for pair in zip(answer, answer[1:]))
    return walked == Counter(tuple(sorted(pair)) for pair in streets)


def admits(streets: list[tuple[int, int]]) -> bool:
    degrees = Counter(crossing for pair in streets for crossing in pair)
    if not 1 <= len(streets) <= 1000 or any(a == b for a, b in streets):
        return False
    if sum(degree % 2 for degree in degrees.values()) > 2:
        return False
    return len(example(streets)) == len(streets) + 1  # shorter when the town falls into parts
