"""The composites that a pool keeps: ``composites.jsonl`` in its folder, a line each, and a line that ends each round.

Terms are kept, not instances: 100,000 of them are some 70 MB. A round whose last line is missing was cut off, and
never was. A composite of which a part was edited or is gone since is left where it is, and not used.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from synth.compose import composite
from synth.pool import Pool, PoolError

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
        self._size = 0

    def rows(self) -> Iterator[Row]:
        """What finished rounds kept and is still as it was, in order."""
        self.stale = 0
        pending: list[Row] = []
        for row, end in self._lines():
            if "round" in row:
                self.last, self._size = row, end
                yield from filter(self._is_current, pending)
                pending = []
            else:
                pending.append(row)

    def cut(self) -> None:
        """Take off a round that was not finished; for use once the rows were read."""
        if self.file.exists():
            os.truncate(self.file, self._size)

    def append(self, rows: Sequence[Row], end: Row) -> None:
        """A round: its composites, and the line that ends it. Raises ``PoolError`` when the disk refuses."""
        text = "".join(json.dumps(row) + "\n" for row in [*rows, end])
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise PoolError(f"{self.file}: cannot be written ({error.strerror}); what is in it is kept") from None

    def digest(self, row: Row) -> str:
        """Of its parts as they are now; empty when one is gone."""
        names = set(row["parts"])
        return composite.digest(names, self.pool) if all(name in self.pool for name in names) else ""

    def _is_current(self, row: Row) -> bool:
        current = bool(row["digest"] == self.digest(row))
        self.stale += not current
        return current

    def _lines(self) -> Iterator[tuple[Row, int]]:
        """The lines, each with where it ends, up to the first that is not whole. Raises ``PoolError``."""
        if not self.file.exists():
            return
        end = 0
        try:
            with self.file.open("rb") as lines:
                for line in lines:
                    if not line.endswith(b"\n"):
                        return
                    end += len(line)
                    yield json.loads(line), end
        except OSError as error:
            raise PoolError(f"{self.file}: cannot be read ({error.strerror})") from None
        except ValueError:
            return


def statistics(pool: Pool) -> dict[str, int]:
    """How many composites a pool has, by operator."""
    return dict(Counter(row["operator"] for row in Composites(pool).rows()).most_common())
