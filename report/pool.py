"""The page of a pool: how it grew, what is known of each environment, what is made of them; one HTML file.

It loads nothing from elsewhere, and the same pool gives the same bytes. Nothing is judged here: instances are drawn
behind the wall when the page is made, all else is read from the pool's files. What has not been measured is said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from string import Formatter
from typing import Any, NamedTuple

from markupsafe import Markup

from report import page, run, typegraph
from report.certificate import Certificate, Kind
from report.charts import amount, histogram, share, spark
from report.growth import Growth
from report.instances import Shown, drawn, short
from sandbox.jail import Sandbox
from synth.compose import composite, graph
from synth.compose.store import Composites, Row
from synth.ledger import history
from synth.pool import Entry, Pool, PoolError
from synth.program import Reference
from synth.types import Type

KINDS = {Reference.SOLVE: "function", Reference.EXAMPLE: "relation", Reference.WITNESS: "relation, planted"}
SHOWN_EACH, SHOWN_LEAST, SHOWN_MOST = 2, 2, 4  # composites of an operator that are shown, and their sizes
MOST_TERMS = 6  # composites that an environment's own section names
MOST_FELL = 400  # rows of what was taken out


@dataclass(frozen=True)
class Known:
    """An environment with what is known of it."""

    entry: Entry
    certificate: Certificate
    instances: Sequence[Shown]
    terms: Sequence[str]
    """Composites that it stands in."""

    @property
    def kind(self) -> str:
        return KINDS[self.entry.program.reference]

    @property
    def segments(self) -> list[tuple[str, str]]:
        """The statement as texts, each with the field whose value follows; none at the end."""
        return [(words, name or "") for words, name, _, _ in Formatter().parse(self.entry.program.statement)]

    @property
    def shortest(self) -> list[str]:
        """The simplest of its composites."""
        return sorted(self.terms, key=lambda term: (len(term), term))[:MOST_TERMS]

    @property
    def second(self) -> str:
        return str(self.certificate.second.get("opinion", ""))


class Fused(NamedTuple):
    """A composite that is shown."""

    row: Row
    instance: Shown


def write(
    pool: Pool, to: Path, box: Sandbox, folder: Path | None = None, families: Mapping[str, str] | None = None
) -> None:
    """Write the page of ``pool`` to the file ``to``, with the training run in ``folder`` if one is named.

    ``families`` are those of tasks by name; only for those that were not admitted. Raises ``PoolError`` for a pool
    without environments and when ``to`` cannot be written, ``TrainError`` for a folder that is no run, ``LedgerError``
    and ``SandboxError``.
    """
    if not len(pool):
        raise PoolError(f"{pool.folder} holds no environments; grow some with `brickyard grow`, or name another pool")
    page.probe(to, PoolError)
    learned = run.learned(folder) if folder else None
    page.save(_render(pool, box, learned, families or {}), to, PoolError)


def _render(pool: Pool, box: Sandbox, learned: Mapping[str, Any] | None, families: Mapping[str, str]) -> str:
    told = history(pool.folder)
    store = Composites(pool)
    fused = list(store.rows())
    known = _known(pool, fused, box)
    templates = page.templates()
    templates.filters |= {"brief": short, "spark": spark, "share": share, "amount": amount}
    section = templates.get_template("environment.html.j2")
    return templates.get_template("pool.html.j2").render(
        pool=pool,
        headline=_headline(known, fused),
        facts=_tiles(known, fused, pool),
        growth=Growth.of(told, pool, families) if told and told.attempts else None,
        known=known,
        sections={of.entry.name: Markup(section.render(it=of)) for of in known},
        rows=page.embedded([_row(of) for of in known]),
        instances=page.embedded({of.entry.name: [_instance(one) for one in of.instances] for of in known}),
        spreads=_spreads(known),
        audited=sum(bool(of.certificate.audit) for of in known),
        fell=pool.quarantined(),
        most_fell=MOST_FELL,
        graph=graph.of(pool),
        types=_types(known),
        fused=fused,
        stale=store.stale,
        sizes=_sizes(fused),
        examples=_examples(pool, fused, box),
        run=learned,
    )


def _known(pool: Pool, fused: Iterable[Row], box: Sandbox) -> list[Known]:
    terms: dict[str, list[str]] = {}
    for row in fused:
        for name in dict.fromkeys(row["parts"]):
            terms.setdefault(name, []).append(row["term"])
    entries = list(pool)
    instances = drawn([entry.program for entry in entries], box)
    return [
        Known(entry, Certificate.of(entry, pool.audited(entry.name)), shown, terms.get(entry.name, []))
        for entry, shown in zip(entries, instances, strict=True)
    ]


def _row(of: Known) -> dict[str, Any]:
    """A line of the table, for the page's script: what is shown, sorted by and searched."""
    program, certificate = of.entry.program, of.certificate
    accepts, brute = certificate.all_accepts, certificate.brute
    return {
        "name": of.entry.name,
        "title": program.title,
        "family": of.entry.family,
        "given": [str(t) for t in program.signature.domain.values()],
        "signature": str(program.signature),
        "answer": str(program.signature.codomain),
        "kind": of.kind,
        "statement": program.statement,
        "tried": accepts.tried if accepts else None,
        "accepted": accepts.failed if accepts else None,
        "bound": accepts.bound if accepts else None,
        "chance": certificate.chance,
        "share": certificate.share,
        "mutants": certificate.strength.get("mutants"),
        "listed": brute.get("candidates") if brute.get("instances") else None,
        "unlisted": str(brute.get("reason", "")),
        "right": sorted({int(n) for n in brute.get("right", [])}),
        "second": of.second,
        "findings": certificate.findings,
        "notes": certificate.notes,
    }


