"""Stair ways: in how many ways can a stair with broken steps be climbed?"""

from random import Random

STATEMENT = (
    "A stair has {height} steps, numbered from 1. Somebody who stands before it climbs it and takes 1 or 2 or more "
    "steps at a time, but at most {stride}. The steps {broken} are broken and must not be stepped on; "
    "they can be passed over. In how many different ways can the step {height} be reached? "
    "Two ways differ if they do not step on the same steps. If there is no way, the answer is 0."
)
WAYS: dict[tuple[int, int], int] = {}


def generate(rng: Random, difficulty: int) -> dict:
    height = rng.randint(4, min(150, 6 + 2 * difficulty))
    stride = rng.randint(2, min(9, 3 + difficulty // 4))
    broken = sorted(rng.sample(range(1, height), rng.randint(1, 1 + height // 5)))
    return {"height": height, "stride": stride, "broken": broken}


def ways(step: int, height: int, stride: int, broken: list[int]) -> int:
    """In how many ways the top can be reached from a step."""
    if step == height:
        return 1
    key = (height - step, stride)
    if key not in WAYS:
        total = 0
        for width in range(1, stride + 1):
            if step + width <= height and step + width not in broken:
                total += ways(step + width, height, stride, broken)
        WAYS[key] = total
    return WAYS[key]


def solve(height: int, stride: int, broken: list[int]) -> int:
    return ways(0, height, stride, broken)


def verify(height: int, stride: int, broken: list[int], answer: int) -> bool:
    return answer == solve(height, stride, broken)


def admits(height: int, stride: int, broken: list[int]) -> bool:
    if not 1 <= height <= 200 or not 1 <= stride <= 20:
        return False
    return len(broken) <= height and all(1 <= step < height for step in broken)
