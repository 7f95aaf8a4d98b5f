"""Poker table: what is each player's hand of five cards worth?"""

from collections import Counter
from random import Random

RANKS = "23456789TJQKA"
SUITS = "CDHS"
STATEMENT = (
    "At a table the players hold these hands of five cards: {hands}. A card is written as its rank, 2 to 9, T (ten), "
    "J, Q, K or A, followed by its suit C, D, H or S. The kinds of hands are, from the best to the worst: 'straight "
    "flush' (a straight all of one suit), 'four' (of one rank), 'full house' (three of one rank and two of another), "
    "'flush' (all of one suit), 'straight' (five successive ranks, with the ace either after the king or before the "
    "2, but not between them), 'three' (of one rank), 'two pairs', 'pair' and 'nothing'. Name for each hand in turn "
    "the best kind that it is."
)


def generate(rng: Random, difficulty: int) -> dict:
    return {"hands": [deal(rng) for _ in range(difficulty)]}


def deal(rng: Random) -> list[str]:
    kind = rng.choice(["any", "any", "suit", "run", "run", "few", "few"])
    if kind == "run":
        low = rng.randint(-1, 8)
        suits = rng.choice([SUITS, SUITS, "DS", "C"])
        hand = [RANKS[low + step] + rng.choice(suits) for step in range(5)]
        rng.shuffle(hand)
        return hand
    suits = rng.sample(SUITS, 1) if kind == "suit" else list(SUITS)
    ranks = rng.sample(RANKS, 3) if kind == "few" else list(RANKS)
    return rng.sample([rank + suit for rank in ranks for suit in suits], 5)


def kind_of(hand: list[str]) -> str:
    places = sorted(RANKS.index(card[0]) for card in hand)
    counts = sorted(Counter(places).values(), reverse=True)
    flush = len({card[1] for card in hand}) == 1
    straight = counts[0] == 1 and places[4] - places[0] == 4
    if straight:
        return "straight flush" if flush else "straight"
    if counts[0] == 4 or counts[:2] == [3, 2]:
        return "four" if counts[0] == 4 else "full house"
    if flush:
        return "flush"
    return {(3, 1): "three", (2, 2): "two pairs", (2, 1): "pair"}.get((counts[0], counts[1]), "nothing")


def solve(hands: list[list[str]]) -> list[str]:
    return [kind_of(hand) for hand in hands]


def verify(hands: list[list[str]], answer: list[str]) -> bool:
    return answer == solve(hands)


def admits(hands: list[list[str]]) -> bool:
    deck = {rank + suit for rank in RANKS for suit in SUITS}
    return all(len(hand) == 5 == len(set(hand)) and deck.issuperset(hand) for hand in hands)
