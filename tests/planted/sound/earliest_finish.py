"""Earliest finish: when can each task of a project be finished at the earliest?"""

from random import Random

TASKS = ["dig", "pour", "frame", "roof", "wire", "pipe", "plaster", "floor", "paint", "glaze", "tile", "plant", "fence"]
STATEMENT = (
    "The tasks of a project take this many days each: {days}. Each pair in {before} names two tasks, the first of "
    "which must be finished before the second can start; a pair may be listed twice. A task that need not wait "
    "(any longer) can start at once, any number of tasks can go on at the same time, and the project starts on "
    "day 0. For every task, give the number of days after the start of the project at which it can be finished at "
    "the earliest: a task of 3 days that need not wait is finished at 3."
)


def generate(rng: Random, difficulty: int) -> dict:
    names = rng.sample(TASKS, min(4 + difficulty, len(TASKS)))
    pairs = [(a, b) for j, b in enumerate(names) for a in names[:j]]
    before = rng.sample(pairs, min(len(pairs), 2 + 2 * difficulty))
    days = {name: rng.randint(1, 9) for name in sorted(names)}
    return {"days": days, "before": before}


def solve(days: dict[str, int], before: list[tuple[str, str]]) -> dict[str, int]:
    """The tasks that finish; one that waits, directly or not, for itself is missing."""
    then: dict[str, list[str]] = {name: [] for name in days}
    open_waits = dict.fromkeys(days, 0)
    for first, second in before:
        then[first].append(second)
        open_waits[second] += 1
    start = dict.fromkeys(days, 0)
    finish: dict[str, int] = {}
    ready = [name for name in days if open_waits[name] == 0]
    while ready:
        task = ready.pop()
        finish[task] = start[task] + days[task]
        for later in then[task]:
            start[later] = max(start[later], finish[task])
            open_waits[later] -= 1
            if open_waits[later] == 0:
                ready.append(later)
    return finish


def verify(days: dict[str, int], before: list[tuple[str, str]], answer: dict[str, int]) -> bool:
    if set(answer) != set(days):
        return False
    start = dict.fromkeys(days, 0)
    for first, second in before:
        start[second] = max(start[second], answer[first])
    return all(answer[task] == start[task] + days[task] for task in days)


def admits(days: dict[str, int], before: list[tuple[str, str]]) -> bool:
    if any(not 0 <= number <= 10**9 for number in days.values()):
        return False
    if any(name not in days for pair in before for name in pair):
        return False
    return len(solve(days, before)) == len(days)
