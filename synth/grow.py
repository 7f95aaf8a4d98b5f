"""The main job: from seed tasks to admitted environments.

All tasks run side by side; they are settled one by one in the order of the tasks, because whether one is the
twin of another depends on which came first. So the pool depends on the seeds and the answers alone, not on who
answered sooner. Killed at any moment and run again, it ends the same: see ``ledger.py`` and ``pool.py``.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from synth import pool as pools
from synth import propose
from synth.arbiter import ARBITER, Charge, Comparing, Hearing, Means, digest
from synth.author import REPLIED, Asking, Attempt, attempts
from synth.complete import Completer, CompleterError, Completion, Unanswered
from synth.ledger import Ledger
from synth.pool import Pool
from synth.program import Program, read
from synth.tasks import Seeds, Task
from synth.verdict import READABLE, Finding, Second, Verdict

TWIN = "new"


@dataclass(frozen=True)
class Bench:
    """Whatever runs programs: how ``synth`` reaches a sandbox that it may not import."""

    identity: str
    """Changes whenever the same source could be judged otherwise."""
    judge: Callable[[str], Awaitable[Verdict]]
    twin: Callable[[Program, Pool], Awaitable[str]]
    """Names the pool's twin of a program; empty when there is none."""
    second: Comparing
    """Compares a program with a second author's source."""


@dataclass
class Tally:
    """What a run did so far; the face draws it while it changes."""

    tasks: int = 0
    asked: int = 0
    remembered: int = 0
    """Answers taken from the ledger instead of asked for."""
    read: int = 0
    """Replies that held a module."""
    judged: int = 0
    """Modules that kept the contract as far as their text shows, and were run."""
    admitted: int = 0
    kept: int = 0
    """Environments that the pool had from this task already."""
    rejected: int = 0
    turns: Counter[int] = field(default_factory=Counter)
    """Admitted, by the turn that did it."""
    laws: Counter[str] = field(default_factory=Counter)
    """Attempts rejected, by the law they broke."""
    final: Counter[str] = field(default_factory=Counter)
    """Tasks rejected, by the law that the last attempt broke."""
    opinions: Counter[str] = field(default_factory=Counter)
    """Comparisons with a second author, by what came of them; again after each ruling that mended something."""
    rulings: Counter[str] = field(default_factory=Counter)
    """Of the arbiter, by what was wrong; ``none`` where the reply held no ruling."""
    families: dict[str, Counter[str]] = field(default_factory=dict)
    """By family: how many tasks, and how many admitted."""
    open: list[str] = field(default_factory=list)
    """Tasks that stay open, with the reason."""
    problems: list[str] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0

    def asdict(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}

    def count(self, family: str, what: str) -> None:
        self.families.setdefault(family, Counter())[what] += 1


@dataclass(frozen=True)
class Options:
    turns: int = 3
    """Replies a task gets, repairs included; at least 1."""
    tasks: int | None = None
    """Tasks to work on: the seeds' first, then proposed ones. The seeds' alone when not given."""
    second: bool = False
    """Whether a second author solves what keeps the laws, and an arbiter rules, as often as ``turns`` says."""


