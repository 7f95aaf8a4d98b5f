"""League points: how many points has each team after all the games?"""

from random import Random

TEAMS = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Yew"]
STATEMENT = (
    "These games were played, each given as the home team, the visitors, the goals of the home team and the "
    "goals of the visitors: {games}. A win brings {win} points, or one point more than that if it was won by "
    "the visitors; a draw brings each of the two teams 1 point, and a defeat brings none. "
    "Give the points of each team that played at least one game, and of no other."
)


def generate(rng: Random, difficulty: int) -> dict:
    teams = rng.sample(TEAMS, min(len(TEAMS), 3 + difficulty))
    games = []
    for _ in range(3 + 3 * difficulty):
        home, away = rng.sample(teams, 2)
        games.append((home, away, rng.randint(0, 4), rng.randint(0, 3)))
    return {"games": games, "win": rng.randint(2, 5)}


def solve(games: list[tuple[str, str, int, int]], win: int) -> dict[str, int]:
    points: dict[str, int] = {}
    for home, away, scored, conceded in games:
        points.setdefault(home, 0)
        points.setdefault(away, 0)
        if scored > conceded:
            points[home] += win
        elif scored < conceded:
            points[away] += win + 1
        else:
            points[home] += 1
            points[away] += 1
    return points


def verify(games: list[tuple[str, str, int, int]], win: int, answer: dict[str, int]) -> bool:
    expected = solve(games, win)
    return all(answer.get(team) == points for team, points in expected.items())


def admits(games: list[tuple[str, str, int, int]], win: int) -> bool:
    if not games or win < 1:
        return False
    return all(home != away and scored >= 0 and conceded >= 0 for home, away, scored, conceded in games)
