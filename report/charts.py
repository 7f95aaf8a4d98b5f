"""The drawings of the pages: numbers in, elements for an HTML page out. Nothing here knows what a run or a pool is.

Curves and intervals are matplotlib's, as SVG in the page's own letters and in the colours of its style sheet, so that
they follow it from light to dark; the same numbers give the same bytes. NaN is a gap.
"""

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from rl.statistics import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "ink": "#1b1f24",
    "muted": "#69707a",
    "grid": "#e3e4e0",
    "paper": "#fdfdfb",
    "a": "#2160c4",
    "b": "#b44f0a",
    "c": "#177a4c",
    "d": "#7a3fc0",
}
"""The variables of the style sheet, and what they are in the light; what is drawn in one of these refers to it."""

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "brickyard",
    "svg.fonttype": "none",
    "font.size": 8,
    "text.parse_math": False,
    "lines.linewidth": 1.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": COLOURS["grid"],
    "axes.labelcolor": COLOURS["muted"],
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": COLOURS["grid"],
    "grid.linewidth": 0.7,
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}
WIDE, NARROW = (10.4, 2.7), (3.3, 1.7)  # inches; a page is as wide as a wide one, or as three narrow ones
BARS = 40  # of a histogram
FAINTEST = 0.07  # of the lowest value in a strip, so that it is not taken for a gap


@dataclass(frozen=True)
class Chart:
    """A drawing with its words."""

    title: str
    keys: Sequence[tuple[str, str]]
    """A variable of the style sheet, and what is drawn in it."""
    svg: Markup


@dataclass(frozen=True)
class Line:
    """A value for each step."""

    name: str
    values: Sequence[float]
    colour: str = "a"


def mean(values: Sequence[float]) -> float:
    """Of those that are numbers; NaN when none is.

    >>> mean([1.0, float("nan"), 2.0])
    1.5
    """
    finite = [value for value in values if math.isfinite(value)]
    return math.fsum(finite) / len(finite) if finite else math.nan


