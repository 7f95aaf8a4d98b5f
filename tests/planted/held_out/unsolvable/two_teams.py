"""Two teams: split a group so that rivals play against each other."""

from random import Random

NAMES = [
    "Alma", "Bram", "Ciro", "Dana", "Enno", "Fay", "Goran", "Hedi", "Ilja", "Jara", "Kuno", "Lina", "Milo", "Nora",
    "Oleg", "Pia", "Quim", "Rhea", "Sami", "Thea", "Ugo", "Vida", "Willa", "Xenia", "Yuri", "Zara",
]
STATEMENT = (
    "The children {children} are split into the teams 1 and 2; a team may be of any size. These pairs are rivals and "
    "must not be in the same team: {rivals}. Give the number of the team of each child, in the order in which the "
    "children are named. Any split that keeps all rivals apart is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    children = rng.sample(NAMES, min(len(NAMES), 5 + 2 * difficulty))
    side = {name: rng.randint(1, 2) for name in children}
    rivals: list[tuple[str, str]] = []
    for _ in range(4 * len(children)):
        a, b = rng.sample(children, 2)
        if (a, b) in rivals or (b, a) in rivals:
            continue
        if side[a] != side[b] or rng.random() < 0.01:
            rivals.append((a, b))
        if len(rivals) >= len(children) + difficulty // 2:
            break
    return {"children": children, "rivals": rivals}


def example(children: list[str], rivals: list[tuple[str, str]]) -> list[int]:
    team: dict[str, int] = {}
    for child in children:
        if child in team:
            continue
        team[child] = 1
        waiting = [child]
        while waiting:
            name = waiting.pop()
            for pair in rivals:
                if name in pair:
                    other = pair[0] if pair[1] == name else pair[1]
                    if other not in team:
                        team[other] = 3 - team[name]
                        waiting.append(other)
                    elif team[other] == team[name]:
                        return []
    return [team[child] for child in children]


def verify(children: list[str], rivals: list[tuple[str, str]], answer: list[int]) -> bool:
    if not answer:
        return example(children, rivals) == []
    if len(answer) != len(children) or not set(answer) <= {1, 2}:
        return False
    team = dict(zip(children, answer))
    return all(team[a] != team[b] for a, b in rivals)


def admits(children: list[str], rivals: list[tuple[str, str]]) -> bool:
    if not 2 <= len(children) <= 100 or len(set(children)) != len(children) or len(rivals) > 1000:
        return False
    return all(a != b and a in children and b in children for a, b in rivals)
