"""Common free day: find a date on which everyone can come."""

from datetime import date, timedelta
from random import Random

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NAMES = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gil"]
STATEMENT = (
    "Dates are written YYYY-MM-DD in the Gregorian calendar. A meeting is to be held on a date from {first} to {last}, "
    "both included, but not on a {closed}. For each person who takes part, {busy} lists the dates on which the "
    "person is not free. Find a date for the meeting on which everybody is free. Any such date counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    start = date(2010, 1, 1) + timedelta(days=rng.randint(0, 9000))
    days = [start + timedelta(days=n) for n in range(8 + 3 * min(difficulty, 40))]
    closed = rng.randrange(7)
    open_days = [day for day in days if day.weekday() != closed]
    free = rng.sample(open_days, rng.randint(1, 2))
    names = rng.sample(NAMES, 2 + min(difficulty, 10) // 2)
    busy: dict[str, list[str]] = {name: [] for name in names}
    for day in open_days:
        if day not in free:
            for name in rng.sample(names, rng.randint(1, 2)):
                busy[name].append(day.isoformat())
    for dates in busy.values():
        rng.shuffle(dates)
    return {"first": days[0].isoformat(), "last": days[-1].isoformat(), "closed": WEEKDAYS[closed], "busy": busy}


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def possible(first: str, last: str, closed: str, busy: dict[str, list[str]]) -> list[str]:
    start, taken = date.fromisoformat(first), {day for dates in busy.values() for day in dates}
    days = [start + timedelta(days=n) for n in range((date.fromisoformat(last) - start).days + 1)]
    return [day.isoformat() for day in days if WEEKDAYS[day.weekday()] != closed and day.isoformat() not in taken]


def example(first: str, last: str, closed: str, busy: dict[str, list[str]]) -> str:
    return possible(first, last, closed, busy)[0]


def verify(first: str, last: str, closed: str, busy: dict[str, list[str]], answer: str) -> bool:
    if not is_date(answer) or not first <= answer <= last or any(answer in dates for dates in busy.values()):
        return False
    return WEEKDAYS[date.fromisoformat(answer).weekday()] != closed


def admits(first: str, last: str, closed: str, busy: dict[str, list[str]]) -> bool:
    if not is_date(first) or not is_date(last) or not first <= last or closed not in WEEKDAYS:
        return False
    if (date.fromisoformat(last) - date.fromisoformat(first)).days > 1000:
        return False
    return len(possible(first, last, closed, busy)) > 0
