"""Ticket pairs: how many pairs of tickets have numbers that add up to a prize number?"""

from collections import Counter
from random import Random

STATEMENT = (
    "At a fair the visitors hold tickets with the numbers {tickets}; a number may be on more than one ticket. Two "
    "tickets win together when their numbers add up to one of the prize numbers {prizes}. How many different pairs of "
    "tickets win? A ticket is not paired with itself, two tickets make one pair whichever is named first, and "
    "tickets with the same number are still different tickets."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 3 * difficulty
    top = max(9, count // 2 + rng.randint(0, 6))
    tickets = [rng.randint(1, top) for _ in range(count)]
    prizes = rng.sample(range(top // 2, 2 * top - 2), 1 + difficulty // 3)
    return {"tickets": tickets, "prizes": sorted(prizes)}


def pairs_for(counts: Counter, prize: int) -> int:
    pairs = 0
    for number, times in counts.items():
        partner = prize - number
        if number < partner:
            pairs += times * counts.get(partner, 0)
        elif number == partner:
            pairs += times // 2
    return pairs


def solve(tickets: list[int], prizes: list[int]) -> int:
    counts = Counter(tickets)
    return sum(pairs_for(counts, prize) for prize in prizes)


def verify(tickets: list[int], prizes: list[int], answer: int) -> bool:
    return answer == solve(tickets, prizes)


def admits(tickets: list[int], prizes: list[int]) -> bool:
    return len(set(prizes)) == len(prizes) <= 50 and len(tickets) <= 2000
