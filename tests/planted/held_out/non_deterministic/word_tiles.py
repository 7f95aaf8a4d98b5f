"""Word tiles: which words can be laid with the letters at hand?"""

from random import Random
from string import ascii_lowercase

WORDS = (
    "stone river garden window bread horse candle mirror bottle ladder pencil basket button carpet "
    "engine flower hammer island jacket kettle lemon market needle orange pocket rabbit saddle table "
    "tunnel violin wagon yellow anchor bridge copper dragon feather guitar honey magnet"
).split()
STATEMENT = (
    "On a table lie tiles with the letters {tiles}. There is a whole heap of tiles for each of these letters, so that "
    "a letter can be used as often as needed, but other letters are not at hand. Which of the words {words} can be "
    "laid with these letters? List them in the order in which they stand here. When none can be laid, the list is "
    "empty."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(len(WORDS), 4 + 2 * difficulty)
    words = rng.sample(WORDS, count)
    letters: set[str] = set()
    for word in rng.sample(words, 1 + difficulty // 4):
        letters.update(word)
    wanted = min(24, len(letters) + rng.randint(2, 6))
    while len(letters) < wanted:
        missing = [letter for letter in ascii_lowercase if letter not in letters]
        letters.add(rng.choice(missing))
    return {"tiles": list(letters), "words": words}


def can_lay(word: str, tiles: list[str]) -> bool:
    return all(letter in tiles for letter in word)


def solve(tiles: list[str], words: list[str]) -> list[str]:
    return [word for word in words if can_lay(word, tiles)]


def verify(tiles: list[str], words: list[str], answer: list[str]) -> bool:
    return answer == solve(tiles, words)


def admits(tiles: list[str], words: list[str]) -> bool:
    if not tiles or len(tiles) > 100 or len(words) > 500 or any(len(word) > 100 for word in words):
        return False
    return all(len(tile) == 1 and tile in ascii_lowercase for tile in tiles)
