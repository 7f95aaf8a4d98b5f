"""Stamp postage: make up the exact postage of a parcel from the stamps in a drawer."""

from random import Random

STATEMENT = (
    "In a drawer lie stamps worth {stamps} cents, each entry being one single stamp. A parcel needs stamps worth "
    "exactly {postage} cents together, and there is room for at most {room} stamps on it. Which stamps do you "
    "stick on? Name their values in any order; a value may be named as often as there are such stamps in the "
    "drawer. Any choice that fits is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    count = 4 + 2 * difficulty
    stamps = [rng.randint(3, 20 + 6 * difficulty) for _ in range(count)]
    used = rng.sample(range(count), rng.randint(2, 2 + count // 3))
    postage = sum(stamps[i] for i in used)
    fewest = len(example(stamps, postage, len(used)))
    return {"stamps": stamps, "postage": postage, "room": rng.randint(fewest, len(used))}


def smallest_choices(stamps: list[int], postage: int) -> dict[int, tuple[int, ...]]:
    """For each total up to the postage, one of the choices with the fewest stamps."""
    choices: dict[int, tuple[int, ...]] = {0: ()}
    for stamp in stamps:
        for total, choice in sorted(choices.items(), reverse=True):
            more = total + stamp
            if more <= postage and (more not in choices or len(choices[more]) > len(choice) + 1):
                choices[more] = choice + (stamp,)
    return choices


def example(stamps: list[int], postage: int, room: int) -> list[int]:
    return list(smallest_choices(stamps, postage)[postage])


def verify(stamps: list[int], postage: int, room: int, answer: list[int]) -> bool:
    if not answer or len(answer) > room:
        return False
    if any(stamp not in stamps for stamp in answer):
        return False
    return sum(answer) == postage


def admits(stamps: list[int], postage: int, room: int) -> bool:
    if len(stamps) > 40 or not 0 < postage <= 4000 or any(not 0 < stamp <= 1000 for stamp in stamps):
        return False
    return len(smallest_choices(stamps, postage).get(postage, stamps + [0])) <= min(room, len(stamps))
