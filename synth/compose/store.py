"""The composites that a pool keeps: ``composites.jsonl`` in its folder, a line each, and a line that ends each round.

Terms are kept, not instances: 100,000 of them are some 70 MB. A round whose last line is missing was cut off, and
never was. A composite of which a part was edited or is gone since is left where it is, and not used; so is one that an
audit took out, which stands with its reason in the pool's quarantine.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from synth.compose import composite
from synth.pool import AUDITS, QUARANTINE, Pool, PoolError

FILE = "composites.jsonl"

Row = dict[str, Any]
"""A composite as it is kept: term, operator, size, parts; rate (share of the support at which it could be drawn),
chance (of the best constant answer), proof (of a sort or a select, over the support), weakest (of its parts' bounds
on a wrong answer's chance), instances (a digest of what was drawn), digest (of its parts' sources)."""


class Composites:
    """The composites of ``pool``; in ``file``, if not in its folder."""

    def __init__(self, pool: Pool, file: Path | None = None) -> None:
        self.pool = pool
        self.file: Path = file or pool.folder / FILE
        self.last: Row = {}
        """The line that ended the last round, once the rows were read."""
        self.stale = 0
        """Composites of parts that are no longer as they were, once the rows were read."""
        self.fallen: list[Row] = []
        """Composites that an audit took out, once the rows were read."""
        self._size = 0

    def rows(self) -> Iterator[Row]:
        """What finished rounds kept and is still as it was, in order."""
        self.stale, self.fallen = 0, []
        out = {(row["term"], row["digest"]) for row in _whole(self._quarantine)}
        pending: list[Row] = []
        for row, end in _lines(self.file):
            if "round" in row:
                self.last, self._size = row, end
                current = [*filter(self._is_current, pending)]
                self.fallen += [row for row in current if (row["term"], row["digest"]) in out]
                yield from (row for row in current if (row["term"], row["digest"]) not in out)
                pending = []
            else:
                pending.append(row)

    def cut(self) -> None:
        """Take off a round that was not finished; for use once the rows were read."""
        if self.file.exists():
            os.truncate(self.file, self._size)

    def append(self, rows: Sequence[Row], end: Row) -> None:
        """A round: its composites, and the line that ends it. Raises ``PoolError`` when the disk refuses."""
        _append(self.file, [*rows, end])

    def quarantine(self, row: Row, law: str, evidence: str) -> None:
        """Take a composite out, with the reason. Raises ``PoolError`` when the disk refuses."""
        _append(self._quarantine, [{**row, "law": law, "evidence": evidence}])

    def quarantined(self) -> list[Row]:
        """What audits took out, each with ``law`` and ``evidence``, in order."""
        return list(_whole(self._quarantine))

    def keep_audit(self, row: Row, told: Row) -> None:
        """Keep what an audit measured of a composite, as ``brickyard audit --json`` prints it; the last one counts."""
        _append(self._audits, [{"term": row["term"], "digest": row["digest"], **told}])

    def audits(self) -> dict[str, Row]:
        """What the last audit measured, by term."""
        return {row["term"]: row for row in _whole(self._audits)}

    @property
    def _quarantine(self) -> Path:
        return self.pool.folder / QUARANTINE / FILE

    @property
    def _audits(self) -> Path:
        return self.pool.folder / AUDITS / FILE

    def digest(self, row: Row) -> str:
        """Of its parts as they are now; empty when one is gone."""
        names = set(row["parts"])
        return composite.digest(names, self.pool) if all(name in self.pool for name in names) else ""

    def _is_current(self, row: Row) -> bool:
        current = bool(row["digest"] == self.digest(row))
        self.stale += not current
        return current


def _lines(file: Path) -> Iterator[tuple[Row, int]]:
    """The lines of a file, each with where it ends, up to the first that is not whole. Raises ``PoolError``."""
    if not file.exists():
        return
    end = 0
    try:
        with file.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                yield json.loads(line), end
    except OSError as error:
        raise PoolError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError:
        return


def _cut_short(file: BinaryIO) -> None:
    """Take off a last line that was not finished."""
    if size := file.seek(0, os.SEEK_END):
        file.seek(size - 1)
        if file.read() != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


def _whole(file: Path) -> Iterator[Row]:
    return (row for row, _ in _lines(file))


def _append(file: Path, rows: Sequence[Row]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+b") as opened:
            _cut_short(opened)
            opened.write(text.encode())
    except OSError as error:
        raise PoolError(f"{file}: cannot be written ({error.strerror}); what is in it is kept") from None


def statistics(pool: Pool) -> dict[str, int]:
    """How many composites a pool has, by operator."""
    return dict(Counter(row["operator"] for row in Composites(pool).rows()).most_common())
