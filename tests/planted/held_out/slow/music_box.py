"""Music box: after how many steps does a machine show a number again?"""

from math import isqrt
from random import Random

STATEMENT = (
    "A machine shows the number {start}. In each step it multiplies the number shown by {factor}, adds {plus}, and "
    "shows the remainder that is left when the result is divided by {modulus}. In the end it must show a number that "
    "it has shown before, the number at the start included. After how many steps does this happen for the first time?"
)


def generate(rng: Random, difficulty: int) -> dict:
    difficulty = min(difficulty, 10)
    low = 10 + 12 * difficulty ** 2 + 3 * difficulty ** 4 // 2
    modulus = rng.randint(low, 4 * low)
    factor = rng.randint(2, min(modulus - 1, 20 + 10 * difficulty))
    if rng.random() < 0.8:
        while not is_prime(modulus):
            modulus += 1
    return {
        "start": rng.randrange(modulus),
        "factor": factor,
        "plus": rng.randint(1, min(modulus - 1, 9 + 10 * difficulty)),
        "modulus": modulus,
    }


def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, isqrt(number) + 1))


def solve(start: int, factor: int, plus: int, modulus: int) -> int:
    shown = [start]
    while True:
        number = (shown[-1] * factor + plus) % modulus
        if number in shown:
            return len(shown)
        shown.append(number)


def verify(start: int, factor: int, plus: int, modulus: int, answer: int) -> bool:
    return answer == solve(start, factor, plus, modulus)


def admits(start: int, factor: int, plus: int, modulus: int) -> bool:
    if not 2 <= modulus <= 70_000:
        return False
    return 0 <= start < modulus and 0 <= factor < modulus and 0 <= plus < modulus
