"""Anagram families: which words consist of the same letters?"""

from random import Random

STATEMENT = (
    "Two different words are anagrams of each other if they consist of the same characters, each equally often. Put "
    "the words {words} into families: each family is made up of a word that has an anagram in the list and of all "
    "its anagrams there; a word that is listed several times counts once, and a word without an anagram in the list "
    "is left out. Give the words of each family in alphabetical order, and the families in the alphabetical order of "
    "their first words (strictly, the order is that of the Unicode code points). There may be no family at all."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = min(3 + difficulty // 4, 8)
    words: list[str] = []
    for _ in range((5 + min(difficulty, 100) + rng.randint(0, 1)) // 2):
        letters = rng.sample("abdegilmnoprstu", size)
        for _ in range(rng.choice([1, 1, 2, 3])):
            words.append("".join(rng.sample(letters, size)))
        if rng.random() < 0.3:
            words.append("".join([letters[0], *letters[:-1]]))  # nearly the same letters
    rng.shuffle(words)
    return {"words": words}


def solve(words: list[str]) -> list[list[str]]:
    families: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        families.setdefault("".join(sorted(word)), []).append(word)
    return [family for family in families.values() if len(family) > 1]


def verify(words: list[str], answer: list[list[str]]) -> bool:
    return answer == solve(words)
