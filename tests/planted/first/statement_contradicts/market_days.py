"""Market days: how often is there a market between two dates?"""

from datetime import date, timedelta
from random import Random

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATEMENT = (
    "A town has a market on every {weekday}, except when that day is the first or the last day of its month. "
    "How many market days are there from {start} to {end}, both of these days included? "
    "Dates are written YYYY-MM-DD and follow the Gregorian calendar."
)


def generate(rng: Random, difficulty: int) -> dict:
    first = date(rng.randint(1950, 2060), rng.randint(1, 12), rng.randint(1, 28))
    last = first + timedelta(days=rng.randint(10, min(15_000, 20 + 35 * difficulty)))
    return {"weekday": rng.choice(WEEKDAYS), "start": first.isoformat(), "end": last.isoformat()}


def is_market(day: date, weekday: str) -> bool:
    next_day = day + timedelta(days=1)
    return WEEKDAYS[day.weekday()] == weekday and day.day != 1 and next_day.day != 1


def solve(weekday: str, start: str, end: str) -> int:
    day, last = date.fromisoformat(start), date.fromisoformat(end)
    count = 0
    while day < last:
        count += is_market(day, weekday)
        day += timedelta(days=1)
    return count


def verify(weekday: str, start: str, end: str, answer: int) -> bool:
    return answer == solve(weekday, start, end)


def admits(weekday: str, start: str, end: str) -> bool:
    if weekday not in WEEKDAYS:
        return False
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return False
    written = first.isoformat() == start and last.isoformat() == end
    return written and first <= last and 1900 <= first.year and last.year <= 2200 and (last - first).days <= 40_000