def _instance(shown: Shown) -> list[Any]:
    return [shown.difficulty, dict(shown.values), shown.answer, shown.problem]


def _headline(known: Sequence[Known], fused: Sequence[Row]) -> str:
    families = len({of.entry.family for of in known})
    told = f"{_many(len(known), 'environment')} in {_many(families, 'family', 'families')}"
    return f"{told}, and {_many(len(fused), 'composite')} of them" if fused else told


def _many(n: int, one: str, more: str = "") -> str:
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def _tiles(known: Sequence[Known], fused: Sequence[Row], pool: Pool) -> list[tuple[str, str, str]]:
    """Figures that are read at a glance: a name, the figure, what is behind it. Only of what was measured."""
    functions = sum(of.entry.program.is_function for of in known)
    tiles = [("environments", f"{len(known):,}", f"{functions:,} functions, {len(known) - functions:,} relations")]
    if tried := _wrong(known):
        rate, all_tried = median(kind.bound for kind in tried), sum(kind.tried for kind in tried)
        tiles.append(("wrong answers accepted", f"< {share(rate)}", f"median of functions; {all_tried:,} tried"))
    if mutants := sum(of.certificate.strength.get("mutants", 0) for of in known):
        caught = sum(of.certificate.strength.get("caught", 0) for of in known)
        tiles.append(("broken verifiers caught", share(caught / mutants), f"{caught:,} of {mutants:,}"))
    if listed := [of for of in known if of.certificate.brute.get("instances")]:
        answers = sum(of.certificate.brute["candidates"] for of in listed)
        tiles.append(("answers listed and verified", f"{answers:,}", f"of {_many(len(listed), 'environment')}"))
    opinions = Counter(of.second for of in known if of.second)
    if asked := opinions.total() - opinions["cannot"]:
        tiles.append(("second author agrees", f"{opinions['agrees']:,}", f"of {asked:,} who could answer"))
    found = sum(len(of.certificate.findings) for of in known)
    noted = sum(bool(of.certificate.notes) for of in known)
    if any(of.certificate.audit for of in known):
        tiles.append(("findings", f"{found:,}", f"and notes on {_many(noted, 'environment')}"))
    taken = len(pool.quarantined())
    return [*tiles, ("taken out", f"{taken:,}", "by an audit, with the reason")] if taken else tiles


def _wrong(known: Iterable[Known]) -> list[Kind]:
    """Of each function its wrong answers: of relations they may be right."""
    kinds = [of.certificate.all_accepts for of in known if of.entry.program.is_function]
    return [kind for kind in kinds if kind]


def _spreads(known: Sequence[Known]) -> list[tuple[str, str, Markup]]:
    """How the certificates' figures are spread over the pool: a title, words, a drawing."""
    measured = {
        "wrong answers that functions accept, at most": [kind.bound for kind in _wrong(known)],
        "right by the best constant answer": [c for of in known if (c := of.certificate.chance) is not None],
        "broken verifiers caught": [s for of in known if (s := of.certificate.share) is not None],
    }
    return [
        (title, f"median {share(median(values))}, {share(min(values))} to {share(max(values))}", histogram(values))
        for title, values in measured.items()
        if values
    ]


def _types(known: Sequence[Known]) -> Markup:
    signatures = [of.entry.program.signature for of in known]
    shapes: dict[str, Type] = {str(signature.codomain): signature.codomain for signature in signatures}
    return typegraph.drawing(typegraph.bands(signatures), shapes)


class Sizes(NamedTuple):
    """How many composites there are of each operator and size; operators by how many they have."""

    operators: Sequence[tuple[str, Mapping[int, int]]]
    widest: int
    most: int
    """Of one operator and size."""


def _sizes(fused: Iterable[Row]) -> Sizes:
    by: dict[str, Counter[int]] = {}
    for row in fused:
        by.setdefault(row["operator"], Counter())[row["size"]] += 1
    operators = sorted(by.items(), key=lambda it: (-it[1].total(), it[0]))
    counts = [n for sizes in by.values() for n in sizes.values()]
    return Sizes(operators, max((size for sizes in by.values() for size in sizes), default=0), max(counts, default=0))


def _examples(pool: Pool, fused: Sequence[Row], box: Sandbox) -> list[Fused]:
    """A few small composites of each operator, each with an instance."""
    chosen: list[Row] = []
    for operator, _ in _sizes(fused).operators:
        of = [row for row in fused if row["operator"] == operator]
        small = [row for row in of if SHOWN_LEAST <= row["size"] <= SHOWN_MOST] or of
        chosen += small[:SHOWN_EACH]
    environments = [composite.read(row["term"], pool) for row in chosen]
    instances = drawn(environments, box, (1,))
    return [Fused(row, shown) for row, (shown,) in zip(chosen, instances, strict=True)]
