"""The page of a training run: one HTML file that shows what it learned, made from the run's folder alone.

Nothing is measured here and no model is loaded; what the page says is what the files say. It loads nothing from
elsewhere, and the same files give the same bytes. A run that is still going, or was cut off, has a page as well.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from markupsafe import Markup

from report import charts, page
from report.charts import Chart, Line, mean
from report.page import figures
from rl import measure
from rl.config import Config
from rl.errors import TrainError
from rl.evaluate import Change, Result, compare
from rl.rollouts import Rollout, Rollouts
from rl.tasks import Split
from rl.train import Run
from synth.contract import TOLERANCE

MOST_ROWS = 40  # environments in the map: those drawn most often
MOST_COLUMNS = 48  # of the map: neighbouring steps share one
MOST_CHARACTERS = 1600  # of a prompt or a reply that is shown
UNLIKELY = 0.05  # chance below which a difference counts as one in the headline
PLOTTED = ("step_seconds", "reward", "entropy", "length", "clipped", "signal", "unscored", "unread")
"""What a row of the metrics says in one number, or none."""


class Measured(NamedTuple):
    """The model on a split, before training and after."""

    split: str
    before: Result
    after: Result | None
    change: Change | None

    @property
    def clear(self) -> bool:
        """Whether it is unlikely that the change is chance."""
        return self.change is not None and self.change.chance < UNLIKELY


class Seen(NamedTuple):
    """An environment in a step."""

    difficulty: float
    mean: float
    n: int


@dataclass(frozen=True)
class Record:
    """All that a page shows, read."""

    name: str
    config: Config
    steps: Sequence[int]
    plotted: Mapping[str, Sequence[float]]
    """By name, of each step; NaN where there was none."""
    phases: Mapping[str, Sequence[float]]
    """Seconds of each step."""
    environments: Sequence[Mapping[str, Seen]]
    """By term, of each step."""
    passed: Sequence[float]
    """Share of the scored replies of each step that are wholly right."""
    samples: Sequence[tuple[int, Rollout]]
    measured: Sequence[Measured]
    finished: bool

    @property
    def replies(self) -> list[int]:
        """Of each step, with those that were not scored."""
        seen = zip(self.environments, self.plotted["unscored"], strict=True)
        return [sum(s.n for s in step.values()) + round(unscored) for step, unscored in seen]


def write(folder: Path, to: Path) -> None:
    """Write the page of the run in ``folder`` to the file ``to``.

    Raises ``TrainError`` when the folder is no run, when a file of it is damaged, and when ``to`` cannot be written.
    """
    page.save(_render(learned(folder)), to, TrainError)


def learned(folder: Path) -> dict[str, Any]:
    """All that the templates say of the run in ``folder``. Raises ``TrainError``."""
    try:
        return told(read(folder))
    except ModuleNotFoundError as error:
        raise TrainError(f"the page of a run needs {error.name}: pip install 'brickyard[rl]'") from None


def read(folder: Path) -> Record:
    """What ``folder`` holds of a run, however far it has come. Raises ``TrainError``."""
    run = Run(folder)
    config = run.config()
    try:
        rows = list(run.rows())
        steps = [row["step"] for row in rows]
        phases = {
            name: [_number(row["phases"].get(name)) for row in rows] for row in rows[:1] for name in row["phases"]
        }
        plotted = {name: [_number(row[name]) for row in rows] for name in PLOTTED}
        environments = [_environments(row["environments"]) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainError(f"{run.metrics}: is damaged ({type(error).__name__}: {error})") from None
    if not rows:
        raise TrainError(f"{folder}: no step is finished yet, so there is nothing to show")
    passed, samples = _rollouts(folder, steps)
    return Record(
        name=folder.resolve().name,
        config=config,
        steps=steps,
        plotted=plotted,
        phases=phases,
        environments=environments,
        passed=passed,
        samples=samples,
        measured=_measured(run),
        finished=run.finished,
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _environments(row: Mapping[str, Mapping[str, Any]]) -> dict[str, Seen]:
    return {term: Seen(_number(s["difficulty"]), _number(s["mean"]), int(s["n"])) for term, s in row.items()}


def _rollouts(folder: Path, steps: Sequence[int]) -> tuple[list[float], list[tuple[int, Rollout]]]:
    """The pass rate of each step, and the replies to show, of the first step, the middle one and the last."""
    shown = {steps[0], steps[len(steps) // 2], steps[-1]}
    rates: dict[int, float] = {}
    samples: list[tuple[int, Rollout]] = []
    for step, rollouts in Rollouts(folder).read():
        rates[step] = mean([float(_passes(r.score)) for r in rollouts if r.score is not None])
        samples += [(step, rollout) for rollout in _samples(step, rollouts)] if step in shown else []
        if step == steps[-1]:
            break  # the file of a step that goes on may be half written
    return [rates.get(step, math.nan) for step in steps], samples


def _samples(step: int, rollouts: Sequence[Rollout]) -> list[Rollout]:
    """The best reply and the worst; which of several is drawn by lot, the same each time."""
    drawn = Random(f"replies/{step}").sample(rollouts, len(rollouts))
    among = [rollout for rollout in drawn if rollout.score is not None] or drawn[:1]
    best, worst = (choose(among, key=lambda rollout: rollout.score or 0.0) for choose in (max, min))
    return [best] if best is worst else [best, worst]


def _passes(score: float) -> bool:
    return score >= 1 - TOLERANCE


def _measured(run: Run) -> list[Measured]:
    before, after = (measure.kept(run, name) for name in (measure.BEFORE, measure.AFTER))
    try:
        changes = {change.split: change for change in compare(before, after)} if before and after else {}
    except TrainError as error:
        raise TrainError(f"{run.folder / 'evaluations'}: {error}") from None
    splits = before.splits.items() if before else ()
    return [Measured(name, was, after.splits[name] if after else None, changes.get(name)) for name, was in splits]


def _curves(record: Record) -> list[Chart]:
    """The rewards, and what went with them."""
    steps, plotted, drawn = record.steps, record.plotted, [_difficulties([step]) for step in record.environments]
    rewards = [Line("mean reward", plotted["reward"])]
    rewards += [Line("pass rate: share of replies that are wholly right", record.passed, "b")]
    signal = Line("share of groups whose rewards differ: only these teach", plotted["signal"], "d")
    hardest = Line("highest", [max(of_step, default=math.nan) for of_step in drawn], "b")
    difficulties = [Line("mean of a step's environments", [mean(of_step) for of_step in drawn], "c"), hardest]
    unread, unscored = (
        [n / max(1, of) for n, of in zip(plotted[name], record.replies, strict=True)] for name in ("unread", "unscored")
    )
    faults = [Line("no answer to read", unread, "b"), Line("cut off", plotted["clipped"])]
    faults += [Line("not scored", unscored, "d")]
    phases = [
        Line(name, seconds, colour) for (name, seconds), colour in zip(record.phases.items(), "abcd", strict=False)
    ]
    return [
        charts.curves("Reward in training", steps, rewards, top=1, size=charts.WIDE),
        charts.curves("Groups with signal", steps, [signal], top=1, percent=True),
        charts.curves("Difficulty drawn", steps, difficulties),
        charts.curves("Failed replies", steps, faults, percent=True),
        charts.curves("Length of replies", steps, [Line("tokens, mean of a step", plotted["length"])]),
        charts.curves("Entropy of the policy", steps, [Line("nats a token", plotted["entropy"], "c")]),
        charts.curves("Seconds a step", steps, phases),
    ]


def _difficulties(steps: Sequence[Mapping[str, Seen]]) -> list[float]:
    return [seen.difficulty for step in steps for seen in step.values()]


class Row(NamedTuple):
    """An environment over the run: a row of the map."""

    term: str
    replies: int
    reward: Markup
    early: float
    """Mean reward of the first third of its steps."""
    late: float
    difficulty: Markup
    reached: float


def heat(record: Record) -> list[Row]:
    """Environments, then composites, by name; when there are too many, those drawn most often."""
    n = min(len(record.steps), MOST_COLUMNS)
    cuts = [len(record.steps) * at // n for at in range(n + 1)]
    columns = [record.environments[start:end] for start, end in pairwise(cuts)]
    known = _difficulties(record.environments)
    rows = []
    for term in {term: None for step in record.environments for term in step}:
        seen = [[step[term] for step in column if term in step] for column in columns]
        rows.append(_row(term, seen, min(known), max(known)))
    most = sorted(rows, key=lambda row: (-row.replies, row.term))[:MOST_ROWS]
    return sorted(most, key=lambda row: ("(" in row.term, row.term))


def _row(term: str, columns: Sequence[Sequence[Seen]], low: float, high: float) -> Row:
    seen = [s for column in columns for s in column]
    third = max(1, len(seen) // 3)
    means = [mean([s.mean for s in column]) for column in columns]
    highest = [max((s.difficulty for s in column), default=math.nan) for column in columns]
    return Row(
        term=term,
        replies=sum(s.n for s in seen),
        reward=charts.strip(means, 0, 1, "a"),
        early=mean([s.mean for s in seen[:third]]),
        late=mean([s.mean for s in seen[-third:]]),
        difficulty=charts.strip(highest, low, high, "c"),
        reached=max(s.difficulty for s in seen),
    )


def _tiles(record: Record) -> list[tuple[str, str, str]]:
    """Figures that are read at a glance: a name, the figure, what is behind it."""
    (early, late), (first, last) = _ends(record.plotted["reward"]), _ends(record.passed)
    unscored = round(math.fsum(record.plotted["unscored"]))
    return [
        ("reward", figures(late), f"from {figures(early)}"),
        ("pass rate", figures(last), f"from {figures(first)}"),
        ("groups with signal", figures(mean(record.plotted["signal"])), "mean over the run"),
        ("unscored replies", f"{unscored:,}", f"of {sum(record.replies):,}"),
    ]


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """The mean of the first tenth and of the last."""
    tenth = max(1, len(values) // 10)
    return mean(values[:tenth]), mean(values[-tenth:])


def _headline(record: Record) -> str:
    """The result in a sentence."""
    held_out = [row for row in record.measured if row.change and row.split != Split.TRAIN]
    if not held_out:
        early, late = _ends(record.plotted["reward"])
        went = f"Reward in training went from {figures(early)} to {figures(late)}."
        return f"{went} Held-out problems: not measured {'after it ' if record.measured else ''}yet."
    gains = [row.change.difference.value for row in held_out if row.clear and row.change]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    told = f"better on {better or 'none'} of {len(held_out)} held-out split{'s' * (len(held_out) != 1)}"
    return f"After training the model is {told}{f', worse on {worse}' if worse else ''}."


def _status(record: Record) -> str:
    ending = "finished" if record.finished else "not finished: there is no final model yet"
    spent = timedelta(seconds=round(math.fsum(record.plotted["step_seconds"])))
    return f"{record.steps[-1]} of {record.config.trainer.steps} steps · {spent} h in steps · {ending}"


def _verdict(score: float | None) -> str:
    if score is None:
        return "not scored"
    return "right" if _passes(score) else "wrong" if score <= TOLERANCE else "partly right"


def _shown(text: str) -> str:
    """Printable, and without its middle when it is long: a reply ends with its answer.

    >>> _shown("a\\x00b")
    'a␀b'
    """
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: chr(0x2400 + ord(found[0])), text.replace("\r\n", "\n"))
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half:,} characters …]\n{text[-half:]}"


def told(record: Record) -> dict[str, Any]:
    """All that the templates say of a run, by the names that they use."""
    pairs = [
        (r.split, r.change.before, r.change.after) if r.change else (r.split, r.before.mean, None)
        for r in record.measured
    ]
    return {
        "record": record,
        "status": _status(record),
        "headline": _headline(record),
        "tiled": _tiles(record),
        "results": charts.intervals("Mean score", pairs) if pairs else None,
        "curves": _curves(record),
        "window": charts.window(len(record.steps)),
        "map": heat(record),
        "environments": len({term for step in record.environments for term in step}),
        "difficulties": _difficulties(record.environments),
    }


def _render(facts: Mapping[str, Any]) -> str:
    templates = page.templates()
    templates.filters |= {"verdict": _verdict, "shown": _shown}
    return templates.get_template("run.html.j2").render(facts)
