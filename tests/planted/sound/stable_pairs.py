"""Stable pairs: match pupils and firms so that no two would rather have each other."""

from random import Random

STATEMENT = (
    "There are as many pupils as firms, and both are numbered from 0. The list at place i in {pupils}, counted from "
    "0, names all firms in the order in which pupil i likes them, the best liked first; in the same way {firms} "
    "lists for each firm all pupils. Give each pupil a firm of their own. This is stable if there is no pupil and "
    "no firm, not matched with each other, of which the pupil likes the firm better than the one the pupil has got, "
    "and the firm likes the pupil better than the one it has got. Find a stable matching: give the firm of each "
    "pupil, in the order of the pupils' numbers. Any stable matching counts."
)
Orders = list[list[int]]


def generate(rng: Random, difficulty: int) -> dict:
    n = min(3 + (difficulty + rng.randint(0, 1)) // 2, 20)
    pupils, firms = ([rng.sample(range(n), n) for _ in range(n)] for _ in range(2))
    return {"pupils": pupils, "firms": firms}


def example(pupils: Orders, firms: Orders) -> list[int]:
    tried = [0] * len(pupils)
    taken: dict[int, int] = {}  # firm -> pupil
    waiting = list(range(len(pupils)))
    while waiting:
        pupil = waiting.pop()
        firm = pupils[pupil][tried[pupil]]
        tried[pupil] += 1
        if firm not in taken:
            taken[firm] = pupil
        elif firms[firm].index(pupil) < firms[firm].index(taken[firm]):
            waiting.append(taken[firm])
            taken[firm] = pupil
        else:
            waiting.append(pupil)
    return sorted(taken, key=lambda firm: taken[firm])


def verify(pupils: Orders, firms: Orders, answer: list[int]) -> bool:
    if sorted(answer) != list(range(len(pupils))):
        return False
    has = {firm: pupil for pupil, firm in enumerate(answer)}
    for pupil, firm in enumerate(answer):
        for better in pupils[pupil][: pupils[pupil].index(firm)]:
            if firms[better].index(pupil) < firms[better].index(has[better]):
                return False
    return True


def admits(pupils: Orders, firms: Orders) -> bool:
    n = len(pupils)
    return 1 <= n <= 40 and len(firms) == n and all(sorted(order) == list(range(n)) for order in pupils + firms)
