"""First twice: which guest is the first to come to an inn again?"""

from random import Random

GUESTS = [
    "miller", "smith", "tailor", "baker", "hunter", "fisher", "mason", "cooper", "potter", "weaver", "tanner",
    "carter", "glover", "joiner", "shepherd", "saddler", "thatcher", "brewer", "scribe", "sailor",
]
STATEMENT = (
    "These guests came to an inn, one after another: {guests}. A visit counts only if the guest is not also the "
    "one who came directly before. Who is the first guest whose second visit that counts took place? "
    "If there is no such guest, the answer is the empty text."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 5 + 3 * difficulty
    known = rng.sample(GUESTS, min(len(GUESTS), 6 + 3 * difficulty))
    guests = []
    for _ in range(count):
        guests.append(rng.choice(known))
    return {"guests": guests}


def counting_visits(guests: list[str]) -> list[str]:
    visits = []
    before = ""
    for guest in guests:
        if guest != before:
            visits.append(guest)
        before = guest
    return visits


def solve(guests: list[str]) -> str:
    came: set[str] = set()
    for guest in counting_visits(guests):
        if guest in came:
            return guest
        came.add(guest)


def verify(guests: list[str], answer: str) -> bool:
    return answer == solve(guests)


def admits(guests: list[str]) -> bool:
    return len(guests) > 0 and all(guest.isalpha() for guest in guests)
