"""Gift split: share out gifts between two children so that both get the same value."""

from random import Random

STATEMENT = (
    "Gifts worth {prices} euros are shared out between Ann and Bob, so that every gift goes to one of them. "
    "The gifts of Ann must be worth exactly as much together as the gifts of Bob. "
    "Which gifts does Ann get? Give their positions in the list, counted from 0. Any fair split is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    top = min(300, 12 + 3 * difficulty)
    ann: list[int] = []
    bob: list[int] = []
    for _ in range(min(38, 3 + 2 * difficulty)):
        poorer = ann if sum(ann) <= sum(bob) else bob
        poorer.append(rng.randint(1, top))
    gap = abs(sum(ann) - sum(bob))
    prices = ann + bob + ([gap] if gap else [])
    rng.shuffle(prices)
    return {"prices": prices}


def halves(prices: list[int]) -> dict[int, tuple[int, ...]]:
    """For each value up to half of all, the positions of some gifts that are worth it."""
    half = sum(prices) // 2
    known: dict[int, tuple[int, ...]] = {0: ()}
    for position, price in enumerate(prices):
        for value, chosen in list(known.items()):
            if value + price <= half and value + price not in known:
                known[value + price] = chosen + (position,)
    return known


def example(prices: list[int]) -> list[int]:
    return list(halves(prices)[sum(prices) // 2])


def verify(prices: list[int], answer: list[int]) -> bool:
    if answer != sorted(set(answer)):
        return False
    if any(not 0 <= position < len(prices) for position in answer):
        return False
    return 2 * sum(prices[position] for position in answer) == sum(prices)


def admits(prices: list[int]) -> bool:
    if not 2 <= len(prices) <= 40 or any(not 1 <= price <= 300 for price in prices):
        return False
    return sum(prices) % 2 == 0 and sum(prices) // 2 in halves(prices)
