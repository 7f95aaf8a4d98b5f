"""Region colours: colour a map so that neighbours differ."""

from itertools import combinations
from random import Random

STATEMENT = (
    "On a map the regions are numbered from 0 to {last}. These pairs of regions have a border in common: {borders}. "
    "You have the colours 1 to {colours}. Give every region one of these colours so that no two regions "
    "with a common border have the same one. Name the colours of the regions 0, 1, 2 and so on in this order. "
    "Any such colouring is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 4 + 2 * difficulty
    colours = 3 if difficulty < 6 else rng.choice([3, 4])
    hidden = [1 + region % colours for region in range(count)]
    rng.shuffle(hidden)
    free = [pair for pair in combinations(range(count), 2) if hidden[pair[0]] != hidden[pair[1]]]
    wanted = min(len(free), int(count * rng.uniform(0.9, 1.8)))
    borders = []
    for a, b in rng.sample(free, wanted):
        borders.append((a, b) if rng.random() < 0.5 else (b, a))
    return {"last": count - 1, "borders": borders, "colours": colours, "answer": hidden}


def clashes(borders: list[tuple[int, int]], colouring: list[int]) -> int:
    return sum(colouring[a] == colouring[b] for a, b in borders)


def verify(last: int, borders: list[tuple[int, int]], colours: int, answer: list[int]) -> bool:
    if len(answer) != last + 1:
        return False
    if set(answer) != set(range(1, colours + 1)):
        return False
    return clashes(borders, answer) == 0


def admits(last: int, borders: list[tuple[int, int]], colours: int) -> bool:
    if not 2 <= last <= 200 or not 2 <= colours <= 20:
        return False
    return all(0 <= a <= last and 0 <= b <= last and a != b for a, b in borders)
