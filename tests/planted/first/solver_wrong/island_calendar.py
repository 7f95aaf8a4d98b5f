"""Island calendar: how many days lie between two dates of a strange calendar?"""

import re
from random import Random

MONTHS = 13
STATEMENT = (
    "On an island a year has 13 months of 28 days each. In a leap year the month 13 has 29 days. "
    "A year is a leap year if its number is divisible by 5 but not by 50, or if it is divisible by 200. "
    "Dates are written YYYY-MM-DD. How many days after {start} is {end}? (From one day to the next it is 1.)"
)


def generate(rng: Random, difficulty: int) -> dict:
    first = rng.randint(100, 1100)
    second = first + rng.randint(0, 1 + 3 * difficulty)
    start, end = sorted([random_date(rng, first), random_date(rng, second)])
    return {"start": start, "end": end}


def random_date(rng: Random, year: int) -> str:
    return f"{year:04d}-{rng.randint(1, MONTHS):02d}-{rng.randint(1, 28):02d}"


def is_leap(year: int) -> bool:
    return year % 5 == 0 and (year % 50 != 0 or year % 200 == 0)


def day_number(date: str) -> int:
    year, month, day = (int(part) for part in date.split("-"))
    before = year - 1
    leap_days = before // 5 - before // 50
    return before * MONTHS * 28 + leap_days + (month - 1) * 28 + day


def solve(start: str, end: str) -> int:
    return day_number(end) - day_number(start)


def verify(start: str, end: str, answer: int) -> bool:
    return answer == solve(start, end)


def is_date(date: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date):
        return False
    year, month, day = (int(part) for part in date.split("-"))
    longest = 29 if month == MONTHS and is_leap(year) else 28
    return year >= 1 and 1 <= month <= MONTHS and 1 <= day <= longest


def admits(start: str, end: str) -> bool:
    return is_date(start) and is_date(end) and start <= end
