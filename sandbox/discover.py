"""Discovery: a pool's environments, fused into composites until there are as many as are wanted.

It plans, rations, judges and keeps; the search itself runs behind the wall (``synth/compose/search.py``), many
composites a round trip. Rounds are numbered and each depends on the rounds before it alone, so that the same seed
finds the same composites with any number of processors, and a run that was killed goes on where it stopped.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sandbox.admit import Judge
from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Limits, Outcome
from sandbox.subject import LIGHT, Among, Opening
from synth.compose import composite
from synth.compose.search import SIZES
from synth.pool import Pool, PoolError
from synth.program import Reference
from synth.verdict import Verdict

FILE = "composites.jsonl"
SLICES = 8  # round trips of a round; independent of the number of processors, so that the result is
PLANNED = 16  # composites tried for in a slice
RATION = 3  # composites of one operator that may have the same parts
NESTED = 24  # branches and loops that may stand as steps in the composites of a round
IDLE_TRIES = 150  # tries in a row of one operator and size that bring nothing, after which it is given up
WORKERS = os.cpu_count() or 1
SEARCH_LIMITS = Limits(call_seconds=10.0)  # a slice takes a second or two; a part that hangs costs one slice

T = TypeVar("T")
R = TypeVar("R")
Opened = tuple[str, str]
"""A part and the field of it that is opened, by name."""


Row = dict[str, Any]
"""A composite as it is kept: term, operator, size, parts; rate (share of the support at which it could be drawn),
chance (of the best constant answer), weakest (of its parts' bounds on a wrong answer's chance), digest."""


@dataclass
class Progress:
    """What a run did so far."""

    wanted: int
    kept: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    """By operator and size."""
    by_size: Counter[str] = field(default_factory=Counter)
    """Kept, by operator and size."""
    fell: Counter[str] = field(default_factory=Counter)
    """By operator, size and reason."""
    used: Counter[str] = field(default_factory=Counter)
    """How often each base environment stands in what was kept."""
    refused_links: dict[str, str] = field(default_factory=dict)
    """Empty steps, and in what way."""
    refused_parts: dict[str, str] = field(default_factory=dict)
    """Environments that hung when they were fed another's answers."""

    def asdict(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value, dict) else value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Wanted:
    """What to look for."""

    count: int = 10_000
    operators: tuple[str, ...] = tuple(SIZES)
    sizes: tuple[int, int] = (2, 12)
    depth: int = 2
    """1: composites of base environments only; 2: branches and loops may be steps of others."""
    seed: int = 0

    @classmethod
    def of(cls, count: int, operators: str, sizes: str, depth: int, seed: int) -> "Wanted":
        """As somebody writes it on a command line. Raises ``PoolError`` that says what to write."""
        names = tuple(name.strip() for name in operators.split(","))
        if unknown := [name for name in names if name not in SIZES]:
            raise PoolError(f"there is no operator {unknown[0]!r}; there are {', '.join(SIZES)}")
        low, dash, high = sizes.partition("-")
        if not (low.isdigit() and (high if dash else low).isdigit()):
            raise PoolError(f"sizes {sizes!r}: write the smallest and the largest, as in 2-12")
        return cls(count, names, (int(low), int(high or low)), depth, seed)

    def cells(self) -> list[tuple[str, int]]:
        """Every operator with every size that it can have. Raises ``PoolError`` when there is none."""
        low, high = self.sizes
        free = ("branch", "loop")  # whose size is not for choosing
        cells = [
            (o, n) for o in self.operators for n in range(SIZES[o][0], SIZES[o][1] + 1) if o in free or low <= n <= high
        ]
        if not cells:
            reach = ", ".join(f"{o} {SIZES[o][0]}-{SIZES[o][1]}" for o in self.operators)
            raise PoolError(f"no operator has a size from {low} to {high}; they reach: {reach}")
        return cells


