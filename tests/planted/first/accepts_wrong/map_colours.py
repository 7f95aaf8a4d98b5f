"""Map colours: paint the countries of a map with all the colours of a box so that neighbours differ."""

from random import Random

STATEMENT = (
    "The countries of a map are numbered from 0 to {last}. These pairs of countries are neighbours: {borders}. "
    "A box holds {colours} colours, numbered from 0. Paint every country with one colour so that neighbours "
    "never have the same colour and each colour of the box is used for at least one country. "
    "Name the colours of the countries in the order of the countries' numbers."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 6 + 2 * difficulty
    colours = 3 + difficulty // 3
    paint = list(range(colours)) + [rng.randrange(colours) for _ in range(count - colours)]
    rng.shuffle(paint)
    possible = [(a, b) for a in range(count) for b in range(a + 1, count) if paint[a] != paint[b]]
    borders = rng.sample(possible, min(len(possible), 2 * count))
    borders = [(a, b) if rng.random() < 0.5 else (b, a) for a, b in borders]
    return {"last": count - 1, "borders": borders, "colours": colours, "answer": paint}


def verify(last: int, borders: list[tuple[int, int]], colours: int, answer: list[int]) -> bool:
    if len(answer) != last + 1:
        return False
    if not all(0 <= colour < colours for colour in answer):
        return False
    return all(answer[a] != answer[b] for a, b in borders)


def admits(last: int, borders: list[tuple[int, int]], colours: int) -> bool:
    if last < 0 or not 1 <= colours <= last + 1:
        return False
    return all(a != b and 0 <= a <= last and 0 <= b <= last for a, b in borders)
