"""Wrong codes: which codes fail their check sum?"""

from random import Random

STATEMENT = (
    "Each code in {codes} is made up of digits. The check sum of a code is the sum of its digits, each multiplied by "
    "the number at the same place in {weights}. A code is right if its check sum can be divided by {modulus} without "
    "a remainder, and wrong otherwise. Name the wrong codes, in the order of the list, a code as often as it is "
    "listed. There may be none."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 3 + min(difficulty, 60) // 2
    modulus = rng.choice([7, 9, 10, 11])
    weights = [rng.randint(1, modulus - 1) for _ in range(size)]
    weights[-1] = 1
    codes = []
    share = rng.choice([0.2, 0.5, 0.8])
    for _ in range(3 + min(difficulty, 100)):
        for _ in range(30):
            code = "".join(rng.choice("0123456789") for _ in range(size - 1))
            check = -check_sum(code, weights[:-1]) % modulus
            if check < 10:
                break
        if rng.random() < share:
            check = rng.randint(0, 9)
        codes.append(code + str(min(check, 9)))
    return {"codes": codes, "weights": weights, "modulus": modulus}


def check_sum(code: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(code, weights))


def solve(codes: list[str], weights: list[int], modulus: int) -> list[str]:
    return [code for code in codes if check_sum(code, weights) % modulus != 0]


def verify(codes: list[str], weights: list[int], modulus: int, answer: list[str]) -> bool:
    return answer == solve(codes, weights, modulus)


def admits(codes: list[str], weights: list[int], modulus: int) -> bool:
    if modulus < 2:
        return False
    return all(len(code) == len(weights) and set(code) <= set("0123456789") for code in codes)
