"""The audit as a command runs it: each environment judged by the laws, then looked at further; a row for each.

A row is JSON (``certificate.schema.json`` says what each figure means). An environment is admitted if it keeps the laws
and nothing that was looked at speaks against it. Not here: what each look measures.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import laws
from sandbox.admit import Judge, readable
from sandbox.audit import effort, second, solver
from sandbox.audit.asking import Line
from sandbox.audit.attack import TRIALS
from sandbox.audit.deep import deep
from sandbox.audit.reader import Reader
from sandbox.audit.second import Author
from sandbox.subject import Subject
from synth.arbiter import SECOND
from synth.compose.composite import Composite
from synth.program import Program
from synth.verdict import Finding, Opinion, Verdict

SCHEMA = Path(__file__).parent / "certificate.schema.json"
"""Of a row, as JSON Schema."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Looks:
    """What is looked at, beyond the laws, in an environment that keeps them; nothing unless it is named."""

    deep: bool = False
    trials: int = TRIALS
    """Wrong answers that the deeper audit's attack tries, about."""
    author: Author | None = None
    """Who gives second opinions."""
    reader: Reader | None = None
    solver: Line | None = None
    """The model whose solve rate is measured."""


@dataclass(frozen=True)
class Named:
    """Something to audit: a file or a composite, with the name that second authors know it by."""

    name: str
    path: str
    what: Path | Composite


def named(what: Sequence[Path | Composite]) -> list[Named]:
    """Each file, each ``*.py`` under a folder, each composite."""
    found: list[Named] = []
    for one in what:
        if isinstance(one, Composite):
            found.append(Named(one.title, one.title, one))
        else:
            files = sorted(one.rglob("*.py")) if one.is_dir() else [one]
            found += [Named(file.stem, str(file), file) for file in files]
    return found


def rows(judge: Judge, what: Sequence[Named], looks: Looks, jobs: int | None = None) -> Iterator[Row]:
    """A row for each, in order; ``jobs`` at once, as many as there are processors when not given.

    Raises ``SandboxError``, and ``CompleterError`` when a model can be asked nothing more. Closed early, it begins no
    further one.
    """
    threads = ThreadPoolExecutor(jobs or os.cpu_count())
    try:
        yield from threads.map(lambda one: row(judge, one, looks), what)
    finally:
        threads.shutdown(cancel_futures=True)


def row(judge: Judge, one: Named, looks: Looks) -> Row:
    """What the audit of one environment comes to."""
    more: Row = {}
    verdict = _judged(judge, one.what, lambda subject: more.update(_looked(judge, one.name, subject, looks)))
    told = {"path": one.path, "name": one.name, **verdict.asdict(), **more}
    return {**told, **(_against(more) if verdict.admitted else {})}


def against(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """What speaks against an environment, as a law (or what was looked at) and the evidence; None where nothing does.

    >>> against({"admitted": False, "law": "pure", "evidence": "solve changed xs"})
    ('pure', 'solve changed xs')
    """
    return None if row["admitted"] else (row["law"], row["evidence"])


def _against(more: Row) -> Row:
    """What a second author or the deeper audit holds against an environment that keeps the laws, in place of a law."""
    told = more.get("second", {})
    if told.get("opinion") in (Opinion.DIFFERS, Opinion.UNCLEAR):
        return {"admitted": False, "law": SECOND, "evidence": told["evidence"]}
    for finding in more.get("deep", {}).get("findings", []):
        return {"admitted": False, **finding}
    return {}


def _looked(judge: Judge, name: str, subject: Subject, looks: Looks) -> Row:
    """All that is looked at in an environment that keeps the laws, by the keys of its row."""
    told: Row = {}
    program = subject.program
    source = ""
    if looks.author and isinstance(program, Program):
        source, why = looks.author(name, program)
        opinion = second.opinion(subject, source, why, judge.box)
        told["second"] = {**opinion.asdict(), "evidence": opinion.evidence}
    if looks.deep:
        with ExitStack() as stack:
            check = stack.enter_context(second.checker(source, subject, judge.box)) if source else None
            told["deep"] = deep(subject, judge.box, looks.trials, check)
        told["effort"] = effort.as_json(effort.measured(subject))
    if looks.reader and isinstance(program, Program):
        reading = looks.reader(name, program)
        told["reader"] = {**reading.asdict(), "notes": reading.notes}
    if looks.solver:
        told["solver"] = solver.curve(subject, name, looks.solver).asdict()
    return told


def _judged(judge: Judge, what: Path | Composite, deeper: Any) -> Verdict:
    if isinstance(what, Composite):
        return judge.judge_program(what, deeper)
    try:
        return judge.judge(what.read_bytes().decode(), deeper)
    except UnicodeDecodeError as error:
        return laws.verdict(readable, Finding(f"the file is not UTF-8 text (byte {error.start})"))
    except OSError as error:
        return laws.verdict(readable, Finding(f"the file cannot be read ({error.strerror})"))


def identity(judge: Judge) -> str:
    """Changes whenever the same environment could be audited otherwise."""
    texts = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(b"".join([judge.identity.encode(), *texts])).hexdigest()[:16]


@dataclass
class Tally:
    """What an audit has seen so far; the face draws it while it changes."""

    total: int = 0
    audited: int = 0
    kept: int = 0
    """Rows of an earlier audit that asked the same of the same source; not audited again."""
    fallen: Counter[str] = field(default_factory=Counter)
    """By what speaks against it: a law, a second author, a finding of the deeper audit."""
    second: Counter[str] = field(default_factory=Counter)
    """Opinions of second authors."""
    noted: int = 0
    """Environments with notes for a reader."""
    quarantined: list[str] = field(default_factory=list)

    def count(self, row: Mapping[str, Any]) -> None:
        self.audited += 1
        if found := against(row):
            self.fallen[found[0]] += 1
        if told := row.get("second"):
            self.second[told["opinion"]] += 1
        self.noted += bool(notes(row))

    def asdict(self) -> Row:
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}


def notes(row: Mapping[str, Any]) -> list[str]:
    """What a person should look at, of all that was looked at."""
    read = row.get("reader") or {}
    return [*(row.get("deep") or {}).get("notes", []), *read.get("notes", [])]
