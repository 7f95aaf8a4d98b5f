"""Word tally: how often does each long word occur in a text?"""

from collections import Counter
from random import Random

WORDS = (
    "the a of and in to it on by is was he she we ship river stone house bread window garden morning "
    "shadow silver harbour lantern winter summer letter market engine travel whisper mountain evening "
    "captain sailor teacher village blanket journey promise thunder kitchen"
).split()
STATEMENT = (
    "In the text {text} words are separated by single spaces or by a comma and a space, and the text ends with a full "
    "stop. Capital letters count as small ones. Count how often each word of at least {shortest} letters occurs. "
    "Name each such word in small letters together with its number; words that are shorter or do not occur are not "
    "listed."
)


def generate(rng: Random, difficulty: int) -> dict:
    pool = rng.sample(WORDS, min(len(WORDS), 6 + 2 * difficulty))
    words = [rng.choice(pool) for _ in range(8 + 6 * difficulty)]
    parts = []
    for index, word in enumerate(words):
        if index == 0 or rng.random() < 0.12:
            word = word.capitalize()
        if index + 1 < len(words) and rng.random() < 0.15:
            word += ","
        parts.append(word)
    return {"text": " ".join(parts) + ".", "shortest": rng.randint(3, 6)}


def tidy(text: str) -> list[str]:
    return [word.strip(",.").lower() for word in text.split(" ")]


def solve(text: str, shortest: int) -> dict[str, int]:
    return dict(Counter(word for word in tidy(text) if len(word) >= shortest))


def verify(text: str, shortest: int, answer: dict[str, int]) -> bool:
    expected = solve(text, shortest)
    return all(answer.get(word) == count for word, count in expected.items())


def admits(text: str, shortest: int) -> bool:
    if shortest < 1 or not text.endswith("."):
        return False
    return all(word.isascii() and word.isalpha() for word in text[:-1].replace(", ", " ").split(" "))
