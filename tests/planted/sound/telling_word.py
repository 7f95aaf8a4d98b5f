"""Telling word: find a shortest word that one automaton accepts and the other does not."""

from collections import deque
from random import Random

STATEMENT = (
    "Two automata read words of the letters a and b, letter by letter, from the left. Both start in state 0. In "
    "{first} and in {second}, the pair at place i, counted from 0, gives the states that the first, or the second, "
    "automaton goes to from state i on reading an a and on reading a b. An automaton accepts a word if it is in an "
    "accepting state after the last letter (for the empty word: in its first state): the accepting states are "
    "{first_final} for the first automaton and {second_final} for the second. Find a shortest word that exactly one "
    "of the two accepts. It may be the empty word; any shortest one counts."
)
Moves = list[tuple[int, int]]


def generate(rng: Random, difficulty: int) -> dict:
    n = 2 + (min(difficulty, 30) + rng.randint(0, 1)) // 2
    first = []
    for i in range(n):
        to = [(i + 1) % n, rng.randrange(n)]
        rng.shuffle(to)
        first.append((to[0], to[1]))
    twice = [first[i % n] for i in range(2 * n)]  # the second automaton has each state of the first twice
    second = [(x + n * rng.randint(0, 1), y + n * rng.randint(0, 1)) for x, y in twice]
    first_final = sorted(rng.sample(range(n), rng.randint(1, n - 1)))
    met = [pair[1] for pair in meetings(first, second)]
    changed = rng.choice(met[len(met) // 2 :])
    second_final = [i for i in range(2 * n) if (i % n in first_final) != (i == changed)]
    return {"first": first, "first_final": first_final, "second": second, "second_final": second_final}


def meetings(first: Moves, second: Moves) -> dict[tuple[int, int], str]:
    """The pairs of states that both reach on the same word, with a shortest such word, shorter ones first."""
    words = {(0, 0): ""}
    queue = deque(words)
    while queue:
        x, y = queue.popleft()
        for letter, pair in zip("ab", zip(first[x], second[y])):
            if pair not in words:
                words[pair] = words[x, y] + letter
                queue.append(pair)
    return words


def telling(first: Moves, first_final: list[int], second: Moves, second_final: list[int]) -> list[str]:
    return [word for (x, y), word in meetings(first, second).items() if (x in first_final) != (y in second_final)]


def example(first: Moves, first_final: list[int], second: Moves, second_final: list[int]) -> str:
    return telling(first, first_final, second, second_final)[0]


def end_state(moves: Moves, word: str) -> int:
    state = 0
    for letter in word:
        state = moves[state]["ab".index(letter)]
    return state


def verify(first: Moves, first_final: list[int], second: Moves, second_final: list[int], answer: str) -> bool:
    if set(answer) - {"a", "b"} or len(answer) != len(telling(first, first_final, second, second_final)[0]):
        return False
    return (end_state(first, answer) in first_final) != (end_state(second, answer) in second_final)


def admits(first: Moves, first_final: list[int], second: Moves, second_final: list[int]) -> bool:
    for moves, final in ((first, first_final), (second, second_final)):
        if not 1 <= len(moves) <= 40 or len(final) > 40:
            return False
        if any(not 0 <= state < len(moves) for state in [state for pair in moves for state in pair] + final):
            return False
    return len(telling(first, first_final, second, second_final)) > 0
