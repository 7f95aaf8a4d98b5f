"""Due date: on which date does a number of working days end?"""

from datetime import date, timedelta
from random import Random

STATEMENT = (
    "Dates are written YYYY-MM-DD in the Gregorian calendar. Working days are Mondays to Fridays, except "
    "the holidays {holidays}. A job is handed in on {start} and falls due after {days} working days: the "
    "first one counted is the first working day after {start}, and the job is due on working day number "
    "{days}. Find the date on which it is due."
)


def generate(rng: Random, difficulty: int) -> dict:
    start = date(2000, 1, 1) + timedelta(days=rng.randint(0, 12_000))
    days = rng.randint(3 * difficulty, 7 + 6 * difficulty)
    ahead = rng.sample(range(1, 3 + days * 7 // 5), min(days, difficulty + 1))
    holidays = [(start + timedelta(days=n)).isoformat() for n in ahead]
    return {"start": start.isoformat(), "days": days, "holidays": holidays}


def solve(start: str, days: int, holidays: list[str]) -> str:
    day, closed, left = date.fromisoformat(start), set(holidays), days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day.isoformat() not in closed:
            left -= 1
    return day.isoformat()


def verify(start: str, days: int, holidays: list[str], answer: str) -> bool:
    return answer == solve(start, days, holidays)


def admits(start: str, days: int, holidays: list[str]) -> bool:
    return 1 <= days <= 5000 and is_date(start) and start < "9900" and all(is_date(day) for day in holidays)


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
