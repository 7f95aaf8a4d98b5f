"""Village vote: who was chosen as the mayor of a village?"""

from random import Random

NAMES = ["Abel", "Berta", "Carl", "Dora", "Emil", "Frida", "Georg", "Hedda", "Isak", "Johan", "Karin", "Lars"]
STATEMENT = (
    "In a village these votes were given for the office of the mayor: {votes}. The votes of these persons count "
    "twice each, since they live in the old farms; they are named by their places in the list of votes, counted "
    "from 0: {farms}. The mayor is the person who got more than half of all the votes, counted in this way. "
    "Who is the mayor?"
)


def generate(rng: Random, difficulty: int) -> dict:
    people = rng.sample(NAMES, min(len(NAMES), 2 + difficulty))
    count = 7 + 4 * difficulty
    winner = people[0]
    votes = [winner if rng.random() < 0.62 else rng.choice(people) for _ in range(count)]
    farms = sorted(rng.sample(range(count), 1 + difficulty))
    return {"votes": votes, "farms": farms}


def solve(votes: list[str], farms: list[int]) -> str:
    double = set(farms)
    leader, lead = votes[0], 0
    for place, name in enumerate(votes):
        weight = 2 if place in double else 1
        if name == leader:
            lead += weight
        elif lead >= weight:
            lead -= weight
        else:
            leader, lead = name, weight - lead
    return leader


def verify(votes: list[str], farms: list[int], answer: str) -> bool:
    return answer == solve(votes, farms)


def admits(votes: list[str], farms: list[int]) -> bool:
    if not votes or len(set(farms)) != len(farms):
        return False
    return all(0 <= place < len(votes) for place in farms)
