"""Two camps: can children be put into two teams so that no two who quarrel are in the same one?"""

from random import Random

STATEMENT = (
    "There are {n} children, numbered from 1 to {n}. Each pair in {quarrels} names two children who have quarrelled. "
    "Can the children be put into two teams, every child in one of them, so that no two who have quarrelled are in "
    "the same team? A team may be empty or be of any size."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = 5 + 2 * min(difficulty, 150)
    children = rng.sample(range(1, n + 1), n)
    half = rng.randint(n // 3, n // 2)
    between = [(a, b) for a in children[:half] for b in children[half:]]
    chosen = rng.sample(between, min(len(between), n + n // 4))
    if rng.random() < 0.52:
        camp = children[half:] if half < 2 or rng.random() < 0.5 else children[:half]
        first, second = rng.sample(camp, 2)
        chosen[rng.randrange(len(chosen))] = (first, second)
    quarrels = [pair if rng.random() < 0.5 else pair[::-1] for pair in chosen]
    rng.shuffle(quarrels)
    return {"n": n, "quarrels": quarrels}


def solve(n: int, quarrels: list[tuple[int, int]]) -> bool:
    foes: dict[int, list[int]] = {}
    for a, b in quarrels:
        foes.setdefault(a, []).append(b)
        foes.setdefault(b, []).append(a)
    team: dict[int, bool] = {}
    for start in foes:
        if start in team:
            continue
        team[start] = True
        stack = [start]
        while stack:
            child = stack.pop()
            for foe in foes[child]:
                if foe not in team:
                    team[foe] = not team[child]
                    stack.append(foe)
    return all(team[a] != team[b] for a, b in quarrels)


def verify(n: int, quarrels: list[tuple[int, int]], answer: bool) -> bool:
    return answer == solve(n, quarrels)


def admits(n: int, quarrels: list[tuple[int, int]]) -> bool:
    return n >= 1 and all(1 <= a <= n and 1 <= b <= n and a != b for a, b in quarrels)
