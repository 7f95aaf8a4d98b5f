"""Word ladder: get from one word to another by changing one letter at a time."""

from collections import deque
from itertools import product
from random import Random

STATEMENT = (
    "In a word ladder each word comes from the one before it by replacing the letter in exactly one place, and every "
    "word is one of {words}. Find a shortest ladder from {start} to {goal}. Give its words in order, {start} first "
    "and {goal} last; if the two are the same word, it is the whole ladder. Any ladder with the fewest words counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    consonants, vowels = rng.sample("bdgklmnprst", 4), rng.sample("aeiou", 3)
    every = ["".join(letters) for letters in product(consonants, vowels, consonants)]
    words = rng.sample(every, min(8 + 2 * difficulty, 30))
    for _ in range(50):
        start = rng.choice(words)
        steps = distances(words, start)
        far = [word for word in words if steps.get(word, 0) >= 2 + min(difficulty, 9) // 5]
        if far:
            return {"words": words, "start": start, "goal": rng.choice(far)}
        words = rng.sample(every, len(words))
    return {"words": ["bat", "cat", "cot", "cog"], "start": "bat", "goal": "cog"}


def one_apart(first: str, second: str) -> bool:
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second)) == 1


def distances(words: list[str], start: str) -> dict[str, int]:
    steps = {start: 0}
    queue = deque([start])
    while queue:
        word = queue.popleft()
        for other in words:
            if other not in steps and one_apart(word, other):
                steps[other] = steps[word] + 1
                queue.append(other)
    return steps


def example(words: list[str], start: str, goal: str) -> list[str]:
    steps = distances(words, start)
    ladder = [goal]
    while ladder[-1] != start:
        wanted = steps[ladder[-1]] - 1
        ladder.append(next(word for word in steps if steps[word] == wanted and one_apart(word, ladder[-1])))
    return ladder[::-1]


def verify(words: list[str], start: str, goal: str, answer: list[str]) -> bool:
    if len(answer) != distances(words, start)[goal] + 1 or answer[0] != start or answer[-1] != goal:
        return False
    return set(answer) <= set(words) and all(one_apart(a, b) for a, b in zip(answer, answer[1:]))


def admits(words: list[str], start: str, goal: str) -> bool:
    if len(words) > 150 or any(len(word) > 12 for word in words) or start not in words or goal not in words:
        return False
    return goal in distances(words, start)
