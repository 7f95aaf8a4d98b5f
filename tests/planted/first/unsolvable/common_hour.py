"""Common hour: when can several busy people meet on one day?"""

import re
from random import Random

OPEN, CLOSE = 8 * 60, 18 * 60
Slot = tuple[str, str]
STATEMENT = (
    "Several people want to meet for {need} minutes without a break. Each of them is busy at some times of the day, "
    "from the first to the second time of each pair: {busy} (one list of pairs for each person). "
    "The meeting must not begin before 08:00 nor end after 18:00; it may begin at the very minute at which somebody "
    "gets free, and end at the very minute at which somebody is busy again. "
    "What is the earliest time at which it can begin? Times are written HH:MM."
)


def generate(rng: Random, difficulty: int) -> dict:
    busy = []
    for _ in range(2 + difficulty // 3):
        slots = []
        time = OPEN + 5 * rng.randint(0, 10)
        while time < CLOSE - 30 and len(slots) < 1 + difficulty // 3:
            end = min(CLOSE, time + 5 * rng.randint(4, 18))
            slots.append((clock(time), clock(end)))
            time = end + 5 * rng.randint(3, 30)
        busy.append(slots)
    return {"need": 5 * rng.randint(4, 10), "busy": busy}


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(time: str) -> int:
    return 60 * int(time[:2]) + int(time[3:])


def solve(need: int, busy: list[list[Slot]]) -> str:
    taken = sorted((minutes_of(start), minutes_of(end)) for slots in busy for start, end in slots)
    begin = OPEN
    for start, end in taken:
        if start - begin >= need:
            break
        begin = max(begin, end)
    return clock(begin)


def verify(need: int, busy: list[list[Slot]], answer: str) -> bool:
    return answer == solve(need, busy)


def admits(need: int, busy: list[list[Slot]]) -> bool:
    times = [time for slots in busy for slot in slots for time in slot]
    if not all(re.fullmatch(r"(0[89]|1[0-7]):[0-5][0-9]|18:00", time) for time in times):
        return False
    return 1 <= need <= CLOSE - OPEN and all(start < end for slots in busy for start, end in slots)
