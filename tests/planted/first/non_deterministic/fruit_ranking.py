"""Fruit ranking: order the fruits by how often children named them."""

from random import Random

FRUITS = [
    "apple", "apricot", "banana", "cherry", "date", "fig", "grape", "kiwi", "lemon",
    "mango", "melon", "orange", "papaya", "peach", "pear", "plum", "quince", "raspberry",
]
STATEMENT = (
    "Children named the fruits that they like best, each child a first and a second one: {wishes}. "
    "A fruit gets 2 points for each child that named it first and 1 point for each child that named it second. "
    "Name every fruit that has at least {least} points once, those with more points first. "
    "Fruits with equal points may stand in any order."
)


def generate(rng: Random, difficulty: int) -> dict:
    fruits = rng.sample(FRUITS, min(len(FRUITS), 3 + difficulty))
    wishes = []
    for _ in range(4 + 2 * difficulty):
        first, second = rng.sample(fruits, 2)
        wishes.append((first, second))
    return {"wishes": wishes, "least": rng.randint(1, 2)}


def points_of(wishes: list[tuple[str, str]]) -> dict[str, int]:
    points: dict[str, int] = {}
    for first, second in wishes:
        points[first] = points.get(first, 0) + 2
        points[second] = points.get(second, 0) + 1
    return points


def example(wishes: list[tuple[str, str]], least: int) -> list[str]:
    points = points_of(wishes)
    named = {fruit for wish in wishes for fruit in wish if points[fruit] >= least}
    return sorted(named, key=lambda fruit: -points[fruit])


def verify(wishes: list[tuple[str, str]], least: int, answer: list[str]) -> bool:
    points = points_of(wishes)
    if sorted(answer) != sorted(fruit for fruit in points if points[fruit] >= least):
        return False
    return all(points[a] >= points[b] for a, b in zip(answer, answer[1:]))


def admits(wishes: list[tuple[str, str]], least: int) -> bool:
    return least >= 1 and len(wishes) > 0 and all(first != second for first, second in wishes)
