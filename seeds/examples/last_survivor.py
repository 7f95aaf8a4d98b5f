"""Last survivor: who is left when every k-th person leaves the circle?"""

from random import Random

STATEMENT = (
    "{n} people stand in a circle, numbered from 1 in clockwise order. Counting starts at person 1, who "
    "counts as one, and goes clockwise; whoever the count reaches as number {k} leaves, and it starts "
    "again from one with the next person still standing. This goes on until a single person is left. Find "
    "that person's number."
)


def generate(rng: Random, difficulty: int) -> dict:
    return {"n": rng.randint(3 + 3 * difficulty, 8 + 8 * difficulty), "k": rng.randint(2, 9 + 2 * difficulty)}


def solve(n: int, k: int) -> int:
    survivor = 0  # counted from 0, in a circle of one
    for size in range(2, n + 1):
        survivor = (survivor + k) % size
    return survivor + 1


def verify(n: int, k: int, answer: int) -> bool:
    return answer == solve(n, k)


def admits(n: int, k: int) -> bool:
    return 1 <= n <= 100_000 and k >= 1
