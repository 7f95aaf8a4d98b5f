"""Parade distance: how far apart do two animals walk in a parade?"""

from random import Random

ANIMALS = ["ape", "bear", "camel", "deer", "emu", "fox", "goat", "horse", "ibis", "jackal", "koala", "lion"]
STATEMENT = (
    "In a parade the animals walk one behind the other: {parade}. One of them is the only {single} in the parade. "
    "Look for the {other} that walks nearest to it, in front of it or behind it. How many animals walk between these "
    "two? Count only animals that are not named in {small}, for those are too small to be seen."
)


def generate(rng: Random, difficulty: int) -> dict:
    kinds = rng.sample(ANIMALS, min(len(ANIMALS), 4 + difficulty))
    length = 5 + 3 * difficulty
    parade = [rng.choice(kinds) for _ in range(length)]
    alone = [kind for kind in kinds if parade.count(kind) == 1]
    if not alone:
        crowd = rng.choice(kinds)
        place = parade.index(crowd)
        stand_in = rng.choice([kind for kind in kinds if kind != crowd])
        parade = [kind if kind != crowd or i == place else stand_in for i, kind in enumerate(parade)]
        alone = [crowd]
    single = rng.choice(alone)
    other = rng.choice([kind for kind in dict.fromkeys(parade) if kind != single])
    small = [kind for kind in kinds if kind not in (single, other) and rng.random() < 0.3]
    return {"parade": parade, "single": single, "other": other, "small": small}


def solve(parade: list[str], single: str, other: str, small: list[str]) -> int:
    here = parade.index(single)
    places = [place for place, kind in enumerate(parade) if kind == other]
    nearest = min(places, key=lambda place: (abs(place - here), place))
    low, high = sorted((here, nearest))
    return sum(kind not in small for kind in parade[low + 1 : high])


def verify(parade: list[str], single: str, other: str, small: list[str], answer: int) -> bool:
    return answer == solve(parade, single, other, small)


def admits(parade: list[str], single: str, other: str, small: list[str]) -> bool:
    return parade.count(single) == 1 and other in parade and other != single and len(parade) <= 1000
