"""Odd visitors: who is still in a museum at the end of the day?"""

from random import Random

STATEMENT = (
    "At the only door of a museum a badge is read each time somebody passes it, going in or coming out. At first "
    "nobody was inside. These badges were read, one after another: {badges}. At the end the guard sends out those "
    "who are still inside and have a badge number of at least {guests}, since these are guests and not staff. "
    "Name the badge numbers of the persons whom the guard sends out, each once, in any order."
)


def generate(rng: Random, difficulty: int) -> dict:
    persons = 4 + difficulty
    numbers = rng.sample(range(100, 1000), persons)
    badges = []
    for number in numbers:
        badges += [number] * rng.randint(1, 3 + difficulty // 3)
    rng.shuffle(badges)
    return {"badges": badges, "guests": rng.choice(sorted(numbers)[: persons // 2])}


def example(badges: list[int], guests: int) -> list[int]:
    inside: set[int] = set()
    for badge in badges:
        inside ^= {badge}
    return sorted(badge for badge in inside if badge >= guests)


def verify(badges: list[int], guests: int, answer: list[int]) -> bool:
    named = set(answer)
    if len(named) != len(answer) or not named <= set(badges):
        return False
    return all(badge in named for badge in example(badges, guests))


def admits(badges: list[int], guests: int) -> bool:
    return len(badges) > 0 and all(badge >= 0 for badge in badges) and guests >= 0
