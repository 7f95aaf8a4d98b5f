"""Tram stops: how many people ride on a tram at its fullest?"""

from random import Random

STATEMENT = (
    "A tram leaves the depot empty. At each stop of its line first some people get off and then some get on. The "
    "stops, given as the kilometre of the line, the number of people who get off and the number who get on, are "
    "{stops}. Between which two successive stops with at least {apart} kilometres between them does it carry the most "
    "people? Give this number of people. If no two successive stops are that far apart, give 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    line = 6 + 6 * difficulty
    places = sorted({rng.randint(0, line) for _ in range(rng.randint(2, 2 + 2 * difficulty))})
    riding = 0
    stops = []
    for place in places:
        off = rng.randint(0, riding) if place != places[-1] else riding
        on = rng.randint(0, 25) if place != places[-1] else 0
        riding += on - off
        stops.append((place, off, on))
    return {"stops": stops, "apart": rng.randint(1, 4)}


def solve(stops: list[tuple[int, int, int]], apart: int) -> int:
    riding = most = 0
    for (here, off, on), (there, _, _) in zip(stops, stops[1:]):
        riding += on - off
        if there - here >= apart:
            most = max(most, riding)
    return most


def verify(stops: list[tuple[int, int, int]], apart: int, answer: int) -> bool:
    return answer == solve(stops, apart)


def admits(stops: list[tuple[int, int, int]], apart: int) -> bool:
    closest = min(there[0] - here[0] for here, there in zip(stops, stops[1:]))
    if closest <= 0 or apart < 1:
        return False
    riding = 0
    for _, off, on in stops:
        if off < 0 or on < 0 or off > riding:
            return False
        riding += on - off
    return True
