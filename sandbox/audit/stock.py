"""The audit of a whole pool: what was audited before is not audited again, what is measured is kept, what falls can go.

Environments come first, then composites of those that stand: one whose part was taken out is out with it. A composite
is judged by the laws in full, where its search judged it lightly, and looked at no further: what else there is to find
is in its parts. Killed at any moment and run again, it goes on: each row is kept when it is there. Not here: how one
environment is audited.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.admit import Judge
from sandbox.audit.run import Looks, Named, Row, Tally, against, identity, rows
from synth.compose import composite
from synth.compose.store import Composites
from synth.pool import Entry, Pool
from synth.program import Program


@dataclass(frozen=True)
class Wish:
    """What is asked of the audit of a pool."""

    looks: Looks
    told: Mapping[str, Any]
    """The same in words, by which a row that is kept is known again."""
    composites: int = 0
    """How many of the pool's composites, taken evenly from all."""
    quarantine: bool = False
    """Whether what falls is taken out of the pool."""


class Stock:
    """The environments and composites of ``pool`` under audit, counted in ``tally``."""

    def __init__(self, pool: Pool, wish: Wish, judge: Judge, tally: Tally) -> None:
        self.pool, self.wish, self.judge, self.tally = pool, wish, judge, tally
        self.looks = replace(wish.looks, author=wish.looks.author and self._author)
        self.store = Composites(pool)
        self.asked = {"audit": identity(judge), **wish.told}

    def rows(self, jobs: int | None) -> Iterator[Row]:
        """A row for each, in order. Raises what ``run.rows`` raises, and ``PoolError``."""
        entries = list(self.pool)
        self.tally.total = len(entries) + self.wish.composites
        known = {entry.name: row for entry in entries if self._same(row := self.pool.audited(entry.name))}
        fresh = rows(self.judge, [self._named(e) for e in entries if e.name not in known], self.looks, jobs)
        for entry in entries:
            row = known.get(entry.name) or self._keep(entry, next(fresh))
            self.tally.kept += entry.name in known
            yield self._seen(row)
            if self.wish.quarantine and (found := against(row)):
                self.pool.quarantine(entry.name, *found)
                self.tally.quarantined.append(entry.name)
        if self.wish.composites:
            yield from self._composites(jobs)

    def _composites(self, jobs: int | None) -> Iterator[Row]:
        found = list(self.store.rows())
        chosen = [found[n * len(found) // self.wish.composites] for n in range(min(self.wish.composites, len(found)))]
        self.tally.total = self.tally.audited + len(chosen)
        stored = self.store.audits()
        asked = {"audit": self.asked["audit"]}
        known = {c["term"]: row for c in chosen if _is_of(row := stored.get(c["term"]), c, asked)}
        named = [Named(c["term"], c["term"], composite.read(c["term"], self.pool)) for c in chosen]
        fresh = rows(self.judge, [one for one in named if one.name not in known], Looks(), jobs)
        for c in chosen:
            row = known.get(c["term"]) or {**next(fresh), "asked": asked}
            if c["term"] not in known:
                self.store.keep_audit(c, row)
            self.tally.kept += c["term"] in known
            yield self._seen(row)
            if self.wish.quarantine and (fell := against(row)):
                self.store.quarantine(c, *fell)
                self.tally.quarantined.append(c["term"])

    def _author(self, name: str, program: Program) -> tuple[str, str]:
        """The solution that was agreed on when it was admitted: what was written first may have been overruled."""
        agreed = self.pool[name].record["origin"].get("second", {}).get("solution") if name in self.pool else ""
        assert self.wish.looks.author
        return (agreed, "") if agreed else self.wish.looks.author(name, program)

    def _named(self, entry: Entry) -> Named:
        file = self.pool.folder / entry.family / f"{entry.name}.py"
        return Named(entry.name, str(file), file)

    def _keep(self, entry: Entry, row: Row) -> Row:
        self.pool.keep_audit(entry.name, {**row, "asked": self.asked})
        return row

    def _same(self, row: Mapping[str, Any] | None) -> bool:
        return row is not None and row.get("asked") == self.asked

    def _seen(self, row: Mapping[str, Any]) -> Row:
        self.tally.count(row)
        return {key: value for key, value in row.items() if key not in ("asked", "digest", "term")}


def _is_of(row: Mapping[str, Any] | None, c: Row, asked: Row) -> bool:
    return row is not None and row["digest"] == c["digest"] and row.get("asked") == asked
