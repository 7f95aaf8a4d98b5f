"""Unread pages: which pages of a book has nobody in the family read?"""

from random import Random

STATEMENT = (
    "A book has the pages 1 to {pages}. Members of a family read in it: each sitting is given as the first and the "
    "last page that was read, both of these included: {sittings}. The pages {pictures} show pictures only and count "
    "as read anyway. Which pages has nobody read? List them in increasing order."
)


def generate(rng: Random, difficulty: int) -> dict:
    pages = 20 + 12 * difficulty
    sittings = []
    covered = 0
    while covered < 1.3 * pages and len(sittings) < 60:
        first = rng.randint(1, pages - 1)
        last = min(pages, first + rng.randint(2, 9 + difficulty))
        sittings.append((first, last))
        covered += last - first + 1
    pictures = rng.sample(range(1, pages + 1), 2 + difficulty)
    return {"pages": pages, "sittings": sittings, "pictures": sorted(pictures)}


def solve(pages: int, sittings: list[tuple[int, int]], pictures: list[int]) -> list[int]:
    read = set(pictures)
    for first, last in sittings:
        read.update(range(first, last))
    return [page for page in range(1, pages + 1) if page not in read]


def verify(pages: int, sittings: list[tuple[int, int]], pictures: list[int], answer: list[int]) -> bool:
    return answer == solve(pages, sittings, pictures)


def admits(pages: int, sittings: list[tuple[int, int]], pictures: list[int]) -> bool:
    if not 1 <= pages <= 2000 or len(sittings) > 500:
        return False
    return all(1 <= first <= last <= pages for first, last in sittings) and all(1 <= page <= pages for page in pictures)