class Discovery:
    """One run: the composites of ``pool`` that are kept in its file, and more until there are enough."""

    def __init__(self, pool: Pool, judge: Judge, wanted: Wanted) -> None:
        self.pool, self.judge, self.wanted = pool, judge, wanted
        self.progress = Progress(wanted.count)
        self.cells = wanted.cells()
        self.file = pool.folder / FILE
        self.terms: set[str] = set()
        self.rations: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.nested: list[str] = []
        self.idle: Counter[tuple[str, int]] = Counter()
        """Tries since the last composite of a cell was kept."""
        self.sessions: list[tuple[Session, Session]] = []
        self.rounds = self._resume()

    def run(self) -> None:
        """Raises ``PoolError`` when nothing can be made of the pool, ``SandboxError``."""
        signatures = {entry.name: entry.program.signature for entry in self.pool}
        sources = {entry.name: entry.program.source for entry in self.pool}
        with Sandbox(SEARCH_LIMITS) as box, Sandbox(SEARCH_LIMITS, hash_seed=1) as other:
            links = self._links(box)
            if not any(signatures[a].codomain <= signatures[b].domain[into] for a, _ in links for b, into in links):
                raise PoolError(f"{self.pool.folder}: no environment's answer fits a field of another; nothing chains")
            self.sessions = [(box.compose("", sources), other.compose("", sources)) for _ in range(WORKERS)]
            with ThreadPoolExecutor(WORKERS) as threads:
                while self.progress.kept < self.wanted.count and self.open_cells():
                    self._round(links, threads)

    def open_cells(self) -> list[tuple[str, int]]:
        """The operators and sizes that are still worth trying."""
        return [cell for cell in self.cells if self.idle[cell] < IDLE_TRIES]

    def _links(self, box: Sandbox) -> list[Opened]:
        """Every field of every step that is no empty step, found by running each part alone."""
        kept = []
        for entry in self.pool:
            if entry.program.reference is Reference.WITNESS:
                continue
            with box.compose("", {entry.name: entry.program.source}) as session:
                for name in entry.program.signature.domain:
                    seed = self.wanted.seed
                    outcome = session.map([Call("screened", {"part": entry.name, "field": name}, seed)])[0]
                    reason = outcome.value if outcome.ending is Ending.RETURNED else outcome.error
                    if reason:
                        self.progress.refused_links[f"{entry.name}:{name}"] = reason
                    else:
                        kept.append((entry.name, name))
        return kept

    def _round(self, links: Sequence[Opened], threads: ThreadPoolExecutor) -> None:
        """Search in slices side by side, then take what they found in the slices' order."""
        self.rounds += 1
        calls = [self._call(links, slice) for slice in range(SLICES)]
        found: list[Row] = []
        for outcome in _shared(threads, calls, lambda k, call: self.sessions[k][0].map([call])[0]):
            if outcome.ending is Ending.RETURNED:
                self._count_tries(outcome.value)
                found += [row for row in outcome.value["found"] if self._is_new(row)]
            else:
                self._refuse_part(outcome)
        verdicts = _shared(threads, found, self._judged)
        kept = [row for row, verdict in zip(found, verdicts, strict=True) if self._passed(row, verdict)]
        self._keep(kept[: self.wanted.count - self.progress.kept])

    def _refuse_part(self, outcome: Outcome) -> None:
        """A slice that did not come back names the part that it was in: that part is used no more."""
        self.progress.fell[f"a slice: {outcome.error}"] += 1
        if named := re.search(r" in (\w+)$", outcome.error):
            self.progress.refused_parts[named[1]] = str(outcome.ending)

    def _count_tries(self, slice: Mapping[str, Any]) -> None:
        self.progress.tried.update(slice["tried"])
        self.progress.fell.update(slice["fell"])
        for cell in self.cells:
            self.idle[cell] += slice["tried"].get(f"{cell[0]} {cell[1]}", 0)

    def _call(self, links: Sequence[Opened], slice: int) -> Call:
        rng = Random(f"{self.wanted.seed} {self.rounds} {slice}")
        names = [entry.name for entry in self.pool if entry.name not in self.progress.refused_parts]
        weights = {name: 1 / (1 + self.progress.used[name]) for name in names}
        shown = rng.sample(self.nested, min(NESTED, len(self.nested))) if self.wanted.depth > 1 else []
        # A cell is the likelier the fewer of it were kept, so that sizes come out even where they can be reached.
        cells = self.open_cells()
        want = [1 / (1 + self.progress.by_size[f"{o} {n}"]) for o, n in cells]
        plan = rng.choices(cells, want, k=PLANNED)
        arguments = {
            "links": [link for link in links if link[0] in weights],
            "nested": shown,
            "weights": weights,
            "plan": plan,
        }
        return Call("slice", arguments, seed=rng.getrandbits(32))

    def _is_new(self, row: Mapping[str, Any]) -> bool:
        """Not found before, and within the ration of its parts."""
        key = row["operator"], tuple(row["parts"])
        cell = f"{row['operator']} {row['size']}"
        if row["term"] in self.terms:
            self.progress.fell[f"{cell}: found before"] += 1
            return False
        if self.rations[key] >= RATION:
            self.progress.fell[f"{cell}: enough of the same parts"] += 1
            return False
        self.terms.add(row["term"])
        self.rations[key] += 1
        return True

    def _judged(self, k: int, row: Row) -> Verdict:
        """The verdict on a composite, reached in the sessions that have its parts loaded."""
        here, there = self.sessions[k]

        def among(session: Session) -> Opening:
            return lambda program: Among(session, program.title)

        return self.judge.judge_opened(composite.read(row["term"], self.pool), among(here), among(there), LIGHT)

    def _passed(self, row: Row, verdict: Verdict) -> bool:
        """Whether a composite keeps the laws; then its row is filled in, else why it fell is counted."""
        if verdict.certificate is None:
            self.progress.fell[f"{row['operator']} {row['size']}: {verdict.law}"] += 1
            return False
        row["chance"] = verdict.certificate.chance
        row["weakest"] = self._weakest(row)
        row["digest"] = composite.read(row["term"], self.pool).digest
        self.idle[row["operator"], row["size"]] = 0
        return True

    def _weakest(self, row: Mapping[str, Any]) -> float:
        return max(_accept_bound(self.pool[name].record["certificate"]) for name in row["parts"])

    def _keep(self, rows: Sequence[dict[str, Any]]) -> None:
        """Append a round's composites, and then a line that ends the round: without it, it never was."""
        for row in rows:
            self._count(row)
        idle = {f"{o} {n}": tries for (o, n), tries in self.idle.items()}
        end = {"round": self.rounds, "tried": dict(self.progress.tried), "fell": dict(self.progress.fell), "idle": idle}
        text = "".join(json.dumps(row) + "\n" for row in [*rows, end])
        try:
            with self.file.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise PoolError(f"{self.file}: cannot be written ({error.strerror}); what is in it is kept") from None

    def _count(self, row: Mapping[str, Any]) -> None:
        self.progress.kept += 1
        self.progress.by_size[f"{row['operator']} {row['size']}"] += 1
        self.progress.used.update(row["parts"])
        if row["operator"] in ("loop", "branch"):
            self.nested.append(row["term"])

    def _resume(self) -> int:
        """Take in what earlier rounds kept, and cut off a round that was not finished."""
        rounds = size = 0
        pending: list[Row] = []
        for row, end in _rows(self.file):
            if "round" not in row:
                pending.append(row)
                continue
            for kept in pending:
                self.terms.add(kept["term"])
                self.rations[kept["operator"], tuple(kept["parts"])] += 1
                self._count(kept)
            rounds, size, pending = row["round"], end, []
            self.progress.tried, self.progress.fell = Counter(row["tried"]), Counter(row["fell"])
            self.idle = Counter({(cell.split()[0], int(cell.split()[1])): n for cell, n in row["idle"].items()})
        if self.file.exists():
            os.truncate(self.file, size)
        return rounds


