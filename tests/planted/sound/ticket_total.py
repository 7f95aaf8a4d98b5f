"""Ticket total: what does a group pay at the box office?"""

from random import Random

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATEMENT = (
    "A group goes to the theatre on a {weekday}. Its members are {ages} years old and sit, in this order, in the "
    "seats {seats}; where they sit makes no difference to the price. A ticket is free for those under 4, and costs "
    "6 pounds for those from 4 to 15, 11 pounds for those from 16 to 64, and 8 pounds for those of 65 and over. On "
    "Tuesdays each ticket that is not free costs 2 pounds less. For every five tickets that are not free, the group "
    "gets one of them as a present (with 5 to 9 such tickets one, with 10 to 14 two, and so on), and the presents "
    "are always the cheapest of them. How many pounds does the group pay?"
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 3 + 2 * min(difficulty, 200)
    ages = [rng.choice([rng.randint(0, 15), rng.randint(14, 67), rng.randint(60, 90)]) for _ in range(size)]
    seats = [rng.choice("ABCDEFGHK") + str(rng.randint(1, 30)) for _ in range(size)]
    weekday = "Tuesday" if rng.random() < 0.4 else rng.choice(WEEKDAYS)
    return {"weekday": weekday, "ages": ages, "seats": seats}


def price(age: int) -> int:
    if age < 4:
        return 0
    return 6 if age < 16 else 11 if age < 65 else 8


def solve(weekday: str, ages: list[int], seats: list[str]) -> int:
    prices = sorted(price(age) for age in ages if age >= 4)
    paid = prices[len(prices) // 5 :]
    return sum(paid) - (2 * len(paid) if weekday == "Tuesday" else 0)


def verify(weekday: str, ages: list[int], seats: list[str], answer: int) -> bool:
    return answer == solve(weekday, ages, seats)


def admits(weekday: str, ages: list[int], seats: list[str]) -> bool:
    return weekday in WEEKDAYS and len(ages) == len(seats) and min(ages, default=0) >= 0
