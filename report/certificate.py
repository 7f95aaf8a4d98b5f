"""What is known of one environment's trustworthiness, from its record and, where there was one, its last audit.

Both are read as they are stored, and an audit may have measured less than all; what was not measured is None or empty,
and never a zero. Nothing is measured here but the bounds that follow from counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from report.instances import short
from sandbox.audit.bounds import upper
from synth.pool import Entry
from synth.types import as_json
from synth.verdict import Trials

MEASURES = {
    "instance": "instance, bytes",
    "text": "text, characters",
    "answer": "answer, characters",
    "magnitude": "numbers, log10",
    "lines": "lines run",
}
MOST_ATTACKS, MOST_LETTERS = 20, 300


class Kind(NamedTuple):
    """Trials of one kind: how many were tried, how many went wrong, and the 95 % bound on the rate."""

    name: str
    tried: int
    failed: int
    bound: float


class Curve(NamedTuple):
    """A measure over difficulties."""

    name: str
    difficulties: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True)
class Certificate:
    """The record's certificate with what the last audit adds."""

    stored: Mapping[str, Any]
    """The laws' certificate; the audit's own if there is one."""
    audit: Mapping[str, Any]
    """What ``brickyard audit --json`` printed, its deeper part beside the rest; empty without an audit."""

    @classmethod
    def of(cls, entry: Entry, audit: Mapping[str, Any] | None) -> "Certificate":
        """Of an environment and what an audit of it printed, if there was one."""
        row = audit or {}
        stored = row.get("certificate") or entry.record.get("certificate") or {}
        return cls(stored, {**row, **(row.get("deep") or {})})

    @property
    def accepts(self) -> list[Kind]:
        """Wrong answers by kind; for a relation an accepted one may be another right answer."""
        return _kinds(self.audit.get("false_accepts") or self.stored.get("false_accepts") or {}, "accepted")

    @property
    def refuses(self) -> list[Kind]:
        """Right answers by kind, and how many of them were refused."""
        return _kinds(self.audit.get("false_rejects") or {}, "rejected", "refused", "accepted")

    @property
    def all_accepts(self) -> Kind | None:
        return _sum(self.accepts)

    @property
    def chance(self) -> float | None:
        return self.stored.get("chance")

    @property
    def strength(self) -> Mapping[str, Any]:
        """Of the audit; ``mutants`` and ``caught`` are in it, or it is empty."""
        told = self.audit.get("strength") or {}
        return told if "mutants" in told else {}

    @property
    def share(self) -> float | None:
        """Of broken verifiers that the trials tell from the original."""
        told = self.strength
        return told["caught"] / told["mutants"] if told and told["mutants"] else None

    @property
    def brute(self) -> Mapping[str, Any]:
        """Of the audit; ``instances`` and ``candidates`` are in it, or it is empty."""
        told = self.audit.get("brute") or {}
        return told if "instances" in told else {}

    @property
    def second(self) -> Mapping[str, Any]:
        told = self.audit.get("second") or {}
        return told if "opinion" in told else {}

    @property
    def findings(self) -> list[str]:
        """What is wrong, each in a line."""
        told = [str(finding.get("evidence", finding)) for finding in self.audit.get("findings") or []]
        second = self.second
        return [*told, _differing(second)] if second.get("opinion") == "differs" else told

    @property
    def notes(self) -> list[str]:
        """What a person should look at."""
        told = [str(note) for note in self.audit.get("notes") or []]
        reader = self.audit.get("reader") or {}
        told += [f"a reader finds it unclear: {reader['clear_why']}"] if reader.get("clear") is False else []
        told += [f"a reader finds a loophole: {reader['loophole_why']}"] if reader.get("loophole") else []
        return told + ([f"the second author: {self.second['why']}"] if self.second.get("opinion") == "unclear" else [])

    @property
    def marked(self) -> dict[int, str]:
        """Lines of the source that something is said of."""
        said: dict[int, list[str]] = {}
        for rule in self.audit.get("unmentioned") or []:
            said.setdefault(rule["line"], []).append(rule["why"])
        missed = Counter(change["line"] for change in self.strength.get("survivors") or [])
        for line, n in missed.items():
            said.setdefault(line, []).append(f"{n} change{'s' * (n != 1)} not told apart")
        return {line: "; ".join(words) for line, words in sorted(said.items())}

    @property
    def attacks(self) -> list[dict[str, str]]:
        """Answers that were accepted and are not the reference's: as texts, the first ones."""
        told = self.audit.get("attacks") or []
        told = told.get("undecided") or [] if isinstance(told, Mapping) else told
        return [
            {
                "kind": str(attack.get("kind", "")),
                "instance": given(attack.get("instance")),
                "answer": text(attack.get("answer")),
                "proof": short(str(attack.get("proof") or "undecided"), MOST_LETTERS),
                "lacks": "; ".join(attack.get("lacks") or []),
            }
            for attack in told[:MOST_ATTACKS]
        ]

    @property
    def differences(self) -> list[dict[str, str]]:
        """Where a second author differs, each as words and texts."""
        told = [self.second.get("difference"), *(self.second.get("further") or [])]
        return [{name: given(value) for name, value in found.items() if value is not None} for found in told if found]

    @property
    def curves(self) -> list[Curve]:
        """How it grows with difficulty, and how many instances differ."""
        by = {int(d): told for d, told in (self.stored.get("curve") or {}).items()}
        found = [
            Curve(words, list(by), [told[name] for told in by.values()])
            for name, words in MEASURES.items()
            if by and all(name in told for told in by.values())
        ]
        return [*found, *self._solved(), *self._effort()]

    def _solved(self) -> Iterator[Curve]:
        """The share of problems that a model solved."""
        told = {int(d): t for d, t in ((self.audit.get("solver") or {}).get("difficulties") or {}).items()}
        tried = {d: t["right"] / t["tried"] for d, t in told.items() if t.get("tried")}
        if tried:
            yield Curve("solved by a model", list(tried), list(tried.values()))

    def _effort(self) -> Iterator[Curve]:
        """The processor time of what takes longest, in milliseconds."""
        told = self.audit.get("effort") or {}
        for function, by in told.items():
            kept = {int(d): 1000 * it["seconds"] for d, it in by.items() if isinstance(it, Mapping) and "seconds" in it}
            if kept:
                yield Curve(f"{function}, ms", list(kept), list(kept.values()))

    @property
    def distinct(self) -> tuple[int, int] | None:
        """Different instances and draws, over all difficulties."""
        told = self.stored.get("distinct") or {}
        return (sum(told.values()), int(self.stored.get("instances", 0))) if told else None


