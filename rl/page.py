"""The page of a training run: one HTML file that shows what it learned, made from the run's folder alone.

Nothing is measured here and no model is loaded; what the page says is what the files say. It loads nothing from
elsewhere, and the same files give the same bytes. A run that is still going, or was cut off, has a page as well.
"""

import io
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rl.errors import TrainError
from rl.evaluate import Evaluation, compare
from rl.statistics import Estimate
from synth import contract

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS = 40  # environments in the map and the table: those drawn most often
MOST_COLUMNS = 48  # of the map: neighbouring steps share one
MOST_CHARACTERS = 1600  # of a prompt or a reply that is shown
LABEL = 38  # characters of a term beside the map
SOLVED, HOPELESS = 0.9, 0.05  # mean rewards beyond which an environment teaches little
UNLIKELY = 0.05  # chance below which a difference counts as one in the headline
LEVELS = 10  # shades of the map

INK, MUTED, GRID, PAPER = "#1b1f24", "#69707a", "#e3e4e0", "#fdfdfb"
MAIN, SECOND, THIRD, FOURTH = "#2160c4", "#c2570c", "#177a4c", "#7a3fc0"
NAMES = {INK: "ink", MUTED: "muted", GRID: "grid", PAPER: "paper"} | {MAIN: "a", SECOND: "b", THIRD: "c", FOURTH: "d"}
"""Colours as they are drawn, and the variables of the page's style sheet that stand in for them, light and dark."""
REWARDS = [f"#0000{0xA0 + level:02x}" for level in range(LEVELS)]
DIFFICULTIES = [f"#0000{0xB0 + level:02x}" for level in range(LEVELS)]
NAMES |= {c: f"r{n}" for n, c in enumerate(REWARDS)} | {c: f"g{n}" for n, c in enumerate(DIFFICULTIES)}

