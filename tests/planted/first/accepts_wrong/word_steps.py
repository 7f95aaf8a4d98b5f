"""Word steps: walk from one word to another by changing single letters."""

from random import Random

LETTERS = "aeilnorst"
STATEMENT = (
    "Walk from the word {first} to the word {last} through the words of the list {words}. "
    "In each step exactly one letter is replaced by another one; no letter moves, none is added or dropped. "
    "Every word on the way has to stand in the list, and no word may be visited twice. "
    "Name all the words on the way in their order, the first and the last one included."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 3 + difficulty // 3
    way = ["".join(rng.choice(LETTERS) for _ in range(size))]
    for _ in range(60):
        if len(way) == 4 + difficulty:
            break
        step = changed(rng, way[-1])
        if step not in way:
            way.append(step)
    words = list(way)
    for _ in range(4 + 3 * difficulty):
        word = changed(rng, rng.choice(words))
        if word not in words:
            words.append(word)
    rng.shuffle(words)
    return {"words": words, "first": way[0], "last": way[-1], "answer": way}


def changed(rng: Random, word: str) -> str:
    place = rng.randrange(len(word))
    letter = rng.choice([x for x in LETTERS if x != word[place]])
    return word[:place] + letter + word[place + 1 :]


def is_step(a: str, b: str) -> bool:
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b)) == 1


def verify(words: list[str], first: str, last: str, answer: list[str]) -> bool:
    if not answer or answer[0] != first or answer[-1] != last:
        return False
    known = set(words)
    if not all(word in known for word in answer):
        return False
    return all(is_step(a, b) for a, b in zip(answer, answer[1:]))


def admits(words: list[str], first: str, last: str) -> bool:
    return first in words and last in words and first != last and len({len(w) for w in words}) == 1
