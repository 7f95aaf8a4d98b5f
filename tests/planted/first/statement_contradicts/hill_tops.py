"""Hill tops: which places on a hiking trail are hill tops?"""

from random import Random

STATEMENT = (
    "Along a trail the height above the sea was measured at places numbered from 0 on, in metres: {heights}. "
    "A place is a hill top if it is strictly higher than each of its neighbours on the trail (the first and the "
    "last place have only one neighbour) and at least {least} metres high. "
    "Name the numbers of all hill tops in rising order."
)


def generate(rng: Random, difficulty: int) -> dict:
    low = 10 * rng.randint(30, 90)
    spread = 160 + 40 * difficulty
    heights = [low + rng.randint(0, spread)]
    for _ in range(6 + 3 * difficulty):
        step = rng.randint(-spread // 4, spread // 4)
        heights.append(min(low + spread, max(low, heights[-1] + step)))
    return {"heights": heights, "least": low + rng.randint(0, spread // 3)}


def neighbours(heights: list[int], place: int) -> list[int]:
    around = []
    if place > 0:
        around.append(heights[place - 1])
    if place + 1 < len(heights):
        around.append(heights[place + 1])
    return around


def solve(heights: list[int], least: int) -> list[int]:
    tops = []
    for place, height in enumerate(heights):
        if height >= least and all(height >= other for other in neighbours(heights, place)):
            tops.append(place)
    return tops


def verify(heights: list[int], least: int, answer: list[int]) -> bool:
    return answer == solve(heights, least)


def admits(heights: list[int], least: int) -> bool:
    return len(heights) >= 2
