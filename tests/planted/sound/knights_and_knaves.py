"""Knights and knaves: who always tells the truth, and who always lies?"""

from itertools import product
from random import Random

NAMES = ["Ali", "Bea", "Cem", "Dot", "Eli", "Fay", "Gil", "Hal", "Ida", "Jon"]
KINDS = ["both knights", "both knaves", "same", "different"]
STATEMENT = (
    "Each islander is either a knight, who only says what is true, or a knave, who only says what is false. Every "
    "one of them has said one thing, in {claims}: a kind of claim and the two islanders whom it is about, which may be "
    "one and the same, or the speaker. The claim (both knights) says that the two are both knights; (both knaves) "
    "that they are both knaves; (same) that they are both knights or both knaves; (different) that one is a knight "
    "and one a knave. There is only one way in which this can be. Say of each islander whether he or she is a knight."
)
Claims = dict[str, tuple[str, str, str]]


def generate(rng: Random, difficulty: int) -> dict:
    names = sorted(rng.sample(NAMES, min(3 + difficulty // 2, 8)))
    for _ in range(100):
        knight = {name: rng.random() < 0.5 for name in names}
        claims: Claims = {}
        for name in names:
            a, b = rng.sample(names, 2)
            fitting = [kind for kind in KINDS if true((kind, a, b), knight) == knight[name]]
            claims[name] = (rng.choice(fitting), a, b)
        if len(possible(claims)) == 1:
            return {"claims": claims}
    start = rng.choice(names)
    claims = dict.fromkeys(names, ("both knaves", start, start))
    return {"claims": claims | {start: ("different", start, start)}}


def true(claim: tuple[str, str, str], knight: dict[str, bool]) -> bool:
    kind, a, b = claim
    if kind.startswith("both"):
        return knight[a] == knight[b] == (kind == "both knights")
    return (knight[a] == knight[b]) == (kind == "same")


def possible(claims: Claims) -> list[dict[str, bool]]:
    worlds = (dict(zip(claims, values)) for values in product([True, False], repeat=len(claims)))
    return [knight for knight in worlds if all(true(claims[name], knight) == knight[name] for name in claims)]


def solve(claims: Claims) -> dict[str, bool]:
    return possible(claims)[0]


def verify(claims: Claims, answer: dict[str, bool]) -> bool:
    return set(answer) == set(claims) and all(true(claims[name], answer) == answer[name] for name in claims)


def admits(claims: Claims) -> bool:
    if not 1 <= len(claims) <= 9:
        return False
    if any(kind not in KINDS or a not in claims or b not in claims for kind, a, b in claims.values()):
        return False
    return len(possible(claims)) == 1
