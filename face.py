"""How results look in a terminal: the funnel while a pool grows, summaries, verdicts, tables.

Drawing only; nothing is decided here. Where the output is not a terminal it is plain text, a line a fact.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table

from sandbox.discover import Progress
from sandbox.live import Scored
from synth.compose.composite import Composite
from synth.grow import Tally
from synth.pool import Pool
from synth.program import Program

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(message: str) -> None:
    err.print(f"[bold red]brickyard:[/] {escape(message)}")


def note(message: str) -> None:
    err.print(f"[yellow]note:[/] {escape(message)}")


def growing(tally: Tally) -> AbstractContextManager[None]:
    """Draw the funnel while the body runs; on a terminal only."""
    return _drawing(lambda: _funnel(tally))


def composing(progress: Progress) -> AbstractContextManager[None]:
    """Draw how far a search has come while the body runs; on a terminal only."""
    return _drawing(lambda: _search(progress))


@contextmanager
def _drawing(draw: Callable[[], RenderableType]) -> Iterator[None]:
    if not err.is_terminal:
        yield
        return
    with Live(draw(), console=err, refresh_per_second=4, transient=True) as live:
        done = threading.Event()

        def redraw() -> None:
            while not done.wait(0.25):
                live.update(draw())

        drawer = threading.Thread(target=redraw, daemon=True)
        drawer.start()
        try:
            yield
        finally:
            done.set()
            drawer.join()


def _funnel(tally: Tally) -> RenderableType:
    steps = Table.grid(padding=(0, 2))
    settled = tally.admitted + tally.kept + tally.rejected + len(tally.open)
    for name, count in (
        ("asked", tally.asked + tally.remembered),
        ("read", tally.read),
        ("judged", tally.judged),
        ("admitted", tally.admitted + tally.kept),
        ("rejected", tally.rejected),
    ):
        steps.add_row(name, str(count))
    bar = ProgressBar(total=max(1, tally.tasks), completed=settled, width=40)
    laws = ", ".join(f"{law} {count}" for law, count in tally.laws.most_common(6))
    return Group(f"{settled} of {tally.tasks} tasks settled", bar, steps, f"attempts rejected by: {laws or 'none yet'}")


def _search(progress: Progress) -> RenderableType:
    bar = ProgressBar(total=progress.wanted, completed=progress.kept, width=40)
    tried = sum(progress.tried.values())
    return Group(f"{progress.kept} of {progress.wanted} composites kept, {tried} tried", bar)


def composed(progress: Progress, file: Path) -> None:
    """What a search came to: by operator and size how many were tried and kept, and why the rest fell."""
    rows = []
    for cell in sorted(progress.tried, key=lambda cell: (cell.split()[0], int(cell.split()[1]))):
        fell = Counter({k.removeprefix(f"{cell}: "): n for k, n in progress.fell.items() if k.startswith(f"{cell}: ")})
        most = ", ".join(f"{reason} {n}" for reason, n in fell.most_common(3))
        rows.append((*cell.split(), str(progress.tried[cell]), str(progress.by_size[cell]), most))
    out.print(_table("", ("operator", "size", "tried", "kept", "why the rest fell"), rows))
    if progress.refused_links:
        reasons = Counter(progress.refused_links.values())
        out.print("empty steps  " + "; ".join(f"{n} {reason}" for reason, n in reasons.most_common()))
    for name, ending in progress.refused_parts.items():
        note(f"{name} is not used any more: {ending} when it was fed another's answer")
    out.print(f"kept         {progress.kept} composites of {len(progress.used)} environments, in {file}")
    if progress.kept < progress.wanted:
        note(f"{progress.wanted} were wanted; nothing new was found any more. A larger pool, or more sizes, has more")


def summary(tally: Tally, pool: Pool) -> None:
    """What a run came to, for a person to act on."""
    out.print(_table("Families", ("family", "tasks", "admitted"), _family_rows(tally)))
    if tally.laws:
        rows = [(law, str(count), str(tally.final[law])) for law, count in _both(tally)]
        out.print(_table("Rejected by law", ("law", "attempts", "tasks at last"), rows))
    turns = ", ".join(f"turn {turn}: {count}" for turn, count in sorted(tally.turns.items()))
    out.print(f"admitted  {tally.admitted} of {tally.tasks} tasks{f' ({turns})' if turns else ''}", end="")
    out.print(f", {tally.kept} more were in the pool" if tally.kept else "")
    out.print(f"pool      {len(pool)} environments in {pool.folder}")
    asked = f"{tally.asked} completions asked for, {tally.remembered} remembered"
    tokens = f"{tally.prompt_tokens} + {tally.completion_tokens} tokens, {tally.cost_usd:.2f} USD"
    out.print(f"cost      {asked}; {tokens}; {tally.seconds:.1f} s")
    for problem in tally.problems:
        note(problem)
    if tally.open:
        note(f"{len(tally.open)} tasks are still open; run the same command again to go on. First: {tally.open[0]}")


def _both(tally: Tally) -> list[tuple[str, int]]:
    """Attempts by law, with the laws (twins) that only a whole task can break."""
    return (tally.laws + Counter({law: n for law, n in tally.final.items() if law not in tally.laws})).most_common()


def _family_rows(tally: Tally) -> list[tuple[str, str, str]]:
    return [(name, str(c["tasks"]), str(c["admitted"])) for name, c in sorted(tally.families.items())]


def verdict(row: Mapping[str, Any]) -> None:
    """One audited file: a line, and the evidence under it where there is any."""
    if row["admitted"]:
        tried = row["certificate"]["false_accepts"].values()
        wrong, accepted = sum(t["tried"] for t in tried), sum(t["accepted"] for t in tried)
        chance = f"best guess {row['certificate']['chance']:.0%}"
        out.print(f"[green]admitted[/]  {escape(row['path'])}  {accepted} of {wrong} wrong answers accepted, {chance}")
        return
    where = "".join(f", {name} {row[name]}" for name in ("line", "difficulty", "seed") if row[name] is not None)
    out.print(f"[red]rejected[/]  {escape(row['path'])}  {row['law']}{where}")
    out.print(f"          {escape(row['evidence'])}")


def entries(pool: Pool) -> None:
    rows = [(e.name, e.family, str(e.program.signature), e.program.reference, e.program.title) for e in pool]
    out.print(_table("", ("name", "family", "signature", "answer", "title"), rows))


def shown(environment: Program | Composite, prompt: str, reference: str) -> None:
    """An environment as the model reads it, between two lines that the model does not see."""
    out.print(f"[dim]--- {escape(environment.title)}   {escape(str(environment.signature))}[/]")
    out.print(escape(prompt))
    out.print(f"[dim]---{escape(f' right: {reference}' if reference else '')}[/]")


def scored(reply: str, scored: Scored, reference: str) -> None:
    """A reply, what it earned, and the right answer where it was not."""
    if scored.score is None:
        out.print(
            f"{escape(repr(reply))} could not be read: {escape(scored.problem)}; a right answer is {escape(reference)}"
        )
    elif scored.right:
        out.print(f"{escape(reply)} [green]is right[/], score 1")
    else:
        out.print(
            f"{escape(reply)} [red]is not right[/], score {scored.score:g}; a right answer is {escape(reference)}"
        )


def statistics(facts: Mapping[str, Any]) -> None:
    for title, counts in facts.items():
        if isinstance(counts, Mapping):
            out.print(_table(title, (title, "environments"), [(k, str(v)) for k, v in counts.items()]))
        else:
            out.print(f"{title}  {counts}")


def findings(rows: Sequence[tuple[str, str, str]]) -> None:
    """Doctor's lines: what, whether it works, what to do."""
    colours = {"ok": "green", "missing": "red", "absent": "yellow"}
    for what, state, words in rows:
        out.print(f"[{colours[state]}]{state:8}[/] {what:18} {escape(words)}")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for i, column in enumerate(columns):
        numbers = bool(rows) and all(row[i].isdigit() for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
