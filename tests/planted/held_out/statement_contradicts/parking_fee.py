"""Parking fee: what do several cars pay in a car park?"""

from random import Random

STATEMENT = (
    "In a car park every hour begun costs {hourly} cents, so that 61 minutes cost as much as exactly two hours. A car "
    "that stays for no more than {free} minutes pays nothing, and no car pays more than {daily} cents. The cars come "
    "and leave at these times of the same day, written as HH:MM: {stays}. How many cents do they all pay together?"
)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(time: str) -> int:
    return 60 * int(time[:2]) + int(time[3:])


def generate(rng: Random, difficulty: int) -> dict:
    stays = []
    for _ in range(1 + difficulty):
        came = rng.randint(300, 1200)
        stayed = rng.choice([rng.randint(3, 200), 5 * rng.randint(2, 80), rng.randint(20, 1400)])
        stays.append((clock(came), clock(min(1439, came + stayed))))
    hourly = 10 * rng.randint(5, 40)
    return {"hourly": hourly, "free": rng.choice([5, 10, 15, 20, 30]), "daily": hourly * rng.randint(4, 9), "stays": stays}


def fee(stayed: int, hourly: int, free: int, daily: int) -> int:
    if stayed <= free:
        return 0
    return min(daily, hourly * (stayed // 60 + 1))


def solve(hourly: int, free: int, daily: int, stays: list[tuple[str, str]]) -> int:
    return sum(fee(minutes_of(left) - minutes_of(came), hourly, free, daily) for came, left in stays)


def verify(hourly: int, free: int, daily: int, stays: list[tuple[str, str]], answer: int) -> bool:
    return answer == solve(hourly, free, daily, stays)


def admits(hourly: int, free: int, daily: int, stays: list[tuple[str, str]]) -> bool:
    times = {clock(minutes) for minutes in range(1440)}
    if hourly < 0 or free < 0 or daily < 0:
        return False
    return all(came in times and left in times and came <= left for came, left in stays)
