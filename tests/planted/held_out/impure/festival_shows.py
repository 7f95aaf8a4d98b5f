"""Festival shows: see a given number of shows that do not overlap."""

from random import Random

STATEMENT = (
    "At a festival the shows last from one minute to another, given as start and end: {shows}. A visitor wants to see "
    "exactly {wanted} different shows in full. Two shows can both be seen if the one starts at least {walk} minutes "
    "after the other has ended, whichever comes first. Which shows should the visitor see? Give their positions in "
    "the list, counted from 0, in any order. Any choice that works is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    day = 150 + 60 * difficulty
    shows = []
    for _ in range(5 + 3 * difficulty):
        start = 5 * rng.randint(0, day // 5)
        shows.append((start, start + 5 * rng.randint(3, 16)))
    walk = 5 * rng.randint(0, 3)
    most = len(longest_round(shows, walk))
    return {"shows": shows, "wanted": max(1, most - rng.randint(0, 1)), "walk": walk}


def longest_round(shows: list[tuple[int, int]], walk: int) -> list[int]:
    """As many shows as can be seen, always taking the next one that ends first."""
    chosen: list[int] = []
    for place in sorted(range(len(shows)), key=lambda i: shows[i][1]):
        if not chosen or shows[place][0] >= shows[chosen[-1]][1] + walk:
            chosen.append(place)
    return chosen


def example(shows: list[tuple[int, int]], wanted: int, walk: int) -> list[int]:
    return longest_round(shows, walk)[:wanted]


def verify(shows: list[tuple[int, int]], wanted: int, walk: int, answer: list[int]) -> bool:
    if len(answer) != wanted or any(not 0 <= place < len(shows) for place in answer):
        return False
    answer.sort(key=lambda place: shows[place])
    for earlier, later in zip(answer, answer[1:]):
        if earlier == later or shows[later][0] < shows[earlier][1] + walk:
            return False
    return True


def admits(shows: list[tuple[int, int]], wanted: int, walk: int) -> bool:
    if not 1 <= len(shows) <= 500 or walk < 0 or any(start >= end for start, end in shows):
        return False
    return 1 <= wanted <= len(longest_round(shows, walk))
