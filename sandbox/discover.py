"""Discovery: a pool's environments, fused into composites until there are as many as are wanted.

It plans, rations, judges and keeps; the search itself runs behind the wall (``synth/compose/search.py``), many
composites a round trip. Rounds are numbered and each depends on the rounds before it alone, so that the same seed
finds the same composites with any number of processors, and a run that was killed goes on where it stopped.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sandbox import laws
from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Limits, Outcome
from sandbox.subject import LIGHT, Among, Opening, Subject
from synth.compose import composite
from synth.compose.search import SIZES
from synth.compose.store import Composites, Row
from synth.pool import Pool, PoolError
from synth.program import Reference
from synth.types import canonical

SLICES = 8  # round trips of a round; independent of the number of processors, so that the result is
PLANNED = 16  # composites tried for in a slice
RATION = 3  # composites of one operator that may have the same parts
NESTED = 8  # composites that may be parts of the composites of a slice
NESTED_SIZE = 3  # the largest of them: what is asked must still be read
IDLE_TRIES = 150  # tries in a row of one operator and size that bring nothing, after which it is given up
WORKERS = os.cpu_count() or 1
SEARCH_LIMITS = Limits(call_seconds=10.0)  # a slice takes a second or two; a part that hangs costs one slice

T = TypeVar("T")
R = TypeVar("R")
Opened = tuple[str, str]
"""A part and the field of it that is opened, by name."""


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
    stale: int = 0
    """Composites found earlier that are not used, since a part of theirs was edited or is gone."""
    unused: list[str] = field(default_factory=list)
    """Base environments that are in nothing that was kept."""

    def asdict(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value, dict) else value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Wanted:
    """What to look for."""

    count: int = 10_000
    operators: tuple[str, ...] = tuple(SIZES)
    sizes: tuple[int, int] = (2, 12)
    depth: int = 3
    """Operators in one another, at most; 1: composites of base environments only."""
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

    def __init__(
        self, pool: Pool, wanted: Wanted, allow_missing: frozenset[str] = frozenset(), file: Path | None = None
    ) -> None:
        self.pool, self.wanted, self.allow_missing = pool, wanted, allow_missing
        self.progress = Progress(wanted.count)
        self.cells = wanted.cells()
        self.store = Composites(pool, file)
        self.met: set[str] = set()
        """Terms that are kept or being judged, and digests of what was drawn from them."""
        self.rations: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.opening: set[Opened] = set()
        """The links that paths are made of: answers of the others are mostly degenerate."""
        self.nested: list[str] = []
        self.idle: Counter[tuple[str, int]] = Counter()
        """Tries since the last composite of a cell was kept."""
        self.sessions: list[tuple[Session, Session]] = []
        self.rounds = self._resume()

    def run(self) -> None:
        """Raises ``PoolError`` when nothing can be made of the pool, ``SandboxError``."""
        signatures = {entry.name: entry.program.signature for entry in self.pool}
        sources = {entry.name: entry.program.source for entry in self.pool}
        with self._sandbox(0) as box, self._sandbox(1) as other:
            links = self._links(box)
            if not any(signatures[a].codomain <= signatures[b].domain[into] for a, _ in links for b, into in links):
                raise PoolError(f"{self.pool.folder}: no environment's answer fits a field of another; nothing chains")
            self.sessions = [(box.compose("", sources), other.compose("", sources)) for _ in range(WORKERS)]
            with ThreadPoolExecutor(WORKERS) as threads:
                while self.progress.kept < self.wanted.count and self.open_cells():
                    self._round(links, threads)
        self.progress.unused = sorted(signatures.keys() - self.progress.used.keys())

    def _sandbox(self, hash_seed: int) -> Sandbox:
        return Sandbox(SEARCH_LIMITS, hash_seed=hash_seed, allow_missing=self.allow_missing)

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
                    asked = {"part": entry.name, "field": name}
                    screened, opens = (
                        session.map([Call(f, asked, self.wanted.seed)])[0] for f in ("screened", "opens")
                    )
                    reason = screened.value if screened.ending is Ending.RETURNED else screened.error
                    if reason:
                        self.progress.refused_links[f"{entry.name}:{name}"] = reason
                        continue
                    kept.append((entry.name, name))
                    if opens.ending is Ending.RETURNED and opens.value:
                        self.opening.add((entry.name, name))
        return kept

    def _round(self, links: Sequence[Opened], threads: ThreadPoolExecutor) -> None:
        """Search in slices side by side, then take what they found in the slices' order."""
        self.rounds += 1
        calls = [self._call(links, slice) for slice in range(SLICES)]
        found: list[Row] = []
        for outcome in _shared(threads, calls, lambda k, call: self.sessions[k][0].map([call])[0]):
            if outcome.ending is Ending.RETURNED:
                self._count_tries(outcome.value)
                found += filter(self._is_new, outcome.value["found"])
            else:
                self._refuse_part(outcome)
        judged = _shared(threads, found, self._judged)
        for row in judged:
            if "broken" in row:
                self.progress.fell[f"{row['operator']} {row['size']}: the law {row['broken']}"] += 1
                self._forget(row)
        kept = [row for row in judged if "broken" not in row]
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
        # A cell is the likelier the fewer of it were kept, and tried: sizes come out even where that costs little.
        cells = self.open_cells()
        names_of = [f"{o} {n}" for o, n in cells]
        want = [((1 + self.progress.by_size[cell]) * (1 + self.progress.tried[cell])) ** -0.5 for cell in names_of]
        plan = rng.choices(cells, want, k=PLANNED)
        arguments = {
            "links": [link for link in links if link[0] in weights],
            "opening": [link for link in links if link[0] in weights and link in self.opening],
            "nested": shown,
            "weights": weights,
            "plan": plan,
        }
        return Call("slice", arguments, seed=rng.getrandbits(32))

    def _is_new(self, row: Row) -> bool:
        """Neither found before, by its term or by all that it draws, nor beyond the ration of its parts."""
        cell = f"{row['operator']} {row['size']}"
        row["instances"] = hashlib.sha256(canonical(row["draws"]).encode()).hexdigest()[:16]
        key = row["operator"], tuple(row["parts"])
        for reason, is_so in (
            ("found before", row["term"] in self.met),
            ("the same instances and answers as one found before", row["instances"] in self.met),
            ("enough of the same parts", self.rations[key] >= RATION),
        ):
            if is_so:
                self.progress.fell[f"{cell}: {reason}"] += 1
                return False
        self._meet(row)
        return True

    def _meet(self, row: Row) -> None:
        self.met |= {row["term"], row["instances"]}
        self.rations[row["operator"], tuple(row["parts"])] += 1

    def _forget(self, row: Row) -> None:
        """What was not kept leaves no trace, so that a run that goes on from the file is the run that was cut off."""
        self.met -= {row["term"], row["instances"]}
        self.rations[row["operator"], tuple(row["parts"])] -= 1

    def _judged(self, k: int, row: Row) -> Row:
        """The row to keep of a composite, or the law that it breaks, judged in the sessions that have its parts."""
        here, there = self.sessions[k]

        def among(session: Session) -> Opening:
            return lambda program: Among(session, program.title)

        drawn = [(seed, level, Outcome(Ending.RETURNED, value)) for seed, level, value in row.pop("draws")]
        read = composite.read(row["term"], self.pool)
        with Subject(read, among(here), among(there), LIGHT, drawn) as subject:
            if broken := laws.broken(subject):
                return {**row, "broken": broken.law}
            chance = round(laws.best_constant(subject)[1], 4)
        return {**row, "chance": chance, "weakest": self._weakest(row), "digest": self.store.digest(row)}

    def _weakest(self, row: Mapping[str, Any]) -> float:
        return max(_accept_bound(self.pool[name].record["certificate"]) for name in row["parts"])

    def _keep(self, rows: Sequence[Row]) -> None:
        """Append a round to the file: what it kept, and where the search stands."""
        for row in rows:
            self._count(row)
            self.idle[row["operator"], row["size"]] = 0
        idle = {f"{o} {n}": tries for (o, n), tries in self.idle.items()}
        counts = {"tried": dict(self.progress.tried), "fell": dict(self.progress.fell), "idle": idle}
        self.store.append(rows, {"round": self.rounds, **counts, "refused": self.progress.refused_parts})

    def _count(self, row: Row) -> None:
        self.progress.kept += 1
        self.progress.by_size[f"{row['operator']} {row['size']}"] += 1
        self.progress.used.update(row["parts"])
        if row["size"] <= NESTED_SIZE and composite.depth(row["term"]) < self.wanted.depth:
            self.nested.append(self._as_part(row))

    def _as_part(self, row: Row) -> str:
        """The term of a composite that others may have as a part: a chain of functions can be a step."""
        functions = all(self.pool[name].program.is_function for name in row["parts"])
        return (
            f"chain{row['term'].removeprefix('sequential')}"
            if row["operator"] == "sequential" and functions
            else row["term"]
        )

    def _resume(self) -> int:
        """Take in what earlier rounds kept, and cut off a round that was not finished."""
        for row in self.store.rows():
            self._meet(row)
            self._count(row)
        for row in self.store.fallen:  # not to be found a second time
            self._meet(row)
        self.store.cut()
        self.progress.stale = self.store.stale
        last = self.store.last or {"round": 0, "tried": {}, "fell": {}, "idle": {}, "refused": {}}
        self.progress.tried, self.progress.fell = Counter(last["tried"]), Counter(last["fell"])
        self.progress.refused_parts = last["refused"]
        self.idle = Counter({(cell.split()[0], int(cell.split()[1])): n for cell, n in last["idle"].items()})
        return int(last["round"])


def _shared(threads: ThreadPoolExecutor, items: Sequence[T], work: Callable[[int, T], R]) -> list[R]:
    """The results of ``work`` on each item, in order; a worker has its own sessions, and takes what comes next."""
    coming = iter(range(len(items)))  # whose next() is atomic
    results: dict[int, R] = {}

    def take(k: int) -> None:
        for i in coming:
            results[i] = work(k, items[i])

    list(threads.map(take, range(WORKERS)))
    return [results[i] for i in range(len(items))]


def _accept_bound(certificate: Mapping[str, Any]) -> float:
    """Upper 95 % bound on the share of wrong answers accepted, by the rule of three where none was."""
    trials = certificate["false_accepts"].values()
    tried: int = sum(t["tried"] for t in trials)
    accepted: int = sum(t["accepted"] for t in trials)
    return round(min(1.0, (accepted + 3) / max(1, tried)), 4) if tried else 1.0
