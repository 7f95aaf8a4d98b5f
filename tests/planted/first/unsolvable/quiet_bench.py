"""Quiet bench: seat guests in a row so that nobody sits next to somebody he quarrelled with."""

from functools import cache
from random import Random

NAMES = ["Ama", "Bo", "Chidi", "Dev", "Elif", "Farah", "Goro", "Hiro", "Inez", "Jun", "Kofi", "Lin"]
STATEMENT = (
    "The guests {guests} are to sit on one bench, side by side. These pairs of guests have quarrelled and must not "
    "sit next to each other: {quarrels}. The guest {first} wants to sit at the left end. "
    "Name all the guests in the order in which they can sit, from left to right. Any fitting order will do."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(10, 4 + (difficulty + 1) // 2)
    guests = rng.sample(NAMES, count)
    pairs = [(a, b) for i, a in enumerate(guests) for b in guests[i + 1 :]]
    quarrels = rng.sample(pairs, len(pairs) * (34 + 2 * min(difficulty, 10)) // 100)
    return {"guests": guests, "quarrels": quarrels, "first": rng.choice(guests)}


def example(guests: list[str], quarrels: list[tuple[str, str]], first: str) -> list[str]:
    apart = {frozenset(pair) for pair in quarrels}

    @cache
    def rest(seated: str, waiting: tuple[str, ...]) -> tuple[str, ...] | None:
        if not waiting:
            return ()
        for guest in waiting:
            if frozenset((seated, guest)) not in apart:
                others = rest(guest, tuple(x for x in waiting if x != guest))
                if others is not None:
                    return guest, *others
        return None

    row = rest(first, tuple(guest for guest in guests if guest != first))
    return [] if row is None else [first, *row]


def verify(guests: list[str], quarrels: list[tuple[str, str]], first: str, answer: list[str]) -> bool:
    if not answer:
        return not example(guests, quarrels, first)
    if sorted(answer) != sorted(guests) or answer[0] != first:
        return False
    apart = {frozenset(pair) for pair in quarrels}
    return all(frozenset(pair) not in apart for pair in zip(answer, answer[1:]))


def admits(guests: list[str], quarrels: list[tuple[str, str]], first: str) -> bool:
    if not 2 <= len(guests) <= 10 or len(set(guests)) != len(guests) or first not in guests:
        return False
    return all(a != b and a in guests and b in guests for a, b in quarrels)
