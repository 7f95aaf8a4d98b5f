"""How results look in a terminal: the funnel while a pool grows, summaries, verdicts, tables.

Drawing only; nothing is decided here. Where the output is not a terminal it is plain text, a line a fact.
"""

import os
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

from rl.evaluate import Change, Evaluation
from rl.lab import Progress as Experiments
from rl.measure import Rescored
from rl.statistics import Estimate
from rl.train import Progress as Training
from sandbox.audit.run import Tally as Audited
from sandbox.discover import Progress
from sandbox.feeding import FeedingProgress
from sandbox.live import Scored
from synth.compose.composite import Composite
from synth.compose.graph import NOT_ADMITTED, Graph, degrees
from synth.grow import Tally
from synth.pool import Pool
from synth.program import Program

FOLLOWS = os.environ.get("RANK", "0") != "0"  # one of several training processes, and not the one that speaks
out = Console(highlight=False, soft_wrap=True, quiet=FOLLOWS)
err = Console(stderr=True, highlight=False, soft_wrap=True, quiet=FOLLOWS)

MOST_ROWS = 10  # of a table of which only the top is looked at; --json has all
MOST_NAMES = 6  # of a list of environments within a line


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


def auditing(tally: Audited) -> AbstractContextManager[None]:
    """Draw how far an audit has come while the body runs; on a terminal only."""

    def draw() -> RenderableType:
        return _done(
            f"{tally.audited} of {tally.total} audited, {tally.fallen.total()} fell", tally.audited, tally.total
        )

    return _drawing(draw)


def audited(tally: Audited) -> None:
    """What an audit came to."""
    fell = ", ".join(f"{law} {count}" for law, count in tally.fallen.most_common())
    out.print(f"audited   {tally.audited}, of them {tally.fallen.total()} fell{f': {fell}' if fell else ''}")
    if tally.second:
        out.print(f"second    {', '.join(f'{count} {opinion}' for opinion, count in tally.second.most_common())}")
    if tally.noted:
        out.print(f"notes     {tally.noted} have notes for a reader")
    if tally.kept:
        out.print(f"kept      {tally.kept} were audited before, with the same questions, and are unchanged")
    if tally.quarantined:
        named = _named(tally.quarantined)
        out.print(f"removed   {named}; they lie in the pool's quarantine folder with the reason")


def feeding(progress: FeedingProgress) -> AbstractContextManager[None]:
    """Draw how far the run of a graph has come while the body runs; on a terminal only."""
    return _drawing(lambda: _pairs(progress))


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


def training(progress: Training) -> AbstractContextManager[None]:
    """Draw how far a training run has come while the body runs; on a terminal only."""
    return _drawing(lambda: _steps(progress))


@contextmanager
def measuring() -> Iterator[Callable[[str, int, int], None]]:
    """Draw how many problems of a split are done; on a terminal only."""
    at = ("", 0, 1)

    def say(split: str, done: int, of: int) -> None:
        nonlocal at
        at = (split, done, of)

    with _drawing(lambda: _done(f"{at[1]} of {at[2]} problems of {at[0] or 'the first split'}", at[1], at[2])):
        yield say


@contextmanager
def rescoring() -> Iterator[Callable[[int], None]]:
    """Draw the step whose replies are scored again; on a terminal only."""
    at = 0

    def say(step: int) -> None:
        nonlocal at
        at = step

    with _drawing(lambda: Group(f"step {at} scored again")):
        yield say


def experimenting(progress: Experiments) -> AbstractContextManager[None]:
    """Draw how far a laboratory has come while the body runs; on a terminal only."""

    def draw() -> RenderableType:
        words = f"{progress.done} of {progress.runs} runs done; now {progress.now}"
        return Group(_done(words, progress.done, progress.runs), _steps(progress.training))

    return _drawing(draw)


def tabled(markdown: str) -> None:
    """The tables of a laboratory, as Markdown: to be read, and to be pasted."""
    out.print(escape(markdown), soft_wrap=True)


def _done(words: str, done: int, of: int) -> RenderableType:
    return Group(words, ProgressBar(total=max(1, of), completed=done, width=40))


