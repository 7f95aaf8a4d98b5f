"""Class election: who is elected when every ballot ranks three pupils?"""

from random import Random

PUPILS = ["Abel", "Bea", "Carl", "Dora", "Emil", "Frida", "Gus", "Hanna", "Ivo", "Jule", "Karim", "Lotte"]
STATEMENT = (
    "A class elects its speaker. Each of the ballots {ballots} names three pupils: the first gets 3 points, the "
    "second 2 points and the third 1 point. A pupil who is named in {veto} is not allowed to be elected, whatever the "
    "points. Of the others the one with the most points is elected; if several have the most points, it is the one "
    "among them whose name comes first in the alphabet. Who is elected?"
)


def generate(rng: Random, difficulty: int) -> dict:
    pupils = rng.sample(PUPILS, min(len(PUPILS), 4 + difficulty // 2))
    liked = rng.sample(pupils, 3)
    ballots = []
    for _ in range(3 + 2 * difficulty):
        first, second, third = rng.sample(pupils + liked, 3)
        if len({first, second, third}) < 3:
            first, second, third = rng.sample(pupils, 3)
        ballots.append((first, second, third))
    return {"ballots": ballots, "veto": rng.sample(pupils, rng.randint(0, 1))}


def count_points(ballots: list[tuple[str, str, str]]) -> dict[str, int]:
    points: dict[str, int] = {}
    for ballot in ballots:
        for name, gained in zip(ballot, (3, 2, 1)):
            points[name] = points.get(name, 0) + gained
    return points


def solve(ballots: list[tuple[str, str, str]], veto: list[str]) -> str:
    points = count_points(ballots)
    allowed = [name for name in points if name not in veto]
    return max(allowed, key=lambda name: points[name])


def verify(ballots: list[tuple[str, str, str]], veto: list[str], answer: str) -> bool:
    return answer == solve(ballots, veto)


def admits(ballots: list[tuple[str, str, str]], veto: list[str]) -> bool:
    names = {name for ballot in ballots for name in ballot}
    if any(len(set(ballot)) < 3 for ballot in ballots):
        return False
    return all(name.isascii() and name.istitle() and name.isalpha() for name in names) and bool(names - set(veto))