def _kinds(told: Mapping[str, Any], *failing: str) -> list[Kind]:
    """By kind, the failing ones first; the sum of all is not a kind. ``failing`` are names of a failure's count."""
    rows = []
    for kind, of in told.items():
        if kind != "all":
            tried, failed = int(of["tried"]), _first(of, failing)
            bound = of["upper"] if "upper" in of else upper(Trials(tried, failed))
            rows.append(Kind(kind, tried, failed, float(bound)))
    return sorted(rows, key=lambda row: (-row.failed, -row.tried, row.name))


def _first(of: Mapping[str, Any], names: Sequence[str]) -> int:
    return next((int(of[name]) for name in names if name in of), 0)


def _sum(kinds: Sequence[Kind]) -> Kind | None:
    tried, failed = sum(kind.tried for kind in kinds), sum(kind.failed for kind in kinds)
    return Kind("all", tried, failed, upper(Trials(tried, failed))) if tried else None


def _differing(second: Mapping[str, Any]) -> str:
    counted = f"on {second.get('differed', 0)} of {second.get('instances', 0)} instances"
    corners = f", and on {n} corners that nobody drew" if (n := second.get("corners_differed", 0)) else ""
    return f"a second author answers otherwise {counted}{corners}"


def given(instance: Any) -> str:
    """An instance as ``name = value`` texts.

    >>> given({"xs": [1, 2], "k": "a"})
    'xs = [1, 2], k = "a"'
    """
    if not isinstance(instance, Mapping):
        return text(instance)
    return ", ".join(f"{name} = {text(value)}" for name, value in instance.items())


def text(value: Any) -> str:
    """A stored value as JSON, not too long."""
    return short(as_json(value), MOST_LETTERS)
