"""A judge: runs the laws over a source, in order, until one is broken.

Thread-safe: many may ask at once. What it needs is a box to run programs in and a second one that differs in
its hash seed. Twins are for ``twins.py``, the pool for ``synth/pool.py``.
"""

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox import laws, twins
from sandbox.audit import second
from sandbox.audit.deep import deep
from sandbox.audit.second import Author
from sandbox.jail import Sandbox
from sandbox.subject import Subject, opened
from synth.compose.composite import Composite
from synth.grow import Bench
from synth.pool import Pool
from synth.program import ContractError, Program, read
from synth.verdict import Certificate, Finding, Verdict

Deeper = Callable[[Subject], None]
"""Looks further at what keeps the laws."""


def readable(source: str) -> Program:
    """The module keeps the contract as far as its text shows."""
    return read(source)


class Judge:
    """Judges sources with the laws. ``identity`` changes whenever the same source could be judged otherwise."""

    def __init__(self, box: Sandbox, other: Sandbox) -> None:
        self.box, self.other = box, other

    @classmethod
    def with_sandboxes(cls, allow_missing: frozenset[str] = frozenset()) -> "Judge":
        """A judge with its own two sandboxes. Raises ``SandboxError`` when the machine cannot jail a program."""
        return cls(Sandbox(hash_seed=0, allow_missing=allow_missing), Sandbox(hash_seed=1, allow_missing=allow_missing))

    def __enter__(self) -> "Judge":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.box.close()
        self.other.close()

    @cached_property
    def identity(self) -> str:
        """A digest of the code that judges and of the layers it runs behind."""
        here = Path(__file__).parent
        texts = [path.read_bytes() for path in sorted([*here.glob("*.py"), *(here.parent / "synth").glob("*.py")])]
        layers = repr(sorted(self.box.manifest.active)).encode()
        return hashlib.sha256(b"".join([*texts, layers])).hexdigest()[:16]

    def judge(self, source: str, deeper: Deeper | None = None) -> Verdict:
        """The first law that ``source`` breaks, with evidence; or a certificate."""
        try:
            program = readable(source)
        except ContractError as error:
            return laws.verdict(readable, Finding(str(error), line=error.violations[0].line))
        return self.judge_program(program, deeper)

    def judge_program(self, program: Program | Composite, deeper: Deeper | None = None) -> Verdict:
        """The same of a program, or a composite, that was read already; ``deeper`` looks at what is admitted."""
        with Subject(program, partial(opened, self.box), partial(opened, self.other)) as subject:
            if broken := laws.broken(subject):
                return broken
            if deeper:
                deeper(subject)
            return Verdict(certificate=self._certificate(subject))

    def bench(self) -> Bench:
        """This judge as the growing loop reaches it: asynchronous, as many programs at once as there are processors."""
        threads = ThreadPoolExecutor(os.cpu_count())
        alone = ThreadPoolExecutor(1)  # so that settling one does not wait until all that were asked are judged

        async def judge(source: str) -> Verdict:
            return await asyncio.get_running_loop().run_in_executor(threads, self.judge, source)

        async def twin(program: Program, pool: Pool) -> str:
            return await asyncio.get_running_loop().run_in_executor(alone, twins.twin, program, pool, self.box)

        return Bench(self.identity, judge, twin)

    def _certificate(self, subject: Subject) -> Certificate:
        texts = {(trial.difficulty, text) for trial, text in zip(subject.trials, subject.posed, strict=True)}
        return Certificate(
            instances=len(subject.trials),
            false_accepts=subject.false_accepts,
            chance=round(laws.best_constant(subject)[1], 4),
            distinct=dict(sorted(Counter(difficulty for difficulty, _ in texts).items())),
            curve=subject.curve,
            sandbox=self.box.manifest.asdict(),
        )


def judge_all(
    judge: Judge, what: Sequence[Path | Composite], jobs: int | None, author: Author | None = None, deeply: bool = False
) -> Iterator[dict[str, Any]]:
    """Judge each file, each ``*.py`` under a folder, each composite; rows as ``brickyard audit --json``, in order.

    With a second ``author``, each admitted function is compared with that one's solution; ``deeply`` adds the figures
    of the deeper audit.
    """
    subjects: list[Path | Composite] = []
    for one in what:
        subjects += sorted(one.rglob("*.py")) if isinstance(one, Path) and one.is_dir() else [one]

    def row(subject: Path | Composite) -> dict[str, Any]:
        more: dict[str, Any] = {}

        def look(of: Subject) -> None:
            if author and isinstance(subject, Path):
                more["second"] = second.opinion(of, subject.stem, author, judge.box).asdict()
            if deeply:
                more["deep"] = deep(of, judge.box)

        if isinstance(subject, Composite):
            verdict = judge.judge_program(subject, look)
            return {"path": subject.title, "name": subject.title, **verdict.asdict(), **more}
        verdict = _judged(judge, subject, look)
        return {"path": str(subject), "name": subject.stem, **verdict.asdict(), **more}

    with ThreadPoolExecutor(jobs or os.cpu_count()) as threads:
        yield from threads.map(row, subjects)


def _judged(judge: Judge, file: Path, deeper: Deeper | None) -> Verdict:
    try:
        return judge.judge(file.read_bytes().decode(), deeper)
    except UnicodeDecodeError as error:
        return laws.verdict(readable, Finding(f"the file is not UTF-8 text (byte {error.start})"))
    except OSError as error:
        return laws.verdict(readable, Finding(f"the file cannot be read ({error.strerror})"))
