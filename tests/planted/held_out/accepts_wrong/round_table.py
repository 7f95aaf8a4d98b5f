"""Round table: seat the guests so that nobody sits beside somebody they have quarrelled with."""

from itertools import combinations
from random import Random

NAMES = [
    "Ada", "Ben", "Cleo", "Dov", "Eva", "Finn", "Gita", "Hugo", "Ines", "Jon", "Kira", "Leo",
    "Mona", "Nils", "Olga", "Piet", "Quinn", "Rosa", "Sven", "Tara", "Udo", "Vera", "Wim", "Yara",
]
STATEMENT = (
    "The guests {guests} sit at one round table that has exactly as many chairs as there are guests. "
    "These pairs have quarrelled: {quarrels}. Nobody may sit directly beside somebody with whom they have "
    "quarrelled. Name all the guests, each once, in the order in which they sit around the table, starting "
    "with any of them; as the table is round, the last one named sits beside the first. "
    "Any order that keeps the quarrelling apart is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(len(NAMES), 5 + difficulty)
    seated = rng.sample(NAMES, count)
    beside = {frozenset((seated[i - 1], seated[i])) for i in range(count)}
    free = [pair for pair in combinations(seated, 2) if frozenset(pair) not in beside]
    share = rng.uniform(0.55, 0.75)
    quarrels = [
        pair if rng.random() < 0.5 else (pair[1], pair[0])
        for pair in rng.sample(free, max(2, int(share * len(free))))
    ]
    guests = sorted(seated)
    turn = rng.randrange(count)
    return {"guests": guests, "quarrels": quarrels, "answer": seated[turn:] + seated[:turn]}


def verify(guests: list[str], quarrels: list[tuple[str, str]], answer: list[str]) -> bool:
    if sorted(answer) != sorted(guests):
        return False
    apart = {frozenset(pair) for pair in quarrels}
    return all(frozenset(pair) not in apart for pair in zip(answer, answer[1:]))


def admits(guests: list[str], quarrels: list[tuple[str, str]]) -> bool:
    if len(guests) < 3 or len(set(guests)) != len(guests):
        return False
    return all(a != b and a in guests and b in guests for a, b in quarrels)
