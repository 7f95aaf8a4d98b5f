"""Accepted words: how many words of a length does an automaton accept?"""

from random import Random

STATEMENT = (
    "An automaton starts in state 0. The list at place i of {moves}, counted from 0, belongs to state i: its entries "
    "are the states that the automaton goes to from state i on reading the first letter of the alphabet, the second "
    "letter, and so on; the alphabet has as many letters as each list has entries. The automaton reads a word letter "
    "by letter and accepts it if it is then in one of the states {final}. How many different words of exactly "
    "{length} letters does it accept? The word without letters leaves it in state 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    states, letters = min(2 + difficulty // 3, 20), rng.randint(2, 3)
    moves = [[rng.randrange(states) for _ in range(letters)] for _ in range(states)]
    moves[0][rng.randrange(letters)] = 1  # the first state leads on
    final = sorted(rng.sample(range(states), rng.randint(1, states - 1)))
    length = min(2 + 3 * difficulty, 300)
    return {"moves": moves, "final": final, "length": length - rng.randint(0, 2)}


def solve(moves: list[list[int]], final: list[int], length: int) -> int:
    words = [1] + [0] * (len(moves) - 1)  # how many words lead to each state
    for _ in range(length):
        longer = [0] * len(moves)
        for state, targets in enumerate(moves):
            for target in targets:
                longer[target] += words[state]
        words = longer
    return sum(words[state] for state in set(final))


def verify(moves: list[list[int]], final: list[int], length: int, answer: int) -> bool:
    return answer == solve(moves, final, length)


def admits(moves: list[list[int]], final: list[int], length: int) -> bool:
    # With 6 letters and 300 places there are fewer than 10**240 words.
    if not 1 <= len(moves) <= 30 or not 0 <= length <= 300 or len({len(targets) for targets in moves}) != 1:
        return False
    named = [target for targets in moves for target in targets] + final
    return 1 <= len(moves[0]) <= 6 and all(0 <= state < len(moves) for state in named)
