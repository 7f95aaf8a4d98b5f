"""Unlucky days: how often does a day of the month fall on a weekday?"""

from datetime import date, timedelta
from random import Random

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATEMENT = (
    "Dates are written YYYY-MM-DD in the Gregorian calendar. Count the dates from {first} to {last}, both included, "
    "that are day number {day} of their month and a {weekday}."
)


def generate(rng: Random, difficulty: int) -> dict:
    span = 365 * (1 + min(difficulty, 30) ** 2 // 3)
    first = date(1901, 1, 1) + timedelta(days=rng.randint(0, 40_000))
    last = first + timedelta(days=span + rng.randint(0, 700))
    day = rng.choice([13, 13, 1, 29, 30, 31, rng.randint(1, 28)])
    return {"first": first.isoformat(), "last": last.isoformat(), "day": day, "weekday": rng.choice(WEEKDAYS)}


def solve(first: str, last: str, day: int, weekday: str) -> int:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    count = 0
    for year in range(start.year, end.year + 1):
        for month in range(1, 13):
            if has_day(year, month, day) and start <= date(year, month, day) <= end:
                count += WEEKDAYS[date(year, month, day).weekday()] == weekday
    return count


def has_day(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (29 if leap else 28) if month == 2 else day <= (30 if month in (4, 6, 9, 11) else 31)


def verify(first: str, last: str, day: int, weekday: str, answer: int) -> bool:
    return answer == solve(first, last, day, weekday)


def admits(first: str, last: str, day: int, weekday: str) -> bool:
    return is_date(first) and is_date(last) and first <= last and 1 <= day <= 31 and weekday in WEEKDAYS


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