STYLE: dict[Any, Any] = {"svg.hashsalt": "brickyard", "svg.fonttype": "none", "font.size": 8, "text.parse_math": False}
STYLE |= {
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
}
STYLE |= {"axes.facecolor": "none", "figure.facecolor": "none", "xtick.major.size": 0, "ytick.major.size": 0}
STYLE |= {"axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "lines.linewidth": 1.6}
STYLE |= {"axes.grid": True, "axes.grid.axis": "y", "grid.color": GRID, "grid.linewidth": 0.7, "axes.axisbelow": True}

WIDE, HALF = 10.4, 5.0  # inches; a page is WIDE
SHORT = {
    "curriculum.kind": "curriculum",
    "tasks.train_on": "trained on",
    "tasks.difficulties": "difficulties",
    "trainer.loss": "loss",
    "trainer.learning_rate": "learning rate",
    "trainer.prompts": "prompts a step",
    "trainer.group": "replies to each",
    "trainer.tokens": "tokens at most",
    "seed": "seed",
}
"""The settings that a reader asks for first, and their names."""

# --- the files -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """One environment in one step: what was drawn of it, and how it went."""

    difficulty: float
    mean: float
    n: int


@dataclass(frozen=True)
class Step:
    """A row of ``metrics.jsonl``; a figure that there was not is NaN."""

    step: int
    step_seconds: float
    reward: float
    loss: float
    entropy: float
    length: float
    clipped: float
    signal: float
    unscored: float
    unread: float
    phases: Mapping[str, float]
    environments: Mapping[str, Seen]


@dataclass(frozen=True)
class Sample:
    """A reply that is shown, with why it got its score."""

    step: int
    name: str
    prompt: str
    reply: str
    score: float | None
    problem: str

    @property
    def verdict(self) -> str:
        if self.score is None:
            return "not scored"
        return "right" if _passes(self.score) else "wrong" if self.score <= contract.TOLERANCE else "partly right"


@dataclass(frozen=True)
class Run:
    """All that a page shows, read."""

    name: str
    config: Mapping[str, Any]
    splits: Mapping[str, Any]
    steps: Sequence[Step]
    passed: Sequence[float]
    """Share of the replies of each step that are wholly right."""
    samples: Sequence[Sample]
    before: Evaluation | None
    after: Evaluation | None
    finished: bool


def write(run: Path, to: Path) -> None:
    """Write the page of the run in folder ``run`` to the file ``to``.

    Raises ``TrainError`` when ``run`` is no run, when one of its files is damaged, and when ``to`` cannot be written.
    """
    try:
        text = _render(read(run))
    except ModuleNotFoundError as error:
        raise TrainError(f"the page of a run needs {error.name}: pip install 'brickyard[rl]'") from None
    try:
        to.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise TrainError(f"{to}: cannot be written ({error.strerror})") from None


def read(folder: Path) -> Run:
    """What ``folder`` holds of a run, however far it has come. Raises ``TrainError``."""
    steps = _steps(folder / "metrics.jsonl")
    rollouts = {s.step: file for s in steps if (file := folder / "rollouts" / f"{s.step:06d}.parquet").exists()}
    shown = sorted(rollouts)
    shown = sorted({shown[0], shown[len(shown) // 2], shown[-1]}) if shown else []
    return Run(
        name=folder.resolve().name,
        config=_flat(_json(folder / "config.json")),
        splits=_json(folder / "splits.json"),
        steps=steps,
        passed=[_pass_rate(rollouts[s.step]) if s.step in rollouts else math.nan for s in steps],
        samples=[sample for step in shown for sample in _samples(rollouts[step])],
        before=_evaluation(folder / "evaluations" / "before.json"),
        after=_evaluation(folder / "evaluations" / "after.json"),
        finished=(folder / "model").exists(),
    )


def _steps(file: Path) -> list[Step]:
    """The finished lines; a step that was done again after a restart counts as it was the last time."""
    try:
        lines = file.read_bytes().split(b"\n")[:-1]  # what follows the last end of line was cut off, or is nothing
    except OSError:
        raise TrainError(f"{file.parent}: is no training run; a run's folder has its metrics.jsonl") from None
    steps: dict[int, Step] = {}
    for number, line in enumerate(lines, 1):
        try:
            step = _step(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TrainError(f"{file}: line {number} is damaged ({type(error).__name__}: {error})") from None
        steps[step.step] = step
    if not steps:
        raise TrainError(f"{file.parent}: no step is finished yet, so there is nothing to show")
    return [steps[number] for number in sorted(steps)]


def _step(row: Mapping[str, Any]) -> Step:
    plain = {
        name: _number(row[name]) for name in Step.__annotations__ if name not in ("step", "phases", "environments")
    }
    return Step(
        step=int(row["step"]),
        phases={name: _number(seconds) for name, seconds in row["phases"].items()},
        environments={
            term: Seen(_number(seen["difficulty"]), _number(seen["mean"]), int(seen["n"]))
            for term, seen in row["environments"].items()
        },
        **plain,
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _json(file: Path) -> dict[str, Any]:
    """A file's object; an empty one when there is no such file. Raises ``TrainError``."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TrainError(f"{file}: cannot be read ({error})") from None
    if not isinstance(value, dict):
        raise TrainError(f"{file}: is not a JSON object")
    return value


def _flat(config: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """
    >>> _flat({"seed": 0, "trainer": {"steps": 60}})
    {'seed': 0, 'trainer.steps': 60}
    """
    flat: dict[str, Any] = {}
    for key, value in config.items():
        flat |= _flat(value, f"{within}{key}.") if isinstance(value, dict) else {f"{within}{key}": value}
    return flat


def _rollouts(file: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """These columns alone: of a long run the prompts are many times the scores. Raises ``TrainError``."""
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(file) as opened:
            table = opened.read(columns=list(columns))
            return list(table.select(list(columns)).to_pylist())
    except (ArrowException, OSError, KeyError) as error:
        raise TrainError(f"{file}: cannot be read ({' '.join(str(error).split())})") from None


def _pass_rate(file: Path) -> float:
    return _mean([float(_passes(row["score"])) for row in _rollouts(file, ["score"]) if row["score"] is not None])


def _passes(score: float) -> bool:
    return score >= 1 - contract.TOLERANCE


def _samples(file: Path) -> list[Sample]:
    """The best reply of a step, and its worst; which of several is drawn by lot, the same each time."""
    rows = _rollouts(file, ["step", "term", "seed", "difficulty", "prompt", "reply", "score", "problem"])
    scored = [row for row in rows if row["score"] is not None] or rows
    if not scored:
        return []
    scored = Random(file.name).sample(scored, len(scored))
    best, worst = max(scored, key=lambda row: row["score"] or 0), min(scored, key=lambda row: row["score"] or 0)
    return [
        Sample(
            step=row["step"],
            name=_shown(f"{row['term']}@{row['seed']}:{row['difficulty']}"),
            prompt=_shown(row["prompt"]),
            reply=_shown(row["reply"]),
            score=row["score"],
            problem=_shown(row["problem"] or ""),
        )
        for row in ([best] if best is worst else [best, worst])
    ]


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


def _evaluation(file: Path) -> Evaluation | None:
    row = _json(file)
    try:
        return Evaluation.from_json(row) if row else None
    except (TrainError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainError(f"{file}: cannot be read as an evaluation ({type(error).__name__}: {error})") from None


# --- the figures -----------------------------------------------------------------------------------------------


def _mean(values: Sequence[float]) -> float:
    """Of those that are numbers; NaN when none is."""
    finite = [value for value in values if math.isfinite(value)]
    return math.fsum(finite) / len(finite) if finite else math.nan


def smooth(values: Sequence[float], width: int) -> list[float]:
    """The centred mean over ``width`` neighbours, fewer at the ends; NaN is left out.

    >>> smooth([0.0, 3.0, 6.0, float("nan")], 3)
    [1.5, 3.0, 4.5, 6.0]
    """
    half = width // 2
    return [_mean(values[max(0, at - half) : at + half + 1]) for at in range(len(values))]


def _width(steps: int) -> int:
    return max(3, min(steps // 12, 60)) | 1


@dataclass(frozen=True)
class Learning:
    """What one environment did over the run: a row of the table."""

    term: str
    replies: int
    steps: int
    difficulty: tuple[float, float]
    """At its first draw, at its last."""
    early: float
    """Mean reward of the first third of its steps."""
    late: float
    room: float
    """Mean of m (1 - m) over its steps, m the step's mean reward: 0 when all fail or none does, 0.25 at most."""

    @property
    def verdict(self) -> str:
        return "solved" if self.late >= SOLVED else "out of reach" if self.late <= HOPELESS else "teaches"


def learnability(steps: Sequence[Step]) -> list[Learning]:
    """A row for each environment, that with the most room to learn first.

    m (1 - m) is the variance of a reward of 0 or 1, and what a group's advantage grows with: Foster et al. 2025,
    "Learning to Reason at the Frontier of Learnability", arXiv 2502.12272.
    """
    drawn: dict[str, list[Seen]] = defaultdict(list)
    for step in steps:
        for term, seen in step.environments.items():
            drawn[term].append(seen)
    rows = [_learning(term, seen) for term, seen in drawn.items()]
    return sorted(rows, key=lambda row: (-row.room if math.isfinite(row.room) else 1.0, row.term))


def _learning(term: str, seen: Sequence[Seen]) -> Learning:
    third = max(1, len(seen) // 3)
    return Learning(
        term=term,
        replies=sum(s.n for s in seen),
        steps=len(seen),
        difficulty=(seen[0].difficulty, seen[-1].difficulty),
        early=_mean([s.mean for s in seen[:third]]),
        late=_mean([s.mean for s in seen[-third:]]),
        room=_mean([s.mean * (1 - s.mean) for s in seen]),
    )


# --- the charts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chart:
    """A drawing with its words."""

    title: str
    note: str
    keys: Sequence[tuple[str, str]]
    """A variable of the style sheet and what is drawn in it."""
    svg: Markup


@contextmanager
def _drawing() -> Iterator[None]:
    """While the body runs matplotlib draws as this page wants it, whatever its user has set."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _svg(figure: "Figure", label: str) -> Markup:
    """The drawing as an element of a page: in the page's own colours and letters, and without anything of its own."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    text = out.getvalue()[out.getvalue().index("<svg") :]
    text = re.sub(r"<svg[^>]*?(viewBox=\"[^\"]*\")[^>]*>", r"<svg \1>", text, count=1)
    text = re.sub(r"<style.*?</style>|font-family: [^;\"]*;?|<g id=\"[^\"]*\"(?=>)", _lean, text, flags=re.DOTALL)
    text = re.sub(r"#[0-9a-f]{6}\b", lambda found: f"var(--{NAMES[found[0]]})" if found[0] in NAMES else found[0], text)
    return Markup(text.replace("<svg ", f'<svg role="img" aria-label="{Markup.escape(label)}" ', 1).strip())


def _lean(found: "re.Match[str]") -> str:
    return "<g" if found[0].startswith("<g") else ""


def _curve(ax: "Axes", steps: Sequence[Step], values: Sequence[float], colour: str) -> None:
    """Each step faintly, and the centred mean."""
    at = [step.step for step in steps]
    ax.plot(at, values, color=colour, alpha=0.3, linewidth=0.7)
    ax.plot(at, smooth(values, _width(len(steps))), color=colour)
    ax.set_xlim(at[0], max(at[-1], at[0] + 1))


def _share(ax: "Axes", highest: float = 1.0) -> None:
    ax.set_ylim(-0.02 * highest, 1.02 * highest)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def _rewards(run: Run) -> Chart:
    figure = _figure(WIDE, 2.7)
    ax = figure.subplots()
    keys = [("a", "mean reward")]
    if any(map(math.isfinite, run.passed)):
        _curve(ax, run.steps, run.passed, SECOND)
        keys.append(("b", "pass rate: share of replies that are wholly right"))
    _curve(ax, run.steps, [step.reward for step in run.steps], MAIN)
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]), top=max(1.0, ax.get_ylim()[1]))
    ax.set_xlabel("step")
    return Chart("Reward in training", "", keys, _svg(figure, "mean reward and pass rate of each step"))


def _difficulty(run: Run) -> Chart:
    drawn = [[seen.difficulty for seen in step.environments.values()] or [math.nan] for step in run.steps]
    at = [step.step for step in run.steps]
    figure = _figure(HALF, 2.1)
    ax = figure.subplots()
    ax.fill_between(at, [min(d) for d in drawn], [max(d) for d in drawn], color=THIRD, alpha=0.15, linewidth=0)
    _curve(ax, run.steps, [_mean(d) for d in drawn], THIRD)
    ax.locator_params(axis="y", integer=True)
    keys = [("c", "mean of the environments of a step; band: easiest to hardest")]
    return Chart("Difficulty drawn", "", keys, _svg(figure, "difficulty drawn in each step"))


def _signal(run: Run) -> Chart:
    figure = _figure(HALF, 2.1)
    ax = figure.subplots()
    _curve(ax, run.steps, [step.signal for step in run.steps], FOURTH)
    _share(ax)
    keys = [("d", "share of groups whose rewards differ; only these teach")]
    return Chart("Groups with signal", "", keys, _svg(figure, "share of groups with signal in each step"))


def _pair(run: Run, first: str, second: str, names: tuple[str, str], colours: tuple[str, str]) -> "Figure":
    """Two figures of a step over each other, each with its own scale."""
    figure = _figure(HALF, 2.5)
    for ax, field, name, colour in zip(figure.subplots(2, sharex=True), (first, second), names, colours, strict=True):
        _curve(ax, run.steps, [getattr(step, field) for step in run.steps], colour)
        ax.set_title(name, loc="left", fontsize=8, color=colour)
        ax.locator_params(axis="y", nbins=4)
    return figure


def _lengths(run: Run) -> Chart:
    names = ("mean length of a reply, tokens", "share cut off")
    figure = _pair(run, "length", "clipped", names, (MAIN, SECOND))
    figure.axes[0].set_ylim(bottom=0)
    _share(figure.axes[1], max([0.05, *(step.clipped for step in run.steps if math.isfinite(step.clipped))]))
    return Chart("Length of replies", "", (), _svg(figure, "length of replies and share cut off"))


def _losses(run: Run) -> Chart:
    names = ("loss", "entropy of the policy, nats a token")
    return Chart(
        "Loss and entropy", "", (), _svg(_pair(run, "loss", "entropy", names, (MAIN, THIRD)), "loss and entropy")
    )


def _unread(run: Run) -> Chart:
    names = ("unread: no readable answer, a reward of 0", "unscored: the verifier gave nothing, left out")
    figure = _pair(run, "unread", "unscored", names, (SECOND, FOURTH))
    for ax in figure.axes:
        ax.set_ylim(bottom=0, top=max(1.0, ax.get_ylim()[1]))
        ax.locator_params(axis="y", integer=True)
    return Chart("Replies that were not judged on their answer", "", (), _svg(figure, "unread and unscored replies"))


def _phases(run: Run) -> Chart:
    totals: dict[str, float] = defaultdict(float)
    for step in run.steps:
        for name, seconds in step.phases.items():
            totals[name] += seconds
    named = sorted(totals, key=lambda name: -totals[name])[:3]
    spent = {name: [step.phases.get(name, 0.0) for step in run.steps] for name in named}
    told = zip(*spent.values(), strict=True) if spent else [()] * len(run.steps)
    spent["the rest"] = [max(0.0, step.step_seconds - math.fsum(t)) for step, t in zip(run.steps, told, strict=True)]
    colours = [*(MAIN, SECOND, THIRD)[: len(named)], MUTED]
    figure = _figure(HALF, 2.5)
    ax = figure.subplots()
    at, width = [step.step for step in run.steps], _width(len(run.steps))
    ax.stackplot(at, *(smooth(s, width) for s in spent.values()), colors=colours, alpha=0.75, linewidth=0)
    ax.set_xlim(at[0], max(at[-1], at[0] + 1))
    ax.set_ylabel("seconds a step")
    whole = math.fsum(map(math.fsum, spent.values())) or 1.0
    shares = [f"{name} {math.fsum(s) / whole:.0%}" for name, s in spent.items()]
    keys = [(NAMES[colour], share) for colour, share in zip(colours, shares, strict=True)]
    return Chart("Time by phase", "", keys, _svg(figure, "seconds of each step by phase"))


# --- the map ---------------------------------------------------------------------------------------------------


def _map(run: Run, rows: Sequence[Learning]) -> Chart:
    """Environments by time: the mean reward on the left, the difficulty on the right, in the same order."""
    order = sorted(rows, key=lambda row: ("(" in row.term, row.term))
    columns = _columns([step.environments for step in run.steps])
    means = {row.term: [_mean([e[row.term].mean for e in c if row.term in e]) for c in columns] for row in order}
    reached = {
        row.term: [max([e[row.term].difficulty for e in c if row.term in e], default=math.nan) for c in columns]
        for row in order
    }
    known = [d for line in reached.values() for d in line if math.isfinite(d)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    figure = _figure(WIDE, 0.55 + 0.215 * len(order))
    left, right = figure.subplots(1, 2, sharey=True)
    _cells(left, list(means.values()), (0.0, 1.0), REWARDS)
    _cells(right, list(reached.values()), (low, high), DIFFICULTIES)
    _numbers(right, list(reached.values()), (low, high))
    left.set_yticks(range(len(order)), [_label(row.term) for row in order])
    left.set_ylim(len(order) - 0.5, -0.5)
    for ax, title in ((left, "mean reward"), (right, "highest difficulty drawn")):
        _frame(ax, title, run.steps, len(columns))
    return Chart("Environments over time", "", (), _svg(figure, "mean reward and difficulty by environment and time"))


def _columns(steps: Sequence[Mapping[str, Seen]]) -> list[Sequence[Mapping[str, Seen]]]:
    n = min(len(steps), MOST_COLUMNS)
    return [steps[len(steps) * at // n : len(steps) * (at + 1) // n] for at in range(n)]


def _level(value: float, scale: tuple[float, float]) -> int:
    """The shade of a value: the lowest of ``scale`` is 0, the highest is the last.

    >>> _level(0.0, (0.0, 1.0)), _level(1.0, (0.0, 1.0)), _level(3.0, (3.0, 3.0))
    (0, 9, 0)
    """
    low, high = scale
    share = (value - low) / (high - low) if high > low else 0.0
    return min(LEVELS - 1, max(0, int(share * LEVELS)))


def _cells(ax: "Axes", lines: Sequence[Sequence[float]], scale: tuple[float, float], colours: Sequence[str]) -> None:
    """One path for each shade, so that a long run's page stays small."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    levels: dict[int, list[Outline]] = defaultdict(list)
    for y, line in enumerate(lines):
        for x, value in enumerate(line):
            if math.isfinite(value):
                corners = [(x, y - 0.45), (x + 0.95, y - 0.45), (x + 0.95, y + 0.45), (x, y + 0.45), (x, y - 0.45)]
                levels[_level(value, scale)].append(Outline(corners, closed=True))
    for level, outlines in sorted(levels.items()):
        ax.add_patch(PathPatch(Outline.make_compound_path(*outlines), facecolor=colours[level], linewidth=0))


def _numbers(ax: "Axes", lines: Sequence[Sequence[float]], scale: tuple[float, float]) -> None:
    """Each difficulty in figures where an environment comes to it, if there is room before the next."""
    for y, line in enumerate(lines):
        known = [(x, value) for x, value in enumerate(line) if math.isfinite(value)]
        new = [known[0], *(after for before, after in pairwise(known) if before[1] != after[1])] if known else []
        for (x, value), (end, _) in pairwise([*new, (len(line) + 1, math.nan)]):
            if end - x > 2:
                colour = PAPER if _level(value, scale) > LEVELS // 2 else INK
                ax.text(x + 0.3, y, f"{value:g}", va="center_baseline", fontsize=7, color=colour)


def _frame(ax: "Axes", title: str, steps: Sequence[Step], columns: int) -> None:
    ax.set_title(title, loc="left", fontsize=8, color=INK)
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(0, columns)
    at = sorted({0, columns // 2, columns - 1})
    ends = [steps[len(steps) * (x + 1) // columns - 1].step if x else steps[0].step for x in at]
    ax.set_xticks([x + 0.5 for x in at], [f"{step}" for step in ends])
    ax.tick_params(axis="y", labelcolor=INK, length=0)


def _label(term: str) -> str:
    return term if len(term) <= LABEL else f"{term[: LABEL - 12]}…{term[-11:]}"


# --- before and after ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """A row of the table of splits, in words; empty where there is no evaluation yet."""

    split: str
    problems: int
    before: Estimate
    after: Estimate | None
    difference: Estimate | None
    chance: float
    passes: Sequence[tuple[float | None, float | None]]
    """pass@k before and after, by k in order."""

    @property
    def clear(self) -> bool:
        return self.difference is not None and self.chance < UNLIKELY


def _compared(run: Run) -> list[Compared]:
    if run.before is None:
        return []
    if run.after is None:
        splits = run.before.splits.items()
        return [Compared(n, r.problems, r.mean, None, None, math.nan, _passed(run, n)) for n, r in splits]
    try:
        changes = compare(run.before, run.after)
    except TrainError as error:
        raise TrainError(f"{run.name}, before.json and after.json: {error}") from None
    return [
        Compared(c.split, c.problems, c.before, c.after, c.difference, c.chance, _passed(run, c.split)) for c in changes
    ]


def _passed(run: Run, split: str) -> list[tuple[float | None, float | None]]:
    told: list[list[float | None]] = []
    for evaluation in (run.before, run.after):
        passes = evaluation.splits[split].passes if evaluation else {}
        told.append([passes[k].value if k in passes else None for k in _ks(run)])
    return list(zip(*told, strict=True))


def _ks(run: Run) -> Sequence[int]:
    return run.before.ks if run.before else ()


def _dumbbells(rows: Sequence[Compared]) -> Chart:
    figure = _figure(WIDE, 0.6 + 0.36 * len(rows))
    ax = figure.subplots()
    for y, row in enumerate(rows):
        for estimate, at, colour, fill in ((row.before, y - 0.1, MUTED, PAPER), (row.after, y + 0.1, MAIN, MAIN)):
            if estimate:
                ax.plot([estimate.low, estimate.high], [at, at], color=colour, linewidth=1.2, alpha=0.55)
                ax.plot(estimate.value, at, "o", color=colour, markerfacecolor=fill, markersize=6, markeredgewidth=1.4)
    ax.set_yticks(range(len(rows)), [row.split for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-0.01, 1.01)
    ax.set_xlabel("mean score")
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", labelcolor=INK)
    keys = [("muted", "before"), ("a", "after")] if any(row.after for row in rows) else [("muted", "before")]
    return Chart("", "", keys, _svg(figure, "mean score of each split before and after training, with intervals"))


# --- the words -------------------------------------------------------------------------------------------------


def _headline(run: Run, rows: Sequence[Compared]) -> str:
    """The result in a sentence."""
    held_out = [row for row in rows if row.difference and row.split != "train"]
    if not held_out:
        first, last = _ends([step.reward for step in run.steps])
        wait = "Not measured after training yet." if run.before else "Not measured on held-out problems."
        return f"Reward in training went from {_figures(first)} to {_figures(last)}. {wait}"
    better = [row for row in held_out if row.clear and row.difference and row.difference.value > 0]
    worse = [row for row in held_out if row.clear and row.difference and row.difference.value < 0]
    of = f"{len(held_out)} held-out split{'s' * (len(held_out) != 1)}"
    told = [f"better on {len(better)} of {of}"] if better else [f"better on none of {of}"]
    told += [f"worse on {len(worse)}"] if worse else []
    return f"After training the model is {', '.join(told)}."


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Of the first tenth and of the last."""
    tenth = max(1, len(values) // 10)
    return _mean(values[:tenth]), _mean(values[-tenth:])


class Tile(NamedTuple):
    """A figure that is read at a glance."""

    name: str
    figure: str
    behind: str
    clear: bool = True


def _tiles(run: Run, rows: Sequence[Compared]) -> list[Tile]:
    """The results first, then how training went."""
    tiles = [
        Tile(
            row.split,
            _signed(row.difference.value),
            f"{_figures(row.before.value)} → {_figures(row.after.value)}",
            row.clear,
        )
        for row in rows
        if row.difference and row.after
    ]
    first, last = _ends([step.reward for step in run.steps])
    signal = _mean([step.signal for step in run.steps])
    tiles.append(Tile("training reward", _figures(last), f"from {_figures(first)}"))
    return [*tiles, Tile("groups with signal", _percent(signal), "mean over the run")]


def _status(run: Run) -> str:
    seconds, wanted = math.fsum(step.step_seconds for step in run.steps), run.config.get("trainer.steps")
    done = f"{run.steps[-1].step} of {wanted} steps" if wanted else f"{len(run.steps)} steps"
    ending = "finished" if run.finished else "not finished: there is no final model yet"
    return f"{done} · {_duration(seconds)} in steps · {ending}"


def _duration(seconds: float) -> str:
    """
    >>> _duration(41.2), _duration(200), _duration(9000)
    ('41 s', '3 min 20 s', '2 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _figures(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.2f}".replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _percent(value: float) -> str:
    return f"{value:.0%}" if math.isfinite(value) else "–"


def _chance(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _plain(value: object) -> str:
    """
    >>> _plain([1, 8]), _plain(1e-06), _plain("")
    ('1, 8', '1e-06', '–')
    """
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "–"
    return f"{value:g}" if isinstance(value, float) else f"{value}" or "–"


def _render(run: Run) -> str:
    templates = Environment(
        loader=PackageLoader("rl", ""), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    templates.filters |= {"figures": _figures, "signed": _signed, "chance": _chance, "plain": _plain}
    rows, learned = _compared(run), learnability(run.steps)
    most = sorted(learned, key=lambda row: (-row.replies, row.term))[:MOST_ROWS]
    kept = [row for row in learned if row in most]
    with _drawing():
        charts = [draw(run) for draw in (_difficulty, _signal, _lengths, _unread, _losses, _phases)]
        return templates.get_template("page.html.j2").render(
            run=run,
            status=_status(run),
            headline=_headline(run, rows),
            tiles=_tiles(run, rows),
            rows=rows,
            ks=_ks(run),
            splits={name: len(kept) for name, kept in run.splits.get("items", {}).items()},
            short={told: run.config[name] for name, told in SHORT.items() if name in run.config},
            dumbbells=_dumbbells(rows) if rows else None,
            rewards=_rewards(run),
            charts=charts,
            map=_map(run, kept),
            learned=kept,
            environments=len(learned),
            width=_width(len(run.steps)),
            levels=LEVELS,
        )
