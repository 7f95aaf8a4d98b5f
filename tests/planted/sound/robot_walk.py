"""Robot walk: where does a robot stand after its commands, and which way does it look?"""

from random import Random

HEADINGS = "NESW"
STEPS = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
STATEMENT = (
    "The floor {floor} is given row by row from the top, which is north; each row from the left, which is west. "
    "# is a wall and . is free. A robot stands in the top left cell and looks east. It carries out the commands "
    "{commands} from the left: L turns it to the left by a right angle, R to the right, and F moves it one cell "
    "ahead; when there is a wall, or the floor ends there, F does nothing. Give its row and its column at the end, "
    "both counted from 0, and the direction in which it then looks: N, E, S or W."
)


def generate(rng: Random, difficulty: int) -> dict:
    height, width = (3 + min(difficulty, 60) // 3 + rng.randint(0, 1) for _ in range(2))
    floor = ["".join(rng.choice("....#") for _ in range(width)) for _ in range(height)]
    floor[0] = ".." + floor[0][2:]
    commands = "".join(rng.choice("FFFFLR") for _ in range(6 + 4 * min(difficulty, 500)))
    return {"floor": floor, "commands": commands}


def solve(floor: list[str], commands: str) -> tuple[int, int, str]:
    row, column, heading = 0, 0, "E"
    for command in commands:
        if command == "F":
            r, c = row + STEPS[heading][0], column + STEPS[heading][1]
            if 0 <= r < len(floor) and 0 <= c < len(floor[0]) and floor[r][c] == ".":
                row, column = r, c
        else:
            turn = 1 if command == "R" else -1
            heading = HEADINGS[(HEADINGS.index(heading) + turn) % 4]
    return row, column, heading


def verify(floor: list[str], commands: str, answer: tuple[int, int, str]) -> bool:
    return answer == solve(floor, commands)


def admits(floor: list[str], commands: str) -> bool:
    if len(floor) == 0 or not floor[0].startswith(".") or not set(commands) <= set("FLR"):
        return False
    return all(len(row) == len(floor[0]) and set(row) <= {"#", "."} for row in floor)