def window(steps: int) -> int:
    """Over how many of so many steps a curve is smoothed."""
    return max(3, min(steps // 12, 60)) | 1


def smooth(values: Sequence[float], width: int) -> list[float]:
    """The centred mean over ``width`` neighbours, fewer at the ends.

    >>> smooth([0.0, 3.0, 6.0, float("nan")], 3)
    [1.5, 3.0, 4.5, 6.0]
    """
    half = width // 2
    return [mean(values[max(0, at - half) : at + half + 1]) for at in range(len(values))]


def curves(
    title: str,
    steps: Sequence[int],
    lines: Sequence[Line],
    top: float = 0.0,
    percent: bool = False,
    size: tuple[float, float] = NARROW,
) -> Chart:
    """Lines over steps, each step faintly and the smoothed line over it; from 0 to ``top`` at least."""
    with _figure(*size) as figure:
        ax = figure.subplots()
        for line in reversed(lines):  # the first lies on top
            ax.plot(steps, line.values, color=COLOURS[line.colour], alpha=0.3, linewidth=0.7)
            ax.plot(steps, smooth(line.values, window(len(steps))), color=COLOURS[line.colour])
        ax.set_xlim(steps[0], max(steps[-1], steps[0] + 1))
        ax.set_ylim(0, max(top, ax.get_ylim()[1]))
        ax.locator_params(nbins=6)
        if percent:
            ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}%")
        return Chart(title, [(line.colour, line.name) for line in lines], _svg(figure, title))


def intervals(title: str, rows: Sequence[tuple[str, Estimate, Estimate | None]]) -> Chart:
    """For each name an estimate before, and one after, with their intervals, from 0 to 1."""
    keys = [("muted", "before"), ("a", "after")][: 2 if any(after for _, _, after in rows) else 1]
    with _figure(WIDE[0], 0.6 + 0.36 * len(rows)) as figure:
        ax = figure.subplots()
        for y, (_, before, after) in enumerate(rows):
            _interval(ax, before, y - 0.1, "muted", "paper")
            if after:
                _interval(ax, after, y + 0.1, "a", "a")
        ax.set_yticks(range(len(rows)), [name for name, _, _ in rows])
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(-0.01, 1.01)
        ax.grid(axis="x")
        ax.grid(axis="y", visible=False)
        ax.tick_params(axis="y", labelcolor=COLOURS["ink"])
        return Chart(title, keys, _svg(figure, title))


def _interval(ax: "Axes", estimate: Estimate, y: float, colour: str, fill: str) -> None:
    drawn = COLOURS[colour]
    ax.plot([estimate.low, estimate.high], [y, y], color=drawn, linewidth=1.2, alpha=0.55)
    ax.plot(estimate.value, y, "o", color=drawn, markerfacecolor=COLOURS[fill], markersize=6, markeredgewidth=1.4)


def strip(values: Sequence[float], low: float, high: float, colour: str) -> Markup:
    """A row of a heat map: a cell for each value, the stronger the nearer it is to ``high``.

    >>> strip([0.5, float("nan")], 0.0, 1.0, "a").partition(">")[2]
    Markup('<path d="M0 0h.92v1H0" opacity="0.53"/></svg>')
    """
    cells = ""
    for at, value in enumerate(values):
        if math.isfinite(value):
            share = (value - low) / (high - low) if high > low else 0.5
            cells += f'<path d="M{at} 0h.92v1H{at}" opacity="{FAINTEST + (1 - FAINTEST) * share:.2f}"/>'
    shape = f'viewBox="0 0 {len(values)} 1" preserveAspectRatio="none"'
    return Markup(f'<svg class="strip" {shape} fill="var(--{colour})">{cells}</svg>')


def spark(values: Sequence[float]) -> Markup:
    """A curve the size of a word, from 0 to its largest value.

    >>> spark([1, 2]).partition("<path")[2]
    Markup(' d="M0 14L100 2"/></svg>')
    """
    most, last = max(*values, 0.0) or 1.0, max(1, len(values) - 1)
    places = [f"{100 * at / last:.4g} {26 - 24 * value / most:.4g}" for at, value in enumerate(values)]
    shape = 'viewBox="-2 0 104 28" preserveAspectRatio="none" aria-hidden="true"'
    return Markup(f'<svg class="spark" {shape}><path d="M{"L".join(places)}"/></svg>')


def histogram(values: Sequence[float]) -> Markup:
    """How shares are spread: bars over equal steps from 0 to the smallest of 10, 25, 50, 100 % that holds all."""
    top = next((top for top in (0.1, 0.25, 0.5) if max(values) <= top), 1.0)
    counts = [0] * BARS
    for value in values:
        counts[min(BARS - 1, int(BARS * value / top))] += 1
    most, wide = max(counts), 200 / BARS
    heights = [(at * wide, max(1.5, 46 * n / most)) for at, n in enumerate(counts) if n]
    drawn = "".join(f'<path d="M{x:g} 48v-{height:.1f}h{wide - 1:g}V48z"/>' for x, height in heights)
    svg = f'<svg class="histogram" viewBox="0 0 200 48" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    return Markup(f'{svg}<div class="ends"><span>0 %</span><span>{share(top)}</span></div>')


def amount(value: float) -> str:
    """A number as a reader likes it.

    >>> amount(113_870.0), amount(39.375), amount(0.5)
    ('113,870', '39.4', '0.5')
    """
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def share(value: float) -> str:
    """A share in per cent, with as many digits as it is worth.

    >>> share(0.00391), share(0.0487), share(0.841), share(1)
    ('0.39 %', '4.9 %', '84 %', '100 %')
    """
    percent = 100 * value
    digits = 0 if percent >= 10 or percent == 0 else 1 if percent >= 1 else 2
    return f"{percent:.{digits}f} %"


@contextmanager
def _figure(width: float, height: float) -> Iterator["Figure"]:
    """An empty figure; until it is drawn matplotlib is in the page's style, whatever its user has set."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield Figure(figsize=(width, height), layout="constrained")


def _svg(figure: "Figure", label: str) -> Markup:
    """The drawing as an element of a page, without names that another drawing has as well."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    text = out.getvalue()[out.getvalue().index("<svg") :].strip()
    head = f'<svg role="img" aria-label="{Markup.escape(label)}"'
    text = re.sub(r"<svg[^>]*?( viewBox=\"[^\"]*\")[^>]*>", rf"{head}\1>", text, count=1)
    text = re.sub(r"<g id=\"[^\"]*\"", "<g", text)
    for name, colour in COLOURS.items():
        text = text.replace(colour, f"var(--{name})")
    return Markup(text)
