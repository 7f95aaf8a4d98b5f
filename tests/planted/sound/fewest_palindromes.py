"""Fewest palindromes: cut a text into as few palindromes as possible."""

from random import Random

STATEMENT = (
    "A palindrome is a text of at least one character that reads the same forwards and backwards; a single "
    "character is one. Cut the text {text} into palindromes, as few as possible; no text at all takes none. Give "
    "the pieces in the order in which they stand in the text. Any cutting with the smallest possible number of "
    "pieces counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 3)
    text = ""
    while len(text) < 5 + 3 * min(difficulty, 40):
        half = "".join(rng.choice(letters) for _ in range(rng.randint(1, 4)))
        text += half + half[::-1][rng.randint(0, 1) :]
    cut = rng.randint(0, 2)
    return {"text": text[cut : 8 + 3 * min(difficulty, 40)]}


def fewest(text: str) -> list[int]:
    """The smallest number of palindromes for the first 0, 1, 2, ... characters."""
    counts = [0]
    for end in range(1, len(text) + 1):
        starts = [start for start in range(end) if text[start:end] == text[start:end][::-1]]
        counts.append(1 + min(counts[start] for start in starts))
    return counts


def example(text: str) -> list[str]:
    counts, pieces, end = fewest(text), [], len(text)
    while end > 0:
        for start in range(end):
            piece = text[start:end]
            if piece == piece[::-1] and counts[start] == counts[end] - 1:
                pieces.append(piece)
                end = start
                break
    return pieces[::-1]


def verify(text: str, answer: list[str]) -> bool:
    if "".join(answer) != text or any(piece == "" or piece != piece[::-1] for piece in answer):
        return False
    return len(answer) == fewest(text)[-1]


def admits(text: str) -> bool:
    return len(text) <= 300
