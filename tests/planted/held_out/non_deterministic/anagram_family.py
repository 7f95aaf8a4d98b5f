"""Anagram family: which group of words made of the same letters is the largest?"""

from random import Random

FAMILIES = [
    ["stop", "pots", "spot", "tops", "post"], ["listen", "silent", "enlist", "tinsel"], ["least", "steal", "stale", "tales", "slate"],
    ["care", "race", "acre"], ["lemon", "melon"], ["night", "thing"], ["east", "seat", "teas", "eats"], ["dear", "read", "dare"],
    ["evil", "live", "vile", "veil"], ["arm", "ram", "mar"], ["meat", "team", "mate", "tame"], ["star", "rats", "arts", "tsar"],
    ["petal", "plate", "leapt", "pleat"], ["inch", "chin"], ["stressed", "desserts"], ["angel", "glean", "angle"], ["bored", "robed"],
    ["notes", "stone", "onset", "tones"], ["parts", "strap", "traps"], ["lapse", "pales", "leaps"],
]
STATEMENT = (
    "Words belong to the same family if they consist of the same letters, each as often, in whatever order. Sort the "
    "words {words} into families. Which words are in the largest family? If several families are largest, take the "
    "one whose earliest word stands first in the list. Name the words of the family in the order of the list."
)


def generate(rng: Random, difficulty: int) -> dict:
    words: list[str] = []
    for family in rng.sample(FAMILIES, min(len(FAMILIES), 3 + difficulty)):
        words += rng.sample(family, rng.randint(1, min(4, len(family))))
    rng.shuffle(words)
    return {"words": words}


def letters_of(word: str) -> str:
    return "".join(sorted(word))


def solve(words: list[str]) -> list[str]:
    keys = [letters_of(word) for word in words]
    largest = max(set(keys), key=keys.count)
    return [word for word, key in zip(words, keys) if key == largest]


def verify(words: list[str], answer: list[str]) -> bool:
    return answer == solve(words)


def admits(words: list[str]) -> bool:
    if not 1 <= len(words) <= 300 or len(set(words)) != len(words):
        return False
    return all(0 < len(word) <= 100 and word.isascii() and word.isalpha() and word.islower() for word in words)
