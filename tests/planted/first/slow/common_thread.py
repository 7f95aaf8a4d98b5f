"""Common thread: how many beads can two strings of beads have in common?"""

from random import Random

STATEMENT = (
    "Two threads carry beads, one letter for the colour of each bead: {first} and {second}. Beads are taken off "
    "from both threads, anywhere, without changing the order of the others, until both threads show the same "
    "colours in the same order. The threads must not be turned around. "
    "How many beads does each thread still carry if as few beads as possible are taken off?"
)


def generate(rng: Random, difficulty: int) -> dict:
    colours = "bgoprwy"[: 3 + difficulty // 2]
    length = min(20, 4 + (3 * difficulty) // 2)
    first = [rng.choice(colours) for _ in range(length)]
    second = [rng.choice(colours) for _ in range(length - rng.randint(0, 1))]
    return {"first": "".join(first), "second": "".join(second)}


def common(first: str, second: str) -> int:
    if not first or not second:
        return 0
    if first[-1] == second[-1]:
        return 1 + common(first[:-1], second[:-1])
    return max(common(first[:-1], second), common(first, second[:-1]))


def solve(first: str, second: str) -> int:
    return common(first, second)


def verify(first: str, second: str, answer: int) -> bool:
    if not 0 <= answer <= min(len(first), len(second)):
        return False
    return answer == solve(first, second)


def admits(first: str, second: str) -> bool:
    if not 1 <= len(first) <= 20 or not 1 <= len(second) <= 20:
        return False
    return first.isalpha() and second.isalpha()
