"""Robot revisit: when does a robot first come back to a tile that it knows?"""

from random import Random

TURNS = {"L": -1, "R": 1, "B": 2}
HEADINGS = [(0, 1), (1, 0), (0, -1), (-1, 0)]
STATEMENT = (
    "A robot stands on a tile of an endless floor. It obeys the commands in {commands} one by one: F moves it one "
    "tile ahead, L, R and B only turn it on the spot, to the left, to the right and back to front. Which command "
    "first moves it onto a tile on which it has stood before, the starting tile included? Give the position of that "
    "command in the row of commands, the first command being at position 1. If there is no such command, give 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    wanted = 8 + 4 * difficulty
    commands: list[str] = []
    place, heading = (0, 0), 0
    seen = {place}
    homeward = rng.randint(wanted // 3, wanted)
    while len(commands) < wanted:
        options = []
        for letter, quarter in [("F", 0), ("L", -1), ("R", 1)]:
            ahead = HEADINGS[(heading + quarter) % 4]
            options.append((letter, quarter, (place[0] + ahead[0], place[1] + ahead[1])))
        fitting = [option for option in options if (option[2] in seen) == (len(commands) >= homeward)]
        letter, quarter, place = rng.choice(fitting or options)
        heading = (heading + quarter) % 4
        commands += ["F"] if letter == "F" else [letter, "F"]
        seen.add(place)
    return {"commands": "".join(commands)}


def solve(commands: str) -> int:
    x = y = heading = 0
    known = {(x, y)}
    for position, command in enumerate(commands):
        if command != "F":
            heading = (heading + TURNS[command]) % 4
            continue
        x, y = x + HEADINGS[heading][0], y + HEADINGS[heading][1]
        if (x, y) in known:
            return position
        known.add((x, y))
    return 0


def verify(commands: str, answer: int) -> bool:
    return answer == solve(commands)


def admits(commands: str) -> bool:
    return set(commands) <= set("FLRB")
