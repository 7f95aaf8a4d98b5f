"""Lecture rooms: give every lecture a room so that no two lectures disturb each other."""

import heapq
from random import Random

STATEMENT = (
    "A school has rooms numbered from 1 to {rooms}. The lectures of a day, in the order in which they were announced, "
    "last from one hour to another: {lectures}. Two lectures must not be in the same room at the same time, but one "
    "may begin in a room in the very hour in which another one ends there. Give the number of a room for every "
    "lecture, in the order of the announcement. Any plan without a clash is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    lectures = []
    for _ in range(4 + 2 * difficulty):
        start = rng.randint(6, 18 + difficulty // 4)
        lectures.append((start, start + rng.choice([1, 1, 2, 2, 3, 4])))
    return {"lectures": lectures, "rooms": busiest(lectures)}


def busiest(lectures: list[tuple[int, int]]) -> int:
    """The largest number of lectures that run at one time."""
    return max(sum(start <= hour < end for start, end in lectures) for hour, _ in lectures)


def example(lectures: list[tuple[int, int]], rooms: int) -> list[int]:
    plan = [0] * len(lectures)
    free = list(range(1, rooms + 1))
    running: list[tuple[int, int]] = []
    for index in sorted(range(len(lectures)), key=lambda i: lectures[i]):
        start, end = lectures[index]
        while running and running[0][0] <= start:
            heapq.heappush(free, heapq.heappop(running)[1])
        plan[index] = heapq.heappop(free)
        heapq.heappush(running, (end, plan[index]))
    return plan


def verify(lectures: list[tuple[int, int]], rooms: int, answer: list[int]) -> bool:
    if len(answer) != len(lectures) or not all(1 <= room <= rooms for room in answer):
        return False
    for (start, _), room in zip(lectures, answer):
        for (other_start, other_end), other_room in zip(lectures, answer):
            if room == other_room and other_start < start < other_end:
                return False
    return True


def admits(lectures: list[tuple[int, int]], rooms: int) -> bool:
    if not 0 < len(lectures) <= 100 or any(start >= end for start, end in lectures):
        return False
    return busiest(lectures) <= rooms <= 100
