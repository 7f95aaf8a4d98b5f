"""Friend circle: find as many people as possible who all know each other."""

from itertools import combinations
from random import Random

NAMES = [
    "Ali", "Bo", "Cem", "Dee", "Eli", "Fin", "Gea", "Hal", "Ida", "Jim", "Kai", "Lea", "Mats", "Nia",
    "Ott", "Pam", "Rex", "Sia", "Ted", "Ulf", "Val", "Wes",
]
STATEMENT = (
    "Of the people {people} these pairs know each other: {pairs}. Find a group of people, as large as possible, in "
    "which everybody knows everybody else. Name the people of the group, each once and in any order. Any group of the "
    "largest size is right; a smaller group of this kind is given partial credit."
)


def generate(rng: Random, difficulty: int) -> dict:
    people = rng.sample(NAMES, min(len(NAMES), 5 + difficulty))
    density = rng.uniform(0.4, 0.6)
    pairs = []
    for a, b in combinations(people, 2):
        if rng.random() < density:
            pairs.append((a, b) if rng.random() < 0.5 else (b, a))
    rng.shuffle(pairs)
    return {"people": people, "pairs": pairs or [(people[0], people[1])]}


def links(pairs: list[tuple[str, str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in pairs}


def grow(known: dict[str, set[str]], group: list[str], rest: list[str]) -> list[str]:
    best = group
    for place, name in enumerate(rest):
        if len(group) + len(rest) - place <= len(best):
            break
        found = grow(known, group + [name], [other for other in rest[place + 1 :] if other in known[name]])
        best = max(best, found, key=len)
    return best


def example(people: list[str], pairs: list[tuple[str, str]]) -> list[str]:
    known: dict[str, set[str]] = {name: set() for name in people}
    for a, b in pairs:
        known[a].add(b)
        known[b].add(a)
    return grow(known, [], people)


def verify(people: list[str], pairs: list[tuple[str, str]], answer: list[str]) -> float:
    known = links(pairs)
    if not answer or len(answer) > len(people) or not set(answer) <= set(people):
        return 0.0
    if any(a != b and frozenset((a, b)) not in known for a, b in combinations(answer, 2)):
        return 0.0
    return min(1.0, len(answer) / len(example(people, pairs)))


def admits(people: list[str], pairs: list[tuple[str, str]]) -> bool:
    if not 1 <= len(people) <= 22 or len(set(people)) != len(people) or len(pairs) > 500:
        return False
    return all(a != b and a in people and b in people for a, b in pairs)
