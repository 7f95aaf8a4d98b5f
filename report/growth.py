"""How a pool grew, as its ledger has it: the funnel from tasks to environments, what fell and why, family by family."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from synth.arbiter import ARBITER
from synth.author import REPLIED
from synth.ledger import History, Noted, Settled
from synth.pool import Pool
from synth.verdict import READABLE

ADMITTED, REJECTED = "admitted", "rejected"
NEVER = "never admitted"
"""The family of a task that nobody can name."""


class Stage(NamedTuple):
    """A step of the funnel."""

    name: str
    n: int
    words: str


class Fall(NamedTuple):
    """A law, and what fell for it."""

    law: str
    attempts: int
    tasks: int
    """Whose last attempt it was."""
    example: str
    evidence: str


class Yield(NamedTuple):
    """A family: how many tasks were admitted at each turn, rejected, or are open."""

    family: str
    turns: Sequence[tuple[int, int]]
    rejected: int
    open: int
    total: int


@dataclass(frozen=True)
class Growth:
    """The funnel of a pool, and what it is made of."""

    stages: Sequence[Stage]
    falls: Sequence[Fall]
    families: Sequence[Yield]
    turns: Sequence[int]
    """At which something was admitted."""
    tokens: tuple[int, int]
    cost_usd: float
    completions: int
    completers: Sequence[str]

    @classmethod
    def of(cls, history: History, pool: Pool, families: Mapping[str, str]) -> "Growth":
        """Read off a ledger; ``families`` are those of tasks that the pool does not know."""
        authors = [noted for noted in history.attempts if not noted.task.endswith(f".{ARBITER}")]
        history, taken = replace(history, attempts=authors), pool.quarantined()
        known = {**families, **{row["name"]: row.get("family", NEVER) for row in taken}}
        rows = _families(history, known | {entry.name: entry.family for entry in pool})
        return cls(
            stages=[*_stages(history), *([Stage("taken out", len(taken), "by an audit, later")] if taken else [])],
            falls=_falls(history),
            families=rows,
            turns=sorted({turn for row in rows for turn, _ in row.turns}),
            tokens=(history.prompt_tokens, history.completion_tokens),
            cost_usd=history.cost_usd,
            completions=history.completions,
            completers=sorted({noted.completer for noted in history.attempts}),
        )


def _stages(history: History) -> list[Stage]:
    attempts = history.attempts
    read = [noted for noted in attempts if noted.law != REPLIED]
    judged = [noted for noted in read if noted.law != READABLE]
    kept = [noted for noted in judged if not noted.law]
    settled = Counter(outcome.status for outcome in history.outcomes)
    rejected = settled.total() - settled[ADMITTED]
    tasks = len({(noted.completer, noted.task) for noted in attempts})
    stages = [
        Stage("tasks", tasks, "one conversation each"),
        Stage("replies", len(attempts), "repair turns included"),
        Stage("with a module", len(read), "a code block that can be read"),
        Stage("run", len(judged), "kept the contract as far as their text shows"),
        Stage("kept every law", len(kept), "judged in the jail"),
        Stage("admitted", settled[ADMITTED], "to the pool: no twin of another"),
    ]
    return stages + ([Stage("rejected", rejected, "tasks, after their last turn")] if rejected else [])


def _falls(history: History) -> list[Fall]:
    """Laws by how many attempts broke them; twins are only found when a task is settled."""
    last = Counter(outcome.law for outcome in history.outcomes if outcome.status != ADMITTED)
    attempts = Counter(noted.law for noted in history.attempts if noted.law)
    first: dict[str, tuple[str, str]] = {}
    rows: Sequence[Noted | Settled] = [*history.attempts, *history.outcomes]
    for row in rows:
        if row.law:
            first.setdefault(row.law, (row.task, row.evidence))
    laws = sorted(first, key=lambda law: (-attempts[law], -last[law], law))
    return [Fall(law, attempts[law], last[law], *first[law]) for law in laws]


def _families(history: History, known: Mapping[str, str]) -> list[Yield]:
    """Families by name; what only was begun is open."""
    turns: dict[str, Counter[int]] = {}
    lost: dict[str, Counter[str]] = {}
    settled = {(outcome.completer, outcome.task): outcome for outcome in history.outcomes}
    for key in dict.fromkeys([*_tasks(history.attempts), *settled]):
        family = known.get(key[1], NEVER)
        turns.setdefault(family, Counter())
        lost.setdefault(family, Counter())
        if key in settled and settled[key].status == ADMITTED:
            turns[family][settled[key].turn] += 1
        else:
            lost[family][REJECTED if key in settled else "open"] += 1
    return [
        Yield(
            family, sorted(turns[family].items()), lost[family][REJECTED], lost[family]["open"],
            turns[family].total() + lost[family].total(),
        )
        for family in sorted(turns, key=lambda name: (name == NEVER, name))
    ]  # fmt: skip


def _tasks(attempts: Sequence[Noted]) -> list[tuple[str, str]]:
    return [(noted.completer, noted.task) for noted in attempts]
