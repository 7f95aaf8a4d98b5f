"""Tower of Hanoi: carry a tower of disks from one peg to another, three or four pegs in all.

For the benchmarks, not of the shelf: reasoning-gym's task of that name, in its sizes whatever the difficulty.
"""

from functools import cache
from random import Random

STATEMENT = (
    "There are {pegs} pegs, numbered from 1. On peg {start} stand {disks} disks, each smaller than the one below it; "
    "the other pegs are empty. A move takes the topmost disk of a peg to another peg, but never onto a smaller disk. "
    "Move all disks to peg {target}. Give the moves in order, each as the peg that it takes from and the peg that it "
    "goes to. Any sequence that gets there counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    disks, pegs = rng.randint(3, 7), rng.randint(3, 4)
    start, target = rng.sample(range(1, pegs + 1), 2)
    return {"disks": disks, "pegs": pegs, "start": start, "target": target}


@cache
def fewest(disks: int, pegs: int) -> tuple:
    """The least number of moves (Frame and Stewart), and how many disks are set aside for it."""
    if disks < 2 or pegs == 3:
        return 2**disks - 1, disks - 1
    return min((2 * fewest(aside, pegs)[0] + fewest(disks - aside, pegs - 1)[0], aside) for aside in range(1, disks))


def carry(disks: int, start: int, target: int, free: list, moves: list) -> None:
    if disks == 1:
        moves.append((start, target))
        return
    _, aside = fewest(disks, len(free) + 2)
    peg, *others = free
    carry(aside, start, peg, [*others, target], moves)
    carry(disks - aside, start, target, others or [peg], moves)
    carry(aside, peg, target, [*others, start], moves)


def example(disks: int, pegs: int, start: int, target: int) -> list[tuple[int, int]]:
    moves: list = []
    carry(disks, start, target, [peg for peg in range(1, pegs + 1) if peg not in (start, target)], moves)
    return moves


def verify(disks: int, pegs: int, start: int, target: int, answer: list[tuple[int, int]]) -> bool:
    towers: dict = {peg: [] for peg in range(1, pegs + 1)}
    towers[start] = list(range(disks, 0, -1))
    for here, there in answer:
        if here not in towers or there not in towers or not towers[here]:
            return False
        disk = towers[here].pop()
        if towers[there] and towers[there][-1] < disk:
            return False
        towers[there].append(disk)
    return len(towers[target]) == disks
