"""Audit what was planted, and print what was caught, by class and by what caught it: ``make planted``."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sandbox.admit import Judge
from sandbox.audit.asking import Line
from sandbox.audit.run import Looks, Row, against, named, rows
from sandbox.audit.second import of_model
from synth.complete import make_completer

HERE = Path(__file__).parent
NEEDS_SECOND = frozenset({"rejects_right", "solver_wrong", "statement_contradicts", "unsolvable"})
"""Classes of which running the module alone shows nothing: the statement has to be read."""


def audited(judge: Judge, shelf: str, files: list[Path], deep: bool = True, jobs: int | None = None) -> Iterator[Row]:
    """A row for each file of a shelf, with the recorded second author's opinion."""
    with Line(make_completer("recorded", recorded=HERE / "second" / shelf)) as line:
        yield from rows(judge, named(files), Looks(deep=deep, author=of_model(line)), jobs)


def class_of(row: Row) -> str:
    return Path(row["path"]).parent.name


def table(shelf: str, told: list[Row]) -> str:
    """What was caught, by class, and by which laws; and what was not."""
    lines = [f"\n{shelf}: {len(told)} environments", f"{'class':24}{'caught':>9}   by"]
    for name in sorted({class_of(row) for row in told}):
        here = [row for row in told if class_of(row) == name]
        by = Counter(found[0] for row in here if (found := against(row)))
        missed = ", ".join(row["name"] for row in here if not against(row) and name != "sound")
        laws = ", ".join(f"{law} {count}" for law, count in by.most_common())
        lines.append(f"{name:24}{by.total():>4} of {len(here)}   {laws}{f'; missed: {missed}' if missed else ''}")
    for label, classes in (("mechanical", False), ("that need a second author", True)):
        these = [row for row in told if (class_of(row) in NEEDS_SECOND) is classes and class_of(row) != "sound"]
        if these:
            caught = sum(against(row) is not None for row in these)
            lines.append(f"{label}: {caught} of {len(these)}, {caught / len(these):.0%}")
    return "\n".join(lines)


def main() -> None:
    with Judge.with_sandboxes() as judge:
        for shelf in sys.argv[1:] or ("first", "held_out", "sound"):
            print(table(shelf, list(audited(judge, shelf, [HERE / shelf]))), flush=True)


if __name__ == "__main__":
    main()
