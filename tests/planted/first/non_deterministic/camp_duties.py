"""Camp duties: who cooks and who fetches water on a day of a summer camp?"""

from random import Random

CHILDREN = [
    "Alva", "Bela", "Cora", "Dino", "Enno", "Fee", "Gil", "Hedi", "Ilja", "Jule",
    "Kato", "Levi", "Mara", "Nelo", "Olli", "Pia", "Rike", "Smilla", "Till", "Uta",
]
DRAWER = Random(1907)
STATEMENT = (
    "The children of a camp stand in the list {children}. On day 1 the first {cooks} children of the list cook and "
    "the next {carriers} fetch water. In the evening of each day the cooks of that day go to the end of the list, "
    "in their order; after them, also in their order, come the children who fetched water that day. "
    "Who cooks and who fetches water on day {day}? Name both groups in the order of the list."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = min(len(CHILDREN), 6 + difficulty)
    children = DRAWER.sample(CHILDREN, count)
    return {
        "children": children,
        "cooks": rng.randint(1, 3),
        "carriers": rng.randint(1, 2),
        "day": rng.randint(3, 4 + 3 * difficulty),
    }


def solve(children: list[str], cooks: int, carriers: int, day: int) -> tuple[list[str], list[str]]:
    shift = (cooks + carriers) * (day - 1) % len(children)
    order = children[shift:] + children[:shift]
    return order[:cooks], order[cooks : cooks + carriers]


def verify(
    children: list[str], cooks: int, carriers: int, day: int, answer: tuple[list[str], list[str]]
) -> bool:
    return answer == solve(children, cooks, carriers, day)


def admits(children: list[str], cooks: int, carriers: int, day: int) -> bool:
    if len(set(children)) != len(children) or min(cooks, carriers, day) < 1:
        return False
    return cooks + carriers <= len(children)
