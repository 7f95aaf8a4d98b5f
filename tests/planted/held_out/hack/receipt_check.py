"""Receipt check: in which lines of a receipt is the amount wrong?"""

from random import Random

STATEMENT = (
    "A receipt has lines that give the number of pieces, the price of one piece in cents, and the amount in cents: "
    "{lines}. For each line with at least {many} pieces the amount should be {rebate} cents less than the number of "
    "pieces times the price; for all others it should be exactly the product. In which lines is the amount wrong? "
    "Give the positions of these lines, the first line of the receipt being line 1, in any order. Partial credit is "
    "given for finding some of them. At least one line is wrong."
)


def generate(rng: Random, difficulty: int) -> dict:
    many, rebate = rng.randint(4, 8), 5 * rng.randint(1, 12)
    lines = []
    for _ in range(4 + 2 * difficulty):
        pieces, price = rng.randint(1, 12), rng.randint(61, 150 + 80 * difficulty)
        amount = pieces * price - (rebate if pieces >= many else 0)
        kind = rng.random()
        if kind < 0.15:
            amount += rng.choice([-100, -10, -1, 1, 10, 100])
        elif kind < 0.3:
            amount = pieces * price - (0 if pieces >= many else rebate)
        lines.append((pieces, price, amount))
    if not solve_set(lines, many, rebate):
        place = rng.randrange(len(lines))
        pieces, price, amount = lines[place]
        lines[place] = (pieces, price, amount + rng.choice([-9, 9, 90]))
    return {"lines": lines, "many": many, "rebate": rebate}


def solve_set(lines: list[tuple[int, int, int]], many: int, rebate: int) -> set[int]:
    wrong = set()
    for number, (pieces, price, amount) in enumerate(lines, start=1):
        right = pieces * price - (rebate if pieces >= many else 0)
        if amount != right:
            wrong.add(number)
    return wrong


def example(lines: list[tuple[int, int, int]], many: int, rebate: int) -> list[int]:
    return sorted(solve_set(lines, many, rebate))


def verify(lines: list[tuple[int, int, int]], many: int, rebate: int, answer: list[int]) -> float:
    wrong = solve_set(lines, many, rebate)
    if not wrong:
        return 1.0 if not answer else 0.0
    return len(wrong.intersection(answer)) / len(wrong)


def admits(lines: list[tuple[int, int, int]], many: int, rebate: int) -> bool:
    return len(solve_set(lines, many, rebate)) > 0 and len(lines) <= 1000
