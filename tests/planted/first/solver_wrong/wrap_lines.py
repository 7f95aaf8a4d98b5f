"""Wrap lines: break a row of words into lines that are not too wide."""

from random import Random

STATEMENT = (
    "The words {words} are written in their order, with one space between two words of the same line. "
    "A line may hold at most {width} characters, spaces included. Each word is put into the line of the word "
    "before it if it fits there; otherwise it begins a new line. "
    "Name the number of characters of each line, spaces included, from the first line to the last."
)
SYLLABLES = ["ba", "den", "fi", "gor", "hu", "kal", "lo", "mi", "nur", "ope", "ra", "sten", "ty", "vo"]


def generate(rng: Random, difficulty: int) -> dict:
    width = rng.randint(14, 20 + 3 * difficulty)
    words = []
    for _ in range(6 + 3 * difficulty):
        words.append("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 3))))
    return {"words": words, "width": width}


def solve(words: list[str], width: int) -> list[int]:
    lines: list[int] = []
    current = 0
    for word in words:
        if current == 0:
            current = len(word)
        elif current + 1 + len(word) < width:
            current += 1 + len(word)
        else:
            lines.append(current)
            current = len(word)
    lines.append(current)
    return lines


def verify(words: list[str], width: int, answer: list[int]) -> bool:
    return answer == solve(words, width)


def admits(words: list[str], width: int) -> bool:
    return len(words) > 0 and all(0 < len(word) <= width and " " not in word for word in words)
