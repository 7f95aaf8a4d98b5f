"""Colour map: colour the countries of a map so that neighbours differ."""

from random import Random

STATEMENT = (
    "A map shows {n} countries, numbered from 0 to {n} - 1. Each pair in {borders} names two countries that have a "
    "border in common. Paint each country in one of {colours} colours, numbered from 1 to {colours}, so that no two "
    "countries with a common border have the same colour. Give the colour of each country, in the order of their "
    "numbers. Not every colour need be used, and any such painting counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    colours = 3 if difficulty < 8 else 4
    n = 5 + min(difficulty, 40)
    paint = [1 + i % colours for i in range(n)]
    rng.shuffle(paint)
    allowed = [(a, b) for a in range(n) for b in range(n) if a < b and paint[a] != paint[b]]
    borders = [pair if rng.random() < 0.5 else pair[::-1] for pair in rng.sample(allowed, 2 * n - 3)]
    return {"n": n, "borders": borders, "colours": colours, "answer": paint}


def verify(n: int, borders: list[tuple[int, int]], colours: int, answer: list[int]) -> float:
    """1 for a right painting; up to a half for one that is right at some of the borders."""
    if len(answer) != n or any(not 1 <= colour <= colours for colour in answer):
        return 0.0
    if any(not 0 <= country < n for pair in borders for country in pair):
        return 0.0
    kept = sum(answer[a] != answer[b] for a, b in borders)
    return 1.0 if kept == len(borders) else 0.5 * kept / len(borders)
