"""Platform plan: how many platforms does a small station need?"""

from random import Random

TOWNS = ["Aalen", "Brig", "Celle", "Davos", "Emden", "Fulda", "Gotha", "Husum", "Ilmenau", "Jena", "Kiel", "Lindau"]
MIXER = Random(1913)
STATEMENT = (
    "Trains stop at a small station. Each is given by the town it comes from, the minute of its arrival and the "
    "minute of its departure: {trains}. A train occupies a platform from the minute of its arrival up to and "
    "including the minute of its departure, and only one train fits at a platform. Trains from {through} pass on a "
    "track of their own and need no platform. How many platforms does the station need so that no train has to wait?"
)


def generate(rng: Random, difficulty: int) -> dict:
    towns = rng.sample(TOWNS, min(len(TOWNS), 3 + difficulty // 2))
    through = towns.pop()
    trains = []
    minute = rng.randint(0, 20)
    pace = rng.randint(1, 6)
    for _ in range(5 + 3 * difficulty):
        town = through if rng.random() < 0.12 else rng.choice(towns)
        trains.append((town, minute, minute + rng.randint(1, 12)))
        minute += rng.randint(0, pace)
    if difficulty > 3:  # from here on the timetable is not in order of arrival
        MIXER.shuffle(trains)
    return {"trains": trains, "through": through}


def solve(trains: list[tuple[str, int, int]], through: str) -> int:
    stops = [(arrival, departure) for town, arrival, departure in trains if town != through]
    most = 0
    for minute, _ in stops:
        most = max(most, sum(arrival <= minute <= departure for arrival, departure in stops))
    return most


def verify(trains: list[tuple[str, int, int]], through: str, answer: int) -> bool:
    return answer == solve(trains, through)


def admits(trains: list[tuple[str, int, int]], through: str) -> bool:
    return len(trains) <= 500 and all(arrival <= departure for _, arrival, departure in trains)
