"""Busy minutes: for how long is a shared room in use on a day?"""

from random import Random

STATEMENT = (
    "A music room is used by several groups on one day. They have it during these times, given in minutes after "
    "midnight as the beginning and the end: {bookings}. Groups may be in the room together. For how many minutes of "
    "the day is at least one group in the room? A booking from 600 to 610 lasts ten minutes. In addition the "
    "caretaker is there from minute {opens} to minute {closes}, which does not count as use: leave out all minutes in "
    "which the caretaker is there."
)


def generate(rng: Random, difficulty: int) -> dict:
    day = 240 + 100 * min(difficulty, 10)
    bookings = []
    for _ in range(3 + 2 * difficulty):
        begin = 5 * rng.randint(0, day // 5)
        bookings.append((begin, begin + 5 * rng.randint(7, 11)))
    opens = rng.randint(0, day - 60)
    return {"bookings": bookings, "opens": opens, "closes": opens + rng.randint(5, 60)}


def stretches(bookings: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The times in which the room is used, in order and apart from each other."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(bookings):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def solve(bookings: list[tuple[int, int]], opens: int, closes: int) -> int:
    total = 0
    for begin, end in stretches(bookings):
        shared = min(end, closes) - max(begin, opens)
        total += end - begin - max(0, shared)
    return total


def verify(bookings: list[tuple[int, int]], opens: int, closes: int, answer: int) -> bool:
    return answer == solve(bookings, opens, closes)


def admits(bookings: list[tuple[int, int]], opens: int, closes: int) -> bool:
    return opens < closes and all(begin < end for begin, end in bookings)
