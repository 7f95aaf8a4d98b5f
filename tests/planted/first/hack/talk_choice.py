"""Talk choice: hear as many talks of a conference as possible."""

from random import Random

STATEMENT = (
    "A conference has these talks, each given by the minute at which it begins and the minute at which it ends: "
    "{talks}. Talks are numbered from 0 in this order. Somebody wants to hear as many different talks as possible, "
    "each from its beginning to its end, and needs {walk} minutes to go from one talk to the next one. "
    "Name the numbers of the talks to hear, in the order in which they are heard. "
    "If several choices are equally good, any of them will do."
)


def generate(rng: Random, difficulty: int) -> dict:
    talks = []
    for _ in range(4 + 2 * difficulty):
        begin = 5 * rng.randint(0, 24 + 6 * difficulty)
        talks.append((begin, begin + 5 * rng.randint(3, 14)))
    return {"talks": talks, "walk": rng.choice([2, 5, 10])}


def example(talks: list[tuple[int, int]], walk: int) -> list[int]:
    chosen: list[int] = []
    for number in sorted(range(len(talks)), key=lambda n: talks[n][1]):
        if not chosen or talks[chosen[-1]][1] + walk <= talks[number][0]:
            chosen.append(number)
    return chosen


def verify(talks: list[tuple[int, int]], walk: int, answer: list[int]) -> bool:
    if not all(0 <= number < len(talks) for number in answer):
        return False
    heard = [talks[number] for number in answer]
    if heard != sorted(heard):
        return False
    times = sorted(set(heard))
    if any(end + walk > begin for (_, end), (begin, _) in zip(times, times[1:])):
        return False
    return len(heard) >= len(example(talks, walk))


def admits(talks: list[tuple[int, int]], walk: int) -> bool:
    return len(talks) > 0 and walk >= 0 and all(0 <= begin < end for begin, end in talks)
