"""Letter tiles: which words can be laid with the tiles of a bag?"""

from collections import Counter
from random import Random

SYLLABLES = ["an", "be", "cor", "da", "el", "fin", "go", "ha", "in", "ka", "lo", "mar", "ne", "or", "pa", "ri", "sol", "tu"]
STATEMENT = (
    "A bag holds letter tiles, one letter on each: {tiles}. Which of the words {words} can be laid with tiles from "
    "the bag? Every word is tried with the full bag, and each tile can be used once in a word. "
    "Name the words that can be laid, in the order in which they are given."
)


def generate(rng: Random, difficulty: int) -> dict:
    pool = set()
    for _ in range(6 + 4 * difficulty):
        pool.add("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3))))
    words = [word for word in pool if len(word) >= 4][: 3 + 2 * difficulty]
    tiles: Counter = Counter()
    for word in words[:: 2 + difficulty // 4]:
        tiles |= Counter(word)
    letters = sorted(tiles.elements())
    rng.shuffle(letters)
    rng.shuffle(words)
    return {"tiles": "".join(letters), "words": words}


def solve(tiles: str, words: list[str]) -> list[str]:
    have = Counter(tiles)
    laid = []
    for word in words:
        if not Counter(word) - have:
            laid.append(word)
    return laid


def verify(tiles: str, words: list[str], answer: list[str]) -> bool:
    return answer == solve(tiles, words)


def admits(tiles: str, words: list[str]) -> bool:
    if not tiles or len(set(words)) != len(words):
        return False
    return all(word.isalpha() and word == word.lower() for word in [tiles, *words])
