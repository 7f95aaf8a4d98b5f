"""Middle wage: what do people in the middle of each department earn?"""

import statistics
from random import Random

DEPARTMENTS = ["sales", "office", "garage", "kitchen", "store", "laboratory", "garden", "press"]
STATEMENT = (
    "The weekly wages in a firm, in euros, are listed as the department and the wage: {wages}. For each of the "
    "departments {asked}, in this order, find the middle wage: sort the wages of the department by size and take the "
    "one in the middle; if their number is even, take the mean of the two in the middle, rounded down to whole euros. "
    "List the middle wages."
)


def generate(rng: Random, difficulty: int) -> dict:
    departments = rng.sample(DEPARTMENTS, min(len(DEPARTMENTS), 2 + difficulty // 3))
    wages = [(department, rng.randint(300, 900)) for department in departments]
    for _ in range(2 + 3 * difficulty):
        wages.append((rng.choice(departments), rng.randint(300, 900)))
    rng.shuffle(wages)
    asked = rng.sample(departments, rng.randint(1, len(departments)))
    return {"wages": wages, "asked": asked}


def middle(amounts: list[int]) -> int:
    return statistics.median(amounts) // 1


def solve(wages: list[tuple[str, int]], asked: list[str]) -> list[int]:
    by_department: dict[str, list[int]] = {}
    for department, wage in wages:
        by_department.setdefault(department, []).append(wage)
    return [middle(by_department[department]) for department in asked]


def verify(wages: list[tuple[str, int]], asked: list[str], answer: list[int]) -> bool:
    return answer == solve(wages, asked)


def admits(wages: list[tuple[str, int]], asked: list[str]) -> bool:
    if any(not 0 <= wage <= 10**9 for _, wage in wages):
        return False
    return set(asked) <= {department for department, _ in wages}
