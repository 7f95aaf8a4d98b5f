"""Letter sum: replace letters by digits so that an addition of words comes out right."""

from random import Random
from string import ascii_uppercase

STATEMENT = (
    "In the addition {first} + {second} = {total} each letter stands for one digit from 0 to 9, the same one wherever "
    "it occurs, and different letters stand for different digits. With the digits in place of the letters, the three "
    "words are numbers in the decimal system, none of them begins with 0, and the addition is right. Find the digit "
    "for each letter that occurs. Any choice that meets all of this counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    sizes = [1 + (min(difficulty, 30) + more) // 2 for more in (1, 2)]
    first, second = (rng.randint(10**size // 10, 10**size - 1) for size in sizes)
    letters = rng.sample(ascii_uppercase, 10)
    words = ["".join(letters[int(digit)] for digit in str(n)) for n in (first, second, first + second)]
    used = sorted(set("".join(words)))
    answer = {letter: letters.index(letter) for letter in used}
    return {"first": words[0], "second": words[1], "total": words[2], "answer": answer}


def verify(first: str, second: str, total: str, answer: dict[str, int]) -> bool:
    digits = list(answer.values())
    if set(answer) != set(first + second + total) or len(set(digits)) < len(digits):
        return False
    if any(not 0 <= digit <= 9 for digit in digits):
        return False
    values = []
    for word in (first, second, total):
        if word == "" or len(word) > 1000 or answer[word[0]] == 0:
            return False
        values.append(sum(answer[letter] * 10**place for place, letter in enumerate(reversed(word))))
    return values[0] + values[1] == values[2]
