"""Final standing: in which order do the clubs stand at the end of a season?"""

from random import Random

CLUBS = ["Alma", "Borea", "Castor", "Delta", "Eos", "Fortuna", "Gamma", "Helios", "Iris", "Juno", "Kosmos", "Luna"]
STATEMENT = (
    "At the end of a season each club is listed with its points, the goals it scored and the goals it let in: "
    "{clubs}. The club with more points stands higher. With equal points the greater difference between the "
    "goals scored and those let in decides; if that is equal too, the greater number of goals scored; "
    "and then the name that is first in the alphabet. Name the clubs, the highest one first."
)


def generate(rng: Random, difficulty: int) -> dict:
    names = rng.sample(CLUBS, min(len(CLUBS), 3 + difficulty))
    clubs = []
    for name in names:
        scored = rng.randint(8, 12 + difficulty)
        difference = rng.randint(-3, 3)
        clubs.append((name, rng.randint(10, 15 + difficulty), scored, scored - difference))
    return {"clubs": clubs}


def solve(clubs: list[tuple[str, int, int, int]]) -> list[str]:
    def rank(club: tuple[str, int, int, int]) -> tuple[int, int, int, str]:
        name, points, scored, conceded = club
        return -points, conceded - scored, scored, name

    return [club[0] for club in sorted(clubs, key=rank)]


def verify(clubs: list[tuple[str, int, int, int]], answer: list[str]) -> bool:
    return answer == solve(clubs)


def admits(clubs: list[tuple[str, int, int, int]]) -> bool:
    names = [club[0] for club in clubs]
    if not clubs or len(set(names)) != len(names) or not set(names) <= set(CLUBS):
        return False
    return all(min(numbers) >= 0 for _, *numbers in clubs)