class Grower:
    """One run of the main job over ``seeds`` into ``pool``."""

    def __init__(
        self, seeds: Seeds, pool: Pool, ledger: Ledger, completer: Completer, bench: Bench, options: Options
    ) -> None:
        self.seeds, self.pool, self.ledger, self.bench, self.options = seeds, pool, ledger, bench, options
        self.tally = Tally()
        self._charges: dict[str, dict[str, Charge]] = {}
        for row in pool.quarantined():
            charge = Charge(str(row.get("law")), str(row.get("evidence")))
            self._charges.setdefault(row["name"], {})[str(row.get("digest"))] = charge
        self._asking = Asking(completer, ledger, self._count_answer)

    async def run(self) -> None:
        """Work through the tasks, counting in ``tally``. What is settled stays so, whatever is raised.

        Raises ``CompleterError`` (after settling what was answered), ``SandboxError``, ``PoolError``, ``LedgerError``.
        """
        started = time.monotonic()
        try:
            await self._settle_all(await self._tasks())
        finally:
            self.tally.seconds = time.monotonic() - started
        if self._asking.stopped:
            raise self._asking.stopped

    def stop(self, reason: CompleterError) -> None:
        """Ask nothing more; what was asked is still answered, judged and settled."""
        self._asking.stopped = reason

    async def _tasks(self) -> list[Task]:
        tasks = list(self.seeds.tasks)
        wanted = len(tasks) if self.options.tasks is None else self.options.tasks
        number = 0
        while len(tasks) < wanted and self.seeds.topics:
            number += 1
            more = await self._proposed(number, tasks)
            if not more:
                self.tally.problems.append(f"no more tasks were proposed: {len(tasks)} of the {wanted} wanted")
                break
            tasks += more
        return tasks[:wanted]

    async def _proposed(self, number: int, tasks: Sequence[Task]) -> list[Task]:
        """The new tasks of one round over all topics."""
        requests = [(topic, propose.request(topic, number, tasks)) for topic in self.seeds.topics]
        replies = await asyncio.gather(
            *(self._asking.complete(request, in_place=True) for _, request in requests), return_exceptions=True
        )
        more: list[Task] = []
        for (topic, _), reply in zip(requests, replies, strict=True):
            if isinstance(reply, Unanswered):
                self.tally.problems.append(str(reply))
            elif isinstance(reply, BaseException):
                raise reply
            else:
                found, problems = propose.tasks_in(reply, topic, [task.name for task in [*tasks, *more]])
                more += found
                self.tally.problems += problems
        return more

    async def _settle_all(self, tasks: Sequence[Task]) -> None:
        """Run every task at once, the completer bounds how many it is asked for; settle them in order."""
        self.tally.tasks = len(tasks)
        for task in tasks:
            self.tally.count(task.family, "tasks")
        running: list[asyncio.Task[Attempt | None]] = []
        try:
            for task in tasks:
                running.append(asyncio.create_task(self._attempts(task)))
                await asyncio.sleep(0)  # the first questions are on their way before the last are written
            for task, run in zip(tasks, running, strict=True):
                await self._settle(task, run)
        finally:
            for run in running:
                run.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _attempts(self, task: Task) -> Attempt | None:
        """The last attempt at ``task``; none when the pool has an environment for it."""
        if task.name in self.pool:
            return None
        turns = self.options.turns
        attempt = await attempts(task, self.seeds.examples, self._asking, self._judge, turns, self._note)
        if not attempt.verdict.admitted:
            return attempt
        charges = self._charges.get(task.name, {})
        if self.options.second:
            means = Means(self._asking, self._judge, self.bench.second, self._count_opinion, self._note_ruling)
            return await Hearing(attempt, charges, means).held(turns)
        charge = charges.get(digest(attempt.source))
        return replace(attempt, verdict=Verdict(charge.law, "", Finding(charge.evidence))) if charge else attempt

    async def _settle(self, task: Task, run: asyncio.Task[Attempt | None]) -> None:
        try:
            attempt = await run
        except (Unanswered, CompleterError) as reason:
            self.tally.open.append(f"{task.name}: {reason}")
            return
        if attempt is None:
            self.tally.kept += 1
            self.tally.count(task.family, "admitted")
        elif not attempt.verdict.admitted:
            finding = attempt.verdict.finding
            self._reject(attempt, attempt.verdict.law, finding.evidence if finding else "")
        else:
            program = read(attempt.source)
            if twin := await self.bench.twin(program, self.pool):
                self._reject(attempt, TWIN, twin)
            else:
                self._admit(attempt, program)

    def _admit(self, attempt: Attempt, program: Program) -> None:
        task, identity = attempt.task, self._asking.identity
        verdict = attempt.verdict.asdict()
        row = {"certificate": verdict["certificate"]}
        self.pool.add(pools.record(task.name, task.family, program, attempt.origin(identity), row))
        self.ledger.settle(identity, task.name, "admitted", attempt.turn)
        self.tally.admitted += 1
        self.tally.turns[attempt.turn] += 1
        self.tally.count(task.family, "admitted")

    def _reject(self, attempt: Attempt, law: str, evidence: str) -> None:
        self.ledger.settle(self._asking.identity, attempt.task.name, "rejected", attempt.turn, law, evidence)
        self.tally.rejected += 1
        self.tally.final[law] += 1

    def _count_answer(self, completion: Completion, remembered: bool) -> None:
        if remembered:
            self.tally.remembered += 1
            return
        self.tally.asked += 1
        self.tally.prompt_tokens += completion.prompt_tokens
        self.tally.completion_tokens += completion.completion_tokens
        self.tally.cost_usd += completion.cost_usd

    async def _judge(self, source: str) -> Verdict:
        """The verdict on ``source``, from the ledger where the same judge has reached it before."""
        known = self.ledger.verdict(self.bench.identity, digest(source))
        verdict = known or await self.bench.judge(source)
        if known is None:
            self.ledger.keep_verdict(self.bench.identity, digest(source), verdict)
        return verdict

    def _note(self, attempt: Attempt) -> None:
        of = digest(attempt.source) if attempt.source else ""
        self.ledger.note_attempt(self._asking.identity, attempt.task.name, attempt.turn, of, attempt.verdict)
        self.tally.read += attempt.verdict.law != REPLIED
        self.tally.judged += attempt.verdict.law not in (REPLIED, READABLE)
        if not attempt.verdict.admitted:
            self.tally.laws[attempt.verdict.law] += 1

    def _count_opinion(self, opinion: Second) -> None:
        self.tally.opinions[opinion.opinion] += 1

    def _note_ruling(self, attempt: Attempt, wrong: str) -> None:
        """A ruling, with the module as it was mended, or stayed."""
        of, task = digest(attempt.source), f"{attempt.task.name}.{ARBITER}"
        self.ledger.note_attempt(self._asking.identity, task, attempt.turn, of, attempt.verdict)
        self.tally.rulings[wrong or "none"] += 1
        if not attempt.verdict.admitted:
            self.tally.laws[attempt.verdict.law] += 1
