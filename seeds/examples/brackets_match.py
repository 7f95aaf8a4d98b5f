"""Brackets match: is every bracket closed by its own kind, in the right order?"""

from random import Random

CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">"}
STATEMENT = (
    "The brackets ( ) [ ] {{ }} < > match in a text when each opening bracket is closed later by one of "
    "its own kind, each closing bracket closes one opening bracket, and what stands between the two "
    "matches as well. All other characters are ignored. Say whether the brackets match in {text}."
)


def generate(rng: Random, difficulty: int) -> dict:
    text = nested(rng, 3 + 2 * difficulty)
    if rng.random() < 0.5:  # a swap keeps the number of each bracket, so that counting alone does not tell
        for _ in range(20):
            i, j = sorted(rng.sample(range(len(text)), 2))
            text = text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
            if not solve(text):
                break
    return {"text": text}


def nested(rng: Random, pairs: int) -> str:
    if pairs == 0:
        return ""
    inside = rng.randint(0, pairs - 1)
    opener = rng.choice("([{<")
    return opener + nested(rng, inside) + CLOSER[opener] + nested(rng, pairs - 1 - inside)


def solve(text: str) -> bool:
    expected: list[str] = []
    for char in text:
        if char in CLOSER:
            expected.append(CLOSER[char])
        elif char in ")]}>" and (not expected or expected.pop() != char):
            return False
    return not expected


def verify(text: str, answer: bool) -> bool:
    return answer == solve(text)
