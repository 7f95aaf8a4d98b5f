"""Ledger balances: how much does each account hold after a list of transfers?"""

from random import Random

NAMES = ["bank", "baker", "cooper", "dyer", "farmer", "miller", "potter", "smith", "tailor", "weaver"]
STATEMENT = (
    "The accounts hold, in pence, {opening} at first. The transfers {transfers} are carried out in this order; each "
    "names the account that pays, the account that receives and the amount. A transfer for which the paying account "
    "does not hold enough is left out as a whole. Right after each transfer that is carried out, the "
    "receiving account pays a fee of {fee} pence out of what it then holds, or all that it holds if that is less; the "
    "fee leaves the ledger. Give every account with the pence that it holds at the end."
)


def generate(rng: Random, difficulty: int) -> dict:
    names = rng.sample(NAMES, min(3 + difficulty // 3, len(NAMES)))
    opening = {name: rng.randint(0, 90) for name in names}
    transfers = []
    for _ in range(3 + 2 * min(difficulty, 300)):
        payer, receiver = rng.sample(names, 2)
        transfers.append((payer, receiver, rng.randint(5, 80)))
    return {"opening": opening, "transfers": transfers, "fee": rng.randint(1, 9)}


def solve(opening: dict[str, int], transfers: list[tuple[str, str, int]], fee: int) -> dict[str, int]:
    held = dict(opening)
    for payer, receiver, amount in transfers:
        if held[payer] >= amount:
            held[payer] -= amount
            held[receiver] += amount
            held[receiver] -= min(fee, held[receiver])
    return held


def verify(opening: dict[str, int], transfers: list[tuple[str, str, int]], fee: int, answer: dict[str, int]) -> bool:
    return answer == solve(opening, transfers, fee)


def admits(opening: dict[str, int], transfers: list[tuple[str, str, int]], fee: int) -> bool:
    if any(not 0 <= pence <= 10**12 for pence in opening.values()) or not 0 <= fee <= 10**12:
        return False
    return all(
        payer in opening and receiver in opening and payer != receiver and 0 < amount <= 10**12
        for payer, receiver, amount in transfers
    )
