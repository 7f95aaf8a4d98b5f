"""Longest trail: how long is the longest hike that visits no hut twice?"""

from random import Random

STATEMENT = (
    "Huts in the mountains are numbered from 0 to {last}. These trails join them, each given as two huts and the "
    "length in kilometres, and can be walked both ways: {trails}. A hike starts at a hut of your choice, follows "
    "trails, ends at a hut of your choice and visits no hut more than once. How many kilometres long is the "
    "longest hike? (A hike that stays at one hut has the length 0.)"
)


def generate(rng: Random, difficulty: int) -> dict:
    huts = min(19, 4 + (3 * difficulty + 1) // 2)
    trails = []
    for hut in range(1, huts):
        trails.append((rng.randrange(hut), hut, rng.randint(2, 9 + difficulty)))
    joined = {(a, b) for a, b, _ in trails}
    for _ in range(3 * huts // 2):
        a, b = sorted(rng.sample(range(huts), 2))
        if (a, b) not in joined:
            joined.add((a, b))
            trails.append((a, b, rng.randint(2, 9 + difficulty)))
    rng.shuffle(trails)
    return {"last": huts - 1, "trails": trails}


def solve(last: int, trails: list[tuple[int, int, int]]) -> int:
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(last + 1)]
    for a, b, length in trails:
        neighbours[a].append((b, length))
        neighbours[b].append((a, length))

    def longest(hut: int, visited: set[int]) -> int:
        best = 0
        for other, length in neighbours[hut]:
            if other not in visited:
                best = max(best, length + longest(other, visited | {other}))
        return best

    return max(longest(hut, {hut}) for hut in range(last + 1))


def verify(last: int, trails: list[tuple[int, int, int]], answer: int) -> bool:
    return answer == solve(last, trails)


def admits(last: int, trails: list[tuple[int, int, int]]) -> bool:
    if not 0 <= last <= 18 or len(trails) > 3 * (last + 1):
        return False
    pairs = {frozenset((a, b)) for a, b, _ in trails}
    if len(pairs) != len(trails):
        return False
    return all(a != b and 0 <= a <= last and 0 <= b <= last and length > 0 for a, b, length in trails)
