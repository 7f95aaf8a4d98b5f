"""Card battle: what does each player hold after some rounds of a card game?"""

from random import Random

STATEMENT = (
    "Players hold these cards, the top card first, and sit in this order: {hands}. In each round every player who "
    "still has cards lays the top card on the table. The player with the highest card of the round wins it; if "
    "several laid that card, the one of them who sits first in the order wins. The winner puts all cards "
    "of the round under the own cards, from the highest to the lowest. How many cards does each player hold "
    "after {rounds} rounds? Name the numbers in the order of the players."
)


def generate(rng: Random, difficulty: int) -> dict:
    players = min(20, 2 + difficulty // 3)
    size = rng.randint(3, 4 + difficulty // 2)
    hands = [[rng.randint(1, 13) for _ in range(size)] for _ in range(players)]
    return {"hands": hands, "rounds": rng.randint(3, 4 + 2 * difficulty)}


def play_round(hands: list[list[int]]) -> None:
    table = []
    for player, hand in enumerate(hands):
        if hand:
            table.append((hand.pop(0), player))
    if table:
        highest = max(card for card, _ in table)
        winner = next(player for card, player in table if card == highest)
        hands[winner].extend(sorted((card for card, _ in table), reverse=True))


def solve(hands: list[list[int]], rounds: int) -> list[int]:
    playing = hands.copy()
    for _ in range(rounds):
        play_round(playing)
    return [len(hand) for hand in playing]


def verify(hands: list[list[int]], rounds: int, answer: list[int]) -> bool:
    if len(answer) != len(hands) or sum(answer) != sum(len(hand) for hand in hands):
        return False
    return answer == solve(hands, rounds)


def admits(hands: list[list[int]], rounds: int) -> bool:
    if not 2 <= len(hands) <= 20 or not 1 <= rounds <= 2000:
        return False
    return all(0 < len(hand) <= 100 for hand in hands)
