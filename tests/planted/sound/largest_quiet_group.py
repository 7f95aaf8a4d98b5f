"""Largest quiet group: invite as many guests as possible without inviting a quarrel."""

from functools import cache
from random import Random

NAMES = ["Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jule", "Kim", "Leo", "Mia", "Nils", "Ota"]
STATEMENT = (
    "For each guest who might be invited, {quarrels} names guests with whom that guest has quarrelled. Two guests "
    "cannot be invited together if at least one of them is named with the other. Invite as many guests as possible. "
    "Give their names, each once, in any order. Any group of the largest possible size counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    names = rng.sample(NAMES, min(5 + difficulty, len(NAMES)))
    quarrels: dict[str, list[str]] = {name: [] for name in names}
    pairs = [(a, b) for i, a in enumerate(names) for b in names[:i]]
    for pair in rng.sample(pairs, 3 * len(names) // 2):
        a, b = rng.sample(pair, 2)
        quarrels[a].append(b)
    return {"quarrels": quarrels}


def example(quarrels: dict[str, list[str]]) -> list[str]:
    names = sorted(quarrels)
    apart = [
        sum(1 << j for j, b in enumerate(names) if b in quarrels[a] or a in quarrels[b]) for a in names
    ]  # for each guest, the ones who cannot come along, as bits

    @cache
    def largest(open_to: int) -> int:
        if open_to == 0:
            return 0
        i = open_to.bit_length() - 1
        rest = open_to & ~(1 << i)
        return max(largest(rest), largest(rest & ~apart[i]) | 1 << i, key=int.bit_count)

    group = largest((1 << len(names)) - 1)
    return [name for i, name in enumerate(names) if group >> i & 1]


def verify(quarrels: dict[str, list[str]], answer: list[str]) -> float:
    """1 for a largest group; up to a half for a smaller one in which there is no quarrel."""
    group = set(answer)
    if len(group) < len(answer) or not group <= set(quarrels):
        return 0.0
    if any(other in group for name in group for other in quarrels[name]):
        return 0.0
    most = len(example(quarrels))
    return 1.0 if len(group) == most else 0.5 * len(group) / most


def admits(quarrels: dict[str, list[str]]) -> bool:
    if len(quarrels) > 16 or any(len(named) > 50 for named in quarrels.values()):
        return False
    return all(other in quarrels and other != name for name, named in quarrels.items() for other in named)
