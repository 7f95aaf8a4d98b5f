"""Meeting rooms: hold all meetings in as few rooms as possible."""

from heapq import heappop, heappush
from random import Random

STATEMENT = (
    "Each pair in {meetings} is a meeting: the minute in which it starts and the minute in which it ends. Two "
    "meetings in the same room must not overlap, but one may start in the very minute in which another one ends. "
    "Give each meeting a room, numbered from 1, so that as few rooms as possible are needed, and no number is above "
    "that smallest number of rooms. Give the room of each meeting, in the order of the list. Any such plan counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    meetings = []
    for _ in range(4 + 2 * min(difficulty, 100)):
        start = 5 * rng.randint(0, 60)
        meetings.append((start, start + 5 * rng.randint(2, 20)))
    return {"meetings": meetings}


def example(meetings: list[tuple[int, int]]) -> list[int]:
    plan = [0] * len(meetings)
    busy: list[tuple[int, int]] = []  # (end, room) of the rooms opened so far
    for start, end, i in sorted((start, end, i) for i, (start, end) in enumerate(meetings)):
        plan[i] = heappop(busy)[1] if busy and busy[0][0] <= start else len(busy) + 1
        heappush(busy, (end, plan[i]))
    return plan


def rooms_needed(meetings: list[tuple[int, int]]) -> int:
    """The largest number of meetings that go on at once."""
    changes = [(start, 1) for start, _ in meetings] + [(end, -1) for _, end in meetings]
    most = now = 0
    for _, change in sorted(changes):  # at the same minute ends come before starts
        now += change
        most = max(most, now)
    return most


def verify(meetings: list[tuple[int, int]], answer: list[int]) -> bool:
    if len(answer) != len(meetings):
        return False
    last_end: dict[int, int] = {}
    for (start, end), room in sorted(zip(meetings, answer)):
        if room in last_end and start < last_end[room]:
            return False
        last_end[room] = end
    needed = rooms_needed(meetings)
    return all(1 <= room <= needed for room in last_end)


def admits(meetings: list[tuple[int, int]]) -> bool:
    return all(start < end for start, end in meetings) and len(meetings) <= 500
