"""Four squares: write a number as a sum of four squares with a side condition."""

from math import isqrt
from random import Random

STATEMENT = (
    "Find four integers whose squares have the sum {total} and whose own sum is even if {total} is even and "
    "odd if it is odd. At least {different} of the four have to be pairwise different. "
    "Zero and negative integers are allowed. Name the four integers in any order; "
    "if there are several solutions, any of them is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    reach = min(70, 3 + 4 * difficulty)
    parts = [rng.randint(0, reach) for _ in range(4)]
    different = min(len(set(parts)), 2 + difficulty // 4)
    return {"total": sum(part * part for part in parts), "different": different}


def example(total: int, different: int) -> tuple[int, int, int, int]:
    return search(total, different) or (0, 0, 0, 0)


def search(total: int, different: int) -> tuple[int, int, int, int] | None:
    for a in range(isqrt(total), -1, -1):
        for b in range(min(a, isqrt(total - a * a)), -1, -1):
            left = total - a * a - b * b
            for c in range(min(b, isqrt(left)), -1, -1):
                d = isqrt(left - c * c)
                if d > c:
                    break
                if d * d == left - c * c and len({a, b, c, d}) >= different:
                    return a, b, c, d
    return None


def verify(total: int, different: int, answer: tuple[int, int, int, int]) -> bool:
    if not all(0 <= part <= isqrt(total) for part in answer):
        return False
    squares = sum(part * part for part in answer)
    return squares == total and sum(answer) % 2 == total % 2 and len(set(answer)) >= different


def admits(total: int, different: int) -> bool:
    if not 0 <= total <= 20_000 or not 1 <= different <= 4:
        return False
    return search(total, different) is not None
