"""Pantry thief: who took the cake, if everybody else was seen too far away?"""

from random import Random

NAMES = ["Anna", "Boris", "Clara", "Denis", "Emma", "Felix", "Greta", "Hugo", "Irma", "Jakob", "Karla", "Lukas"]
STATEMENT = (
    "At minute {minute} somebody took a cake from the pantry. It was exactly one of {people}. "
    "These sightings are certain, each given as the name of a person, the minute, and how many metres from the "
    "pantry the person was then: {sightings}. Nobody can go more than {pace} metres in a minute. "
    "Who took the cake?"
)


def generate(rng: Random, difficulty: int) -> dict:
    people = rng.sample(NAMES, min(len(NAMES), 3 + difficulty))
    minute, pace = rng.randint(60, 120), rng.randint(20, 80)
    thief = people[-1]
    sightings = []
    for person in people:
        for _ in range(rng.randint(1, 1 + difficulty // 3)):
            sightings.append(sighting(rng, person, minute, pace, True))
        if person != thief:
            sightings.append(sighting(rng, person, minute, pace, False))
    rng.shuffle(sightings)
    return {"people": people, "minute": minute, "pace": pace, "sightings": sightings}


def sighting(rng: Random, person: str, minute: int, pace: int, harmless: bool) -> tuple[str, int, int]:
    away = rng.randint(2, 12) * rng.choice([-1, 1])
    border = abs(away) * pace
    distance = border - rng.randint(0, 2 * pace) if harmless else border + rng.randint(1, 2 * pace)
    return person, minute + away, distance


def could_be_there(minute: int, pace: int, seen: int, distance: int) -> bool:
    return distance <= pace * abs(minute - seen)


def suspects(people: list[str], minute: int, pace: int, sightings: list[tuple[str, int, int]]) -> list[str]:
    cleared = {name for name, seen, distance in sightings if not could_be_there(minute, pace, seen, distance)}
    return [person for person in people if person not in cleared]


def solve(people: list[str], minute: int, pace: int, sightings: list[tuple[str, int, int]]) -> str:
    return suspects(people, minute, pace, sightings)[0]


def verify(people: list[str], minute: int, pace: int, sightings: list[tuple[str, int, int]], answer: str) -> bool:
    return answer == solve(people, minute, pace, sightings)


def admits(people: list[str], minute: int, pace: int, sightings: list[tuple[str, int, int]]) -> bool:
    if pace <= 0 or len(set(people)) != len(people) or any(distance < 0 for _, _, distance in sightings):
        return False
    return len(suspects(people, minute, pace, sightings)) == 1
