"""Missing cake: who ate the cake when only so many of the claims are true?"""

from random import Random

NAMES = [
    "Anna", "Bert", "Cora", "Dirk", "Elsa", "Fred", "Gina", "Hans", "Iris", "Jens", "Kaja", "Lars",
    "Mia", "Noah", "Oda", "Paul", "Rita", "Sam", "Toni", "Uwe",
]
STATEMENT = (
    "Exactly one of {suspects} ate the cake. Each of these claims names the one who makes it, somebody else, and "
    "whether that person is said to have eaten it (true) or not to have eaten it (false): {claims}. Of all these "
    "claims exactly {honest} are correct. Only one person can have eaten the cake then. Who is it?"
)


def generate(rng: Random, difficulty: int) -> dict:
    names = rng.sample(NAMES, min(len(NAMES), 4 + difficulty))
    for _ in range(100):
        claims = draw_claims(rng, names)
        counts = {name: correct(claims, name) for name in names}
        single = [name for name in names if list(counts.values()).count(counts[name]) == 1]
        if single:
            break
    else:
        claims = [(name, names[0], True) for name in names[1:]]
        single = [names[0]]
    eater = rng.choice(single)
    others = [name for name in names if name != eater]
    rng.shuffle(claims)
    return {"suspects": others + [eater], "claims": claims, "honest": correct(claims, eater)}


def draw_claims(rng: Random, names: list[str]) -> list[tuple[str, str, bool]]:
    claims = []
    for speaker in names:
        for about in rng.sample([name for name in names if name != speaker], rng.randint(1, 2)):
            claims.append((speaker, about, rng.random() < 0.4))
    return claims


def correct(claims: list[tuple[str, str, bool]], eater: str) -> int:
    return sum((about == eater) == said for _, about, said in claims)


def solve(suspects: list[str], claims: list[tuple[str, str, bool]], honest: int) -> str:
    return next(name for name in suspects if correct(claims, name) == honest)


def verify(suspects: list[str], claims: list[tuple[str, str, bool]], honest: int, answer: str) -> bool:
    return answer == solve(suspects, claims, honest)


def admits(suspects: list[str], claims: list[tuple[str, str, bool]], honest: int) -> bool:
    if len(set(suspects)) != len(suspects) or not 2 <= len(suspects) <= 100 or len(claims) > 1000:
        return False
    if any(speaker == about or {speaker, about} - set(suspects) for speaker, about, _ in claims):
        return False
    return sum(correct(claims, name) == honest for name in suspects) == 1
