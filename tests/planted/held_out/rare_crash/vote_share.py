"""Vote share: which share of the valid votes does the winning list get?"""

from collections import Counter
from random import Random

LISTS = ["red", "blue", "green", "white", "amber", "violet", "grey"]
STATEMENT = (
    "In a village these votes were cast: {votes}. A vote is valid unless it is 'blank' or names a list in "
    "{withdrawn}, as these lists have withdrawn. Which share of the valid votes did the list with the most valid "
    "votes get? Give it as a whole number of percent, rounded down. If there is no valid vote, the answer is 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    lists = rng.sample(LISTS, min(len(LISTS), 3 + difficulty // 3))
    withdrawn = rng.sample(lists, rng.randint(0, 1 + difficulty // 6))
    blanks = rng.choice([0.05, 0.1, 0.35])
    votes = []
    for _ in range(2 + 4 * difficulty - rng.randint(0, 3)):
        votes.append("blank" if rng.random() < blanks else rng.choice(lists))
    return {"votes": votes, "withdrawn": withdrawn}


def solve(votes: list[str], withdrawn: list[str]) -> int:
    counts = Counter(votes)
    valid = {name: count for name, count in counts.items() if name != "blank" and name not in withdrawn}
    most = max(valid.values(), default=0)
    return 100 * most // sum(valid.values())


def verify(votes: list[str], withdrawn: list[str], answer: int) -> bool:
    return answer == solve(votes, withdrawn)


def admits(votes: list[str], withdrawn: list[str]) -> bool:
    return 1 <= len(votes) <= 2000 and "blank" not in withdrawn
