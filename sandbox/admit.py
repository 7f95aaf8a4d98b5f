"""A judge: runs the laws over a source, in order, until one is broken.

Thread-safe: many may ask at once. What it needs is a box to run programs in and a second one that differs in
its hash seed. Twins are for ``twins.py``, the pool for ``synth/pool.py``.
"""

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType

from sandbox import laws, twins
from sandbox.audit import second
from sandbox.jail import Sandbox
from sandbox.subject import Subject, opened
from synth.compose.composite import Composite
from synth.grow import Bench
from synth.pool import Pool
from synth.program import ContractError, Program, read
from synth.verdict import Certificate, Finding, Second, Verdict

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

    def compare(self, program: Program, source: str) -> Second:
        """What a second author's ``source`` makes of a program that keeps the laws."""
        with Subject(program, partial(opened, self.box), partial(opened, self.other)) as subject:
            return second.compare(subject, source, self.box)

    def bench(self) -> Bench:
        """This judge as the growing loop reaches it: asynchronous, as many programs at once as there are processors."""
        threads = ThreadPoolExecutor(os.cpu_count())
        alone = ThreadPoolExecutor(1)  # so that settling one does not wait until all that were asked are judged

        async def judge(source: str) -> Verdict:
            return await asyncio.get_running_loop().run_in_executor(threads, self.judge, source)

        async def twin(program: Program, pool: Pool) -> str:
            return await asyncio.get_running_loop().run_in_executor(alone, twins.twin, program, pool, self.box)

        async def compare(program: Program, source: str) -> Second:
            return await asyncio.get_running_loop().run_in_executor(threads, self.compare, program, source)

        return Bench(self.identity, judge, twin, compare)

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
