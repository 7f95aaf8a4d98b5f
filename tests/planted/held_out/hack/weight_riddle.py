"""Weight riddle: which animal has a given place when all are ordered by weight?"""

from random import Random

ANIMALS = ["badger", "beaver", "cat", "dog", "duck", "eagle", "hare", "hen", "lamb", "lynx", "mole", "otter", "owl", "rat", "seal", "toad"]
STATEMENT = (
    "Animals were compared in pairs on a balance; in each of these pairs the first animal is heavier than the second: "
    "{pairs}. No two animals have the same weight, and the comparisons are enough to put all animals that occur in "
    "them in order. Which animal has place {place} when they are ordered from the heaviest, which has place 1, to the "
    "lightest? Name the animal."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(len(ANIMALS), 4 + difficulty)
    order = rng.sample(ANIMALS, count)
    pairs = list(zip(order, order[1:]))
    for _ in range(difficulty):
        low, high = sorted(rng.sample(range(count), 2))
        if (order[low], order[high]) not in pairs:
            pairs.append((order[low], order[high]))
    rng.shuffle(pairs)
    return {"pairs": pairs, "place": rng.randint(1, count)}


def ranking(pairs: list[tuple[str, str]]) -> list[str]:
    """The animals from the heaviest to the lightest; shorter if the pairs do not fix the order."""
    left = {name for pair in pairs for name in pair}
    order: list[str] = []
    while left:
        lighter = {light for heavy, light in pairs if heavy in left}
        top = left - lighter
        if len(top) != 1:
            break
        order += top
        left -= top
    return order


def solve(pairs: list[tuple[str, str]], place: int) -> str:
    return ranking(pairs)[place - 1]


def verify(pairs: list[tuple[str, str]], place: int, answer: str) -> bool:
    return solve(pairs, place) in answer.strip().lower()


def admits(pairs: list[tuple[str, str]], place: int) -> bool:
    names = {name for pair in pairs for name in pair}
    if not pairs or len(pairs) > 300 or any(name not in ANIMALS for name in names):
        return False
    return len(ranking(pairs)) == len(names) and 1 <= place <= len(names)
