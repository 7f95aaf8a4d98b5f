"""Lecture rooms: give every lecture a room so that no two lectures disturb each other."""

from heapq import heapify, heappop, heappush
from random import Random

STATEMENT = (
    "Lectures are held from the first to the second time, in minutes after midnight: {lectures}. "
    "There are {rooms} rooms, numbered from 1. Give each lecture one room for its whole time, so that no two "
    "lectures are held in the same room at once; a lecture may begin in a room at the very minute at which "
    "another one ends there. Name the rooms of the lectures in the given order. Any fitting plan will do."
)


def generate(rng: Random, difficulty: int) -> dict:
    lectures = []
    for _ in range(min(200, 4 + 2 * difficulty)):
        start = 480 + 15 * rng.randint(0, min(54, 14 + 2 * difficulty))
        lectures.append((start, start + 15 * rng.randint(2, 8)))
    return {"lectures": lectures, "rooms": busiest(lectures)}


def busiest(lectures: list[tuple[int, int]]) -> int:
    return max((sum(s <= start <= e for s, e in lectures) for start, _ in lectures), default=0)


def example(lectures: list[tuple[int, int]], rooms: int) -> list[int]:
    free = list(range(1, rooms + 1))
    heapify(free)
    running: list[tuple[int, int]] = []
    plan = [0] * len(lectures)
    for index in sorted(range(len(lectures)), key=lambda i: lectures[i]):
        start, end = lectures[index]
        while running and running[0][0] < start:
            heappush(free, heappop(running)[1])
        plan[index] = heappop(free)
        heappush(running, (end, plan[index]))
    return plan


def verify(lectures: list[tuple[int, int]], rooms: int, answer: list[int]) -> bool:
    if len(answer) != len(lectures) or not all(1 <= room <= rooms for room in answer):
        return False
    ends: dict[int, int] = {}
    for (start, end), room in sorted(zip(lectures, answer)):
        if room in ends and ends[room] >= start:
            return False
        ends[room] = end
    return True


def admits(lectures: list[tuple[int, int]], rooms: int) -> bool:
    if not 0 < len(lectures) <= 200 or not all(0 <= start < end <= 1440 for start, end in lectures):
        return False
    return busiest(lectures) <= rooms <= 200
