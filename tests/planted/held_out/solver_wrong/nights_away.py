"""Nights away: how many nights do several voyages last?"""

from itertools import accumulate
from random import Random

MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
STATEMENT = (
    "A ship's log names the day of departure and the day of return of some voyages, each date written as YYYY-MM-DD "
    "in the Gregorian calendar: {voyages}. A voyage that ends on the day after its departure lasts one night. "
    "How many nights do all the voyages last together?"
)


def is_leap(year: int) -> bool:
    return year % 4 == 0


def days_in(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else MONTHS[month - 1]


def day_number(date: str) -> int:
    """The days from the beginning of the year 1 to the date."""
    year, month, day = (int(part) for part in date.split("-"))
    leaps = sum(is_leap(earlier) for earlier in range(1, year))
    before = list(accumulate((days_in(year, m) for m in range(1, month)), initial=0))[-1]
    return 365 * (year - 1) + leaps + before + day


def draw_date(rng: Random, year: int) -> str:
    month = rng.randint(1, 12)
    return f"{year:04d}-{month:02d}-{rng.randint(1, 28):02d}"


def generate(rng: Random, difficulty: int) -> dict:
    voyages = []
    for _ in range(1 + difficulty // 2):
        year = 1960 + rng.randint(-9, 9) * min(15, difficulty)
        dates = draw_date(rng, year), draw_date(rng, year + rng.choice([0, 0, 1, 1, 2, 3]))
        voyages.append((min(dates), max(dates)))
    return {"voyages": voyages}


def solve(voyages: list[tuple[str, str]]) -> int:
    return sum(day_number(back) - day_number(off) for off, back in voyages)


def verify(voyages: list[tuple[str, str]], answer: int) -> bool:
    return answer == solve(voyages)


def is_date(text: str) -> bool:
    digits = text[:4] + text[5:7] + text[8:]
    if len(text) != 10 or text[4] + text[7] != "--" or not (digits.isascii() and digits.isdigit()):
        return False
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    return 1600 <= year <= 2400 and 1 <= month <= 12 and 1 <= day <= days_in(year, month)


def admits(voyages: list[tuple[str, str]]) -> bool:
    return len(voyages) <= 200 and all(is_date(off) and is_date(back) and off <= back for off, back in voyages)