def _steps(progress: Training) -> RenderableType:
    if progress.step == 0 and progress.warm_steps:
        return _done(f"{progress.stage}: step {progress.warm_step}", progress.warm_step, progress.warm_steps)
    last = progress.rewards[-20:]
    mean = f"mean reward {sum(last) / len(last):.3f}" if last else "no reward yet"
    words = (
        f"{progress.stage}: step {progress.step} of {progress.steps}, {mean}, signal in {progress.signal:.0%} of groups"
    )
    lost = f"{progress.unscored} replies could not be scored" if progress.unscored else ""
    return Group(_done(words, progress.step, progress.steps), lost)


def stage(name: str, words: str) -> None:
    """The heading of a stage of ``brickyard run``."""
    out.print(f"\n[bold]{name}[/]  [dim]{escape(words)}[/]")


def written(path: Path) -> None:
    out.print(f"written   {path}")


def trained(progress: Training, run: Path) -> None:
    """What a training run came to."""
    for words in progress.notes:
        note(words)
    if progress.rewards:
        size = max(1, len(progress.rewards) // 10)
        parts = [progress.rewards[i : i + size] for i in range(0, len(progress.rewards), size)]
        curve = " ".join(f"{sum(part) / len(part):.2f}" for part in parts)
        out.print(f"reward    {curve}  (means of {size} steps each)")
    out.print(
        f"steps     {progress.step} of {progress.steps} ({progress.stage}), {progress.unscored} replies not scored"
    )
    for term, why in sorted(progress.benched.items()):
        note(f"{term} was benched: {why}; audit it")
    out.print(f"model     {run / 'model'}")


def evaluated(evaluation: Evaluation) -> None:
    """A model on each split: the mean score and pass@k, with intervals."""
    ks = evaluation.ks
    rows = [
        (
            split.removeprefix("heldout-"),
            str(of.problems),
            _interval(of.mean),
            *(_interval(of.passes[k]) if k in of.passes else "" for k in ks),
        )
        for split, of in evaluation.splits.items()
    ]
    columns = ("held out", "problems", f"mean@{max(ks)}", *(f"pass@{k}" for k in ks))
    out.print(_table(evaluation.model, columns, rows))
    left_out = sum(of.left_out for of in evaluation.splits.values())
    if left_out:
        note(f"{left_out} problems could not be scored and are left out")


def changed(changes: Sequence[Change]) -> None:
    """Before and after, split by split."""
    rows = [
        (
            change.split.removeprefix("heldout-"),
            str(change.problems),
            _interval(change.before),
            _interval(change.after),
            f"{change.difference.value:+.2f}",
            f"{change.chance:.4f}" if change.chance >= 0.0001 else "< 0.0001",
        )
        for change in changes
    ]
    columns = ("held out", "problems", "before", "after", "change", "chance")
    out.print(_table("Mean score, before and after training", columns, rows))
    out.print("[dim]In brackets 95 % intervals; chance: how likely such a change were if training had done nothing.[/]")


def _interval(estimate: Estimate) -> str:
    return f"{estimate.value:.2f} ({estimate.low:.2f}-{estimate.high:.2f})"


def rescored(result: Rescored) -> None:
    """What scoring stored replies again came to."""
    if result.environments:
        rows = [
            (term, str(of["replies"]), str(of["changed"]), f"{of['then']:.3f}", f"{of['now']:.3f}")
            for term, of in result.environments.items()
        ]
        out.print(_table("", ("environment", "replies", "changed", "mean then", "mean now"), rows))
    out.print(
        f"replies   {result.replies} scored again: {result.changed} changed, {result.unscored} could not be scored"
    )
    if result.gone:
        note(f"{result.gone} replies answer problems that read otherwise now, or are gone; they were not scored")


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


def _pairs(progress: FeedingProgress) -> RenderableType:
    total, done = progress.steps + progress.pairs, progress.answered + progress.ran
    bar = ProgressBar(total=max(1, total), completed=done, width=40)
    return Group(f"{progress.answered} of {progress.steps} answered, {progress.ran} of {progress.pairs} pairs run", bar)


def composed(progress: Progress, file: Path) -> None:
    """What a search came to: by operator and size how many were tried and kept, and why the rest fell."""
    rows = []
    for cell in sorted(progress.tried, key=lambda cell: (cell.split()[0], int(cell.split()[1]))):
        fell = Counter({k.removeprefix(f"{cell}: "): n for k, n in progress.fell.items() if k.startswith(f"{cell}: ")})
        most = "; ".join(f"{n} {reason}" for reason, n in fell.most_common(3))
        rows.append((*cell.split(), str(progress.tried[cell]), str(progress.by_size[cell]), most))
    out.print(_table("", ("operator", "size", "tried", "kept", "why the rest fell"), rows))
    if progress.refused_links:
        reasons = Counter(progress.refused_links.values())
        out.print("empty steps  " + "; ".join(f"{n} {reason}" for reason, n in reasons.most_common()))
    for name, ending in progress.refused_parts.items():
        note(f"{name} is not used any more: {ending} when it was fed another's answer")
    out.print(f"kept         {progress.kept} composites of {len(progress.used)} environments, in {file}")
    if progress.unused:
        out.print(
            f"unused       {len(progress.unused)} environments, {progress.unused[0]} for one; more composites use more"
        )
    if progress.kept < progress.wanted:
        note(f"{progress.wanted} were wanted; nothing new was found any more. A larger pool, or more sizes, has more")


def summary(tally: Tally, pool: Pool) -> None:
    """What a run came to, for a person to act on."""
    out.print(_table("Families", ("family", "tasks", "admitted"), _family_rows(tally)))
    if tally.laws:
        rows = [(law, str(count), str(tally.final[law])) for law, count in _both(tally)]
        out.print(_table("Rejected by law", ("law", "attempts", "tasks at last"), rows))
    turns = ", ".join(f"turn {turn}: {count}" for turn, count in sorted(tally.turns.items()))
    if tally.opinions:
        ruled = ", ".join(f"{wrong} {count}" for wrong, count in sorted(tally.rulings.items()))
        opinions = ", ".join(f"{opinion} {count}" for opinion, count in sorted(tally.opinions.items()))
        out.print(f"second    {opinions}{f'; the arbiter found wrong: {ruled}' if ruled else ''}")
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
    """One audited environment: a line, the evidence where there is any, and what was measured."""
    if row["admitted"]:
        out.print(f"[green]admitted[/]  {escape(row['path'])}  {_tried(row['certificate'])}")
    else:
        where = "".join(f", {name} {row[name]}" for name in ("line", "difficulty", "seed") if row[name] is not None)
        out.print(f"[red]rejected[/]  {escape(row['path'])}  {row['law']}{where}")
        out.print(f"          {escape(row['evidence'])}")
    if "second" in row:
        _second(row["second"])
    if "deep" in row:
        _deep(row["deep"])
    if "solver" in row:
        _solved(row["solver"])
    for words in row.get("reader", {}).get("notes", []):
        out.print(f"          [yellow]note[/]           {escape(words)}")
    for flaw in row.get("findings", []):
        shown = (
            f"; {flaw['key']}: {flaw['own']!r:.60} is right, {flaw['given']!r:.60} was given" if flaw["given"] else ""
        )
        out.print(f"          [red]{flaw['kind']:28}[/] {escape(flaw['why'] + shown)}")


def _tried(certificate: Mapping[str, Any]) -> str:
    tried = certificate["false_accepts"].values()
    wrong, accepted = sum(t["tried"] for t in tried), sum(t["accepted"] for t in tried)
    return f"{accepted} of {wrong} wrong answers accepted, best guess {certificate['chance']:.0%}"


def _deep(told: Mapping[str, Any]) -> None:
    """The figures of the deeper audit, under its line."""
    all_, brute, strength = told["false_accepts"]["all"], told["brute"], told["strength"]
    out.print(
        f"          wrong answers  accepted at a rate below {all_['upper']:.2%} with 95 % confidence, of these kinds"
    )
    counted = f"{brute['candidates']} answers to {brute['instances']} small instances" if brute["instances"] else "none"
    out.print(f"          brute force    {': '.join(filter(None, (counted, escape(brute['reason']))))}")
    caught = f"{strength['caught']} of {strength['mutants']} broken verifiers told apart"
    out.print(f"          strength       {': '.join(filter(None, (caught, escape(strength['reason']))))}")
    for finding in told["findings"]:
        out.print(f"          [red]{finding['law']:14}[/] {escape(finding['evidence'])}")
    for words in told["notes"]:
        out.print(f"          [yellow]note[/]           {escape(words)}")


def _solved(told: Mapping[str, Any]) -> None:
    """A model's solve rate by difficulty, under its line."""
    rates = ", ".join(f"{of['right']}/{of['tried']} at {d}" for d, of in told["difficulties"].items())
    falls = told["why"] or f"{'falls' if told['falls'] else 'does not fall'} (one-sided p {told['p']:.3f})"
    out.print(f"          solve rate     {rates}: {escape(falls)}")


def _second(told: Mapping[str, Any]) -> None:
    """What a second author makes of it, under its line."""
    colour = {"agrees": "green", "differs": "red"}.get(told["opinion"], "yellow")
    on = f"on {told['instances'] - told['differed']} of {told['instances']} instances that were drawn"
    corners = (
        f" and {told['corners'] - told['corners_differed']} of {told['corners']} others" if told["corners"] else ""
    )
    words = f"{on}{corners}" if told["instances"] else told["why"]
    out.print(f"          second author [{colour}]{told['opinion']}[/]  {escape(words)}")


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
            if counts:
                out.print(_table(title, (title, "count"), [(k, str(v)) for k, v in counts.items()]))
        else:
            out.print(f"{title}  {counts}")


def graph(graph: Graph) -> None:
    """The graph of a pool: its size, what running it refused, and where one would look next."""
    for word, line in _graph_lines(graph):
        out.print(f"{word:13} {escape(line)}")
    failed = Counter(reason for reason in graph.refused.values() if reason != NOT_ADMITTED)
    for reason, count in failed.most_common(MOST_ROWS):
        note(f"{count} pairs failed: {reason}")
    types = [(str(t), str(given), str(taken)) for t, given, taken in graph.types()[:MOST_ROWS]]
    out.print(_table("Types, most pairs first", ("type", "steps that give it", "fields that take it"), types))
    typed, refused = (Counter(f"{e.taker}:{e.into}" for e in edges) for edges in (graph.edges, graph.refused))
    fields = [(into, str(typed[into]), str(count)) for into, count in refused.most_common(MOST_ROWS)]
    if fields:
        out.print(_table("Fields that refuse most", ("field", "typed edges", "refused"), fields))
    feeds, fed_by = degrees(graph.admitted)
    best = sorted(graph.steps, key=lambda name: (-feeds[name] - fed_by[name], name))[:MOST_ROWS]
    rows = [(name, str(feeds[name]), str(fed_by[name]), str(graph.nodes[name])) for name in best]
    out.print(_table("Best connected, by admitted edges", ("name", "feeds", "fed by", "signature"), rows))


def _graph_lines(graph: Graph) -> Iterator[tuple[str, str]]:
    n, shape = graph.counts(), graph.admitted_shape
    yield "environments", f"{n['environments']}, of them {n['steps']} steps with {n['fields']} fields"
    yield "typed edges", f"{n['typed_edges']}, of them {n['to_itself']} from a step to itself"
    yield "admitted", f"{n['admitted']}, of them {n['admitted_into_empty_steps']} into empty steps"
    why = f"{n['not_admitted']} {NOT_ADMITTED}, {n['failed']} failed when they were run"
    yield "refused", f"{n['refused']}, {n['refused_share']:.1%} of the typed edges: {why}"
    yield "shut", f"{_named(graph.shut)} (fields that refuse all that fits them)"
    reasons = "; ".join(f"{count} {reason}" for reason, count in Counter(graph.empty.values()).most_common())
    yield "empty steps", f"{n['empty_steps']} fields{f': {reasons}' if reasons else ''}"
    yield "core", f"{n['admitted_core']} steps reach one another by admitted edges, {n['typed_core']} by typed ones"
    yield "sources", f"{_named(shape.sources)} (feed others, fed by none)"
    yield "sinks", f"{_named(shape.sinks)} (fed by others, feed none)"
    yield "lonely", _named([name for name in shape.lonely if name in graph.steps])
    yield "no steps", f"{_named(sorted({*graph.nodes} - {*graph.steps}))} (their answers are planted, none is computed)"


def _named(names: Sequence[str]) -> str:
    """How many, and the first of them by name."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{len(names)}{': ' if names else ''}{', '.join(names[:MOST_NAMES])}{more}"


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
