"""Pack boxes: put all items into as few boxes as possible."""

from random import Random

STATEMENT = (
    "Items of the sizes {sizes} are put into boxes. The sizes of the items in one box may add up to {room} at most. "
    "Put every item into a box, and use as few boxes as possible; none may be empty. For each box, give the items "
    "in it by their positions in the list of sizes, counted from 0. The order of the boxes, and that of the items "
    "in a box, does not matter. Any packing with the smallest possible number of boxes counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    room = 10 * rng.randint(2, 3 + difficulty)
    return {"sizes": [rng.randint(room // 6, 2 * room // 3) for _ in range(min(4 + difficulty, 12))], "room": room}


def table(sizes: list[int], room: int) -> list[tuple[int, int]]:
    """For each set of items, as bits: the fewest full or begun boxes and the least that the last of them holds."""
    best = [(1, 0)] * (1 << len(sizes))
    for chosen in range(1, len(best)):
        best[chosen] = min(add(best[chosen & ~(1 << i)], size, room) for i, size in enumerate(sizes) if chosen >> i & 1)
    return best


def add(state: tuple[int, int], size: int, room: int) -> tuple[int, int]:
    boxes, held = state
    return (boxes, held + size) if held + size <= room else (boxes + 1, size)


def example(sizes: list[int], room: int) -> list[list[int]]:
    best, chosen = table(sizes, room), (1 << len(sizes)) - 1
    order: list[int] = []  # the items from the last to the first that was put in
    while chosen:
        here = [i for i in range(len(sizes)) if chosen >> i & 1]
        order.append(next(i for i in here if add(best[chosen & ~(1 << i)], sizes[i], room) == best[chosen]))
        chosen &= ~(1 << order[-1])
    boxes: list[list[int]] = []
    for i in reversed(order):
        if boxes and sum(sizes[j] for j in boxes[-1]) + sizes[i] <= room:
            boxes[-1].append(i)
        else:
            boxes.append([i])
    return boxes


def verify(sizes: list[int], room: int, answer: list[list[int]]) -> float:
    """1 for the fewest boxes; less than a half for a packing that holds but uses more."""
    if sorted(i for box in answer for i in box) != list(range(len(sizes))):
        return 0.0
    if any(len(box) == 0 or sum(sizes[i] for i in box) > room for box in answer):
        return 0.0
    fewest = table(sizes, room)[-1][0] if sizes else 0
    return 1.0 if len(answer) == fewest else 0.5 * fewest / len(answer)


def admits(sizes: list[int], room: int) -> bool:
    return len(sizes) <= 12 and all(1 <= size <= room for size in sizes)
