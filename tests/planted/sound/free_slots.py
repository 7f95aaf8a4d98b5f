"""Free slots: when is a hall free for long enough?"""

import re
from random import Random

STATEMENT = (
    "Times of day are written HH:MM, from 00:00 to 23:59. A hall is open from {opens} to {closes}. It is booked for "
    "the times {bookings}, each given by its begin and its end; bookings may overlap, and may reach beyond the "
    "opening hours. Find the stretches of time within the opening hours during which the hall is not booked, each "
    "as long as it can be, and keep those that last at least {minutes} minutes. A stretch ends in the very minute in "
    "which a booking begins, and the next may begin in the very minute in which one ends. Give the begin and the end "
    "of each, in the order of time. There may be none."
)


def generate(rng: Random, difficulty: int) -> dict:
    opens, closes = 60 * rng.randint(6, 9), 60 * rng.randint(19, 22)
    bookings = []
    for _ in range(3 + min(difficulty, 200)):
        begin = rng.randint(opens // 5 - 8, closes // 5 - 1) * 5
        bookings.append((clock(begin), clock(min(begin + 5 * rng.randint(3, 22), 1439))))
    minutes = rng.choice([10, 15, 20, 30, 45])
    return {"opens": clock(opens), "closes": clock(closes), "bookings": bookings, "minutes": minutes}


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(time: str) -> int:
    return 60 * int(time[:2]) + int(time[3:])


def solve(opens: str, closes: str, bookings: list[tuple[str, str]], minutes: int) -> list[tuple[str, str]]:
    free_from, end = minute_of(opens), minute_of(closes)
    slots = []
    for begin, until in sorted(bookings):
        stop = min(minute_of(begin), end)
        if stop - free_from >= minutes:
            slots.append((clock(free_from), clock(stop)))
        free_from = max(free_from, minute_of(until))
    if end - free_from >= minutes:
        slots.append((clock(free_from), clock(end)))
    return slots


def verify(
    opens: str, closes: str, bookings: list[tuple[str, str]], minutes: int, answer: list[tuple[str, str]]
) -> bool:
    return answer == solve(opens, closes, bookings, minutes)


def admits(opens: str, closes: str, bookings: list[tuple[str, str]], minutes: int) -> bool:
    pairs = [(opens, closes), *bookings]
    return minutes > 0 and all(is_time(begin) and is_time(end) and begin < end for begin, end in pairs)


def is_time(text: str) -> bool:
    return re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None
