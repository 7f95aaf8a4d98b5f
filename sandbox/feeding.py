"""Feeding: every typed pair of a pool is run, to see which type-correct pairs are never admitted.

Each part is alone in its session: first it is asked for answers, then it is given those of the others, a batch of
pairs a round trip (``synth/compose/feed.py`` is what runs there). A part that hangs or dies costs its own pairs.
What the edges say of the pool is not told here (``synth/compose/graph.py``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from types import TracebackType

from sandbox.jail import Sandbox
from sandbox.outcome import COSTLY, Call, Ending, Limits, Outcome
from synth.compose.graph import NOT_ADMITTED, Edge, Graph
from synth.contract import TEXT_CHARACTERS
from synth.environment import Answer
from synth.pool import Entry, Pool
from synth.types import as_json, canonical

DRAWS = tuple(enumerate((1, 1, 2, 2, 3, 4, 6, 8)))
"""Seeds and difficulties of the instances whose answers are given on."""
LIMITS = Limits(call_seconds=5.0)  # of a batch, which takes a hundredth of that with most parts
BATCH = 16  # pairs a round trip
PATIENCE = 3  # calls that a part may hang in, or die of, before what is left of its pairs is not run any more
OTHERS_SEED = 1_000  # draws the taker's other fields: no seed of an answer, since a giver may draw as the taker does


@dataclass
class FeedingProgress:
    """How far a run has come."""

    steps: int
    pairs: int
    answered: int = 0
    """Steps whose answers were drawn."""
    ran: int = 0
    """Pairs that were settled."""


class Feeding:
    """One run over the edges of ``graph``, the graph of ``pool``."""

    def __init__(self, graph: Graph, pool: Pool) -> None:
        self.graph, self.pool = graph, pool
        self.progress = FeedingProgress(len(graph.steps), len(graph.edges))
        self.given: dict[str, list[Answer]] = {}
        """The answers of each step."""
        self.refused: dict[Edge, str] = {}
        self.empty: dict[str, str] = {}

    def run(self, box: Sandbox) -> Graph:
        """The graph with what was seen in ``box``, one of ``LIMITS``. Raises ``SandboxError``.

        An edge is refused when no answer of its giver is admitted with any draw of the taker's other fields, or when
        running it, alone in a call, fails.
        """
        silent = {}
        for name in self.graph.steps:
            with _Part(box, self.pool[name]) as part:
                self.given[name], silent[name] = part.answers()
            self.progress.answered += 1
        self.refused = {edge: silent[edge.giver] for edge in self.graph.edges if not self.given[edge.giver]}
        self.progress.ran = len(self.refused)
        into = {name: list(edges) for name, edges in _grouped(self.graph.edges, "taker")}
        for name in self.graph.steps:
            with _Part(box, self.pool[name]) as part:
                self._feed(part, into.get(name, []))
        return replace(self.graph, refused=self.refused, empty=self.empty)

    def _feed(self, part: "_Part", edges: Sequence[Edge]) -> None:
        """Run the edges into ``part``, and look which of its fields make empty steps."""
        for into, fitting in _grouped([edge for edge in edges if edge not in self.refused], "into"):
            for batch in _batches(list(fitting)):
                reasons = part.fed(into, [self.given[edge.giver] for edge in batch])
                self.refused |= {edge: reason for edge, reason in zip(batch, reasons, strict=True) if reason}
                self.progress.ran += len(batch)
        for into in part.entry.program.signature.domain:
            if reason := part.screened(into):
                self.empty[f"{part.entry.name}:{into}"] = reason


class _Part:
    """A step alone in its session, with as much time to waste as ``PATIENCE`` grants."""

    def __init__(self, box: Sandbox, entry: Entry) -> None:
        self.entry = entry
        self._session = box.compose("", {entry.name: entry.program.source})
        self._wasted = 0
        self._last = self._session.loaded

    def __enter__(self) -> "_Part":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def answers(self) -> tuple[list[Answer], str]:
        """What it answers, no value twice; or, where there is nothing, why."""
        codomain = self.entry.program.signature.codomain
        answers: dict[str, Answer] = {}
        words = f"{self.entry.name} gives no answer of its type that a text has room for"
        for seed, difficulty in DRAWS:
            outcome = self._call(Call("answered", {"part": self.entry.name, "difficulty": difficulty}, seed))
            if outcome.ending is not Ending.RETURNED:
                words = self._words(outcome)
            elif outcome.value in codomain and len(as_json(outcome.value)) <= TEXT_CHARACTERS:
                answers[canonical(outcome.value)] = outcome.value
        return list(answers.values()), words

    def fed(self, into: str, given: Sequence[Sequence[Answer]]) -> list[str]:
        """For each group of values, why its field ``into`` takes none of them; nothing where it does."""
        call = Call("fed", {"part": self.entry.name, "field": into, "given": given}, OTHERS_SEED)
        outcome = self._call(call, is_last=len(given) == 1)
        if outcome.ending is Ending.RETURNED and not (type(outcome.value) is list and len(outcome.value) == len(given)):
            outcome = Outcome(Ending.GARBLED, error="it does not say of each pair what came of it")
        if outcome.ending is Ending.RETURNED:
            return ["" if taken else NOT_ADMITTED for taken in outcome.value]
        if len(given) > 1:
            return [reason for values in given for reason in self.fed(into, [values])]
        return [self._words(outcome)]

    def screened(self, into: str) -> str:
        """Why it is an empty step through its field ``into``; nothing when it is none."""
        outcome = self._call(Call("screened", {"part": self.entry.name, "field": into}, 0))
        return str(outcome.value) if outcome.ending is Ending.RETURNED else self._words(outcome)

    def _call(self, call: Call, is_last: bool = True) -> Outcome:
        """The outcome of ``call``; with no patience left, that of the last one. ``is_last``: it will not be split."""
        if self._wasted >= PATIENCE:
            return replace(self._last, error=f"{self._last.error}; not run again after {PATIENCE} such calls")
        self._last = self._session.map([call])[0]
        self._wasted += is_last and self._last.ending in COSTLY
        return self._last

    def _words(self, outcome: Outcome) -> str:
        return f"{self.entry.name} {outcome.ending}: {outcome.error}"


def _batches(edges: Sequence[Edge]) -> Iterator[Sequence[Edge]]:
    return (edges[n : n + BATCH] for n in range(0, len(edges), BATCH))


def _grouped(edges: Sequence[Edge], by: str) -> Iterator[tuple[str, Iterator[Edge]]]:
    """The edges by one end, in order."""
    return groupby(sorted(edges, key=attrgetter(by, "giver")), key=attrgetter(by))