def _shared(threads: ThreadPoolExecutor, items: Sequence[T], work: Callable[[int, T], R]) -> list[R]:
    """The results of ``work`` on each item, in order; the k-th worker takes every k-th item, with its own sessions."""
    shares = threads.map(lambda k: [work(k, item) for item in items[k::WORKERS]], range(WORKERS))
    results: dict[int, R] = {}
    for k, share in enumerate(shares):
        results.update(zip(range(k, len(items), WORKERS), share, strict=True))
    return [results[i] for i in range(len(items))]


def _rows(file: Path) -> Iterator[tuple[Row, int]]:
    """The rows of a file of composites, each with where it ends, up to the first that is not whole."""
    if not file.exists():
        return
    end = 0
    with file.open("rb") as lines:
        for line in lines:
            end += len(line)
            try:
                yield json.loads(line), end
            except ValueError:
                return


def _accept_bound(certificate: Mapping[str, Any]) -> float:
    """Upper 95 % bound on the share of wrong answers accepted, by the rule of three where none was."""
    trials = certificate["false_accepts"].values()
    tried: int = sum(t["tried"] for t in trials)
    accepted: int = sum(t["accepted"] for t in trials)
    return round(min(1.0, (accepted + 3) / max(1, tried)), 4) if tried else 1.0
