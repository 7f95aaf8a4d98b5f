"""The parent's side of the jail: ``Sandbox`` starts a zygote, ``Session`` has one program run in a worker of it.

    with Sandbox() as box, box.open(source) as program:
        program.call("solve", {"xs": [1, 2]})     # an Outcome, whatever the program does

Not where a process is started or read (``processes.py``). Many threads may share a ``Sandbox``; a ``Session`` belongs
to one.
"""

import json
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Self

from sandbox import frames
from sandbox.layers import LAYERS
from sandbox.outcome import COSTLY, Call, Ending, Limits, Manifest, Outcome, SandboxError
from sandbox.processes import Failed, Lost, WorkerProcess, ZygoteProcess

REQUIRED = frozenset({"policy", "nnp", "seccomp", "rlimits"})
FILE_BARRIERS = frozenset({"landlock", "emptyroot"})
"""Beside seccomp, one of these keeps the host's files out of reach; or an outer sandbox does."""

OUTER = frozenset({"gvisor", "kata", "vm"})
FAILURES_MOST = 2
"""A session's own worker and the spare may both have been killed from outside; the third is started for it alone."""

REQUEST_BYTES = 4 << 20
"""Longer batches are sent in several requests."""


class Sandbox:
    """A zygote with its layers, from which sessions are opened; usable from many threads at once.

    ``hash_seed`` is the program's PYTHONHASHSEED. ``without`` leaves out layers by name, for tests; a required one
    must be named in ``allow_missing`` too, which is also how to run where the kernel lacks one. ``outer`` names the
    sandbox around this process, if there is one. ``preload`` makes it a sandbox for foreign code alone: modules, or
    ``MODULE:FUNCTION`` to be called, that are imported before the layers go on (``foreign/preload.py``); all are on but
    the policy, which cannot hold them. Raises ``SandboxError`` when a required layer does not come up.
    """

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008 - frozen, so it may be shared
        hash_seed: int = 0,
        without: Collection[str] = (),
        allow_missing: Collection[str] = (),
        outer: str | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        if unknown := {*without, *allow_missing} - {*LAYERS}:
            raise ValueError(f"{', '.join(sorted(unknown))}: no such layer; there are {', '.join(LAYERS)}")
        if outer is not None and outer not in OUTER:
            raise ValueError(f"outer={outer!r} is not known; it is one of {', '.join(sorted(OUTER))}")
        self.limits = limits
        self.allow_missing = frozenset(allow_missing) | ({"policy"} if preload else frozenset())
        self.outer = outer
        self._options = asdict(limits) | {"without": sorted(without), "preload": [*preload]}
        self._hash_seed = hash_seed
        self._lock = threading.Lock()
        self._sessions: set[Session] = set()
        self._closed = False
        self._spare: WorkerProcess | None = None
        self._zygote = ZygoteProcess(self._options, hash_seed)
        try:
            report = self._zygote.report
            self.manifest = Manifest(tuple(report["active"]), report["missing"], report["landlock_abi"], outer)
            self._check(self.manifest.active)
        except BaseException:
            self.close()
            raise

    def _check(self, active: Collection[str]) -> None:
        lacking = sorted(REQUIRED - {*active} - self.allow_missing)
        barred = FILE_BARRIERS & {*active} or FILE_BARRIERS & self.allow_missing or self.outer
        lacking += [] if barred else sorted(FILE_BARRIERS)
        if lacking:
            why = "; ".join(f"{name}: {self.manifest.missing.get(name)}" for name in lacking)
            names = ", ".join(repr(name) for name in lacking)
            raise SandboxError(
                f"this sandbox would lack what keeps a program in ({why}). Run it where the kernel has it "
                "(`brickyard doctor` shows what works here)"
                + (", or name the sandbox around it with outer=" if {*lacking} <= FILE_BARRIERS else "")
                + f", or, for programs that you trust, allow_missing={{{names}}}"
            )

    def open(self, source: str, shapes: Mapping[str, str] | None = None) -> "Session":
        """A session with ``source`` loaded, however that went: see ``Session.loaded``.

        ``shapes`` gives arguments by name the Python shape of a type: ``{"p": "tuple[int, int]"}``.
        """
        return self._session({"source": source, "shapes": dict(shapes or {})})

    def compose(self, term: str, sources: Mapping[str, str]) -> "Session":
        """A session of the composite ``term`` of the named ``sources``; of the search, when it is empty.

        Its functions are those of ``parts.py``; a part that fails is named at the end of an outcome's error.
        """
        return self._session({"term": term, "parts": dict(sources)})

    def _session(self, loading: Mapping[str, Any]) -> "Session":
        session = Session(self, loading)
        with self._lock:
            self._sessions.add(session)
        return session

    def close(self) -> None:
        """End every session and process of this sandbox; again is harmless."""
        with self._lock:
            self._closed = True
            sessions, self._sessions = self._sessions, set()
            spare, self._spare = self._spare, None
        self._zygote.close()
        for session in sessions:
            session.close()
        if spare:
            spare.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _worker(self) -> "WorkerProcess":
        """One that was started when the last was taken, so that it has its layers on by now."""
        with self._lock:
            zygote = self._living_zygote()
            worker, self._spare = self._spare, zygote.start_worker()
            if worker and worker.zygote is zygote and not worker.ended:
                return worker
            if worker:
                worker.end()
            return zygote.start_worker()

    def _living_zygote(self) -> "ZygoteProcess":
        if self._closed:
            raise SandboxError("the sandbox is closed; open another")
        if self._zygote.dead:
            self._zygote.close()
            self._zygote = ZygoteProcess(self._options, self._hash_seed)
            if missing := {*self.manifest.active} - {*self._zygote.report["active"]}:
                raise SandboxError(f"a new zygote lacks what the first had: {', '.join(sorted(missing))}")
        return self._zygote


class Session:
    """One program in a worker of its own; for one thread at a time. Made by ``Sandbox.open``."""

    def __init__(self, box: Sandbox, loading: Mapping[str, Any]) -> None:
        self._box = box
        self._lock = threading.Lock()  # so that a sandbox can be closed while a session is at work
        self._worker: WorkerProcess | None = None
        self._used = False  # a worker that answered before may have died of an earlier call
        self._closed = False
        self.loaded = self._opened(loading)
        """How the policy's check and running the module's body went."""

    def call(self, function: str, arguments: Mapping[str, Any], seed: int | None = None) -> Outcome:
        """Call a function of the program by keyword; see ``map``."""
        return self.map([Call(function, arguments, seed)])[0]

    def map(
        self,
        calls: Iterable[Call],
        watch: bool = False,
        count: bool = False,
        give_up: bool = False,
        memory: bool = False,
    ) -> list[Outcome]:
        """The outcomes of ``calls``, in order; of a program that did not load, ``loaded`` for each.

        One request and one reply, unless a call takes the worker with it: then the rest go one by one, in a new worker,
        or, with ``give_up``, end as that one did, so that a batch costs one deadline.
        ``watch`` looks for changed arguments, ``count`` counts lines, ``memory`` measures the most that a call held.
        The last two slow a call down, and with ``memory`` one near its limit may die. Raises ``ValueError`` for
        arguments that are not JSON, ``SandboxError`` when the sandbox fails.
        """
        rows = [[call.function, dict(call.arguments), call.seed] for call in calls]
        if self.loaded.ending is not Ending.RETURNED:
            return [self.loaded] * len(rows)
        options = f'"watch":{json.dumps(watch)},"count":{json.dumps(count)},"memory":{json.dumps(memory)}'
        with self._lock:
            return self._mapped(rows, options, give_up)

    def close(self) -> None:
        """End the worker; again is harmless."""
        with self._lock:
            self._closed = True
            self._drop()
        self._box._sessions.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self, loading: Mapping[str, Any]) -> Outcome:
        try:
            self._source = frames.encode(loading)[1:-1]
        except frames.NotJSON as error:
            return Outcome(Ending.REFUSED, error=f"the source is {error}")
        if len(self._source) > REQUEST_BYTES:
            return Outcome(Ending.REFUSED, error=f"the source has {len(self._source)} characters")
        for failed in range(FAILURES_MOST + 1):
            try:
                return self._start()
            except Failed as failure:
                _bear(failure, failed)
        raise AssertionError("the last failure is not borne")

    def _mapped(self, rows: list[Any], options: str, give_up: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        most, failed = len(rows), 0
        while left := rows[len(outcomes) :]:
            text, size = _request(left[:most])
            try:
                outcomes += self._run(f'"batch":{{"calls":{text},{options}}}', size)
                failed = 0
                if give_up and outcomes[-1].ending in COSTLY:
                    return outcomes + outcomes[-1:] * (len(rows) - len(outcomes))
            except Lost as lost:
                self._drop()
                if give_up:
                    return outcomes + [lost.outcome] * len(left)
                most = 1
                certain = size == 1 and not (self._used and lost.outcome.ending is Ending.DIED)
                outcomes += [lost.outcome] if certain else []
            except Failed as failure:
                self._drop()
                _bear(failure, failed)
                failed += 1
            except BaseException:  # an interrupt: the reply on its way is nobody's
                self._drop()
                raise
        return outcomes

    def _run(self, batch: str, size: int) -> list[Outcome]:
        """The outcomes of the first calls of a batch, at least one."""
        if self._worker is None:
            loaded = self._start()
            if loaded.ending is not Ending.RETURNED:
                return [loaded] * size
        outcomes = self._exchange(batch, size)
        self._used = True
        return outcomes

    def _start(self) -> Outcome:
        """Load the program in a new worker."""
        if self._closed:
            raise SandboxError("the session is closed; open another")
        self._worker, self._used = self._box._worker(), False
        loaded = None
        try:
            (loaded,) = self._exchange(self._source, 1)
        except Lost as lost:
            return lost.outcome
        finally:
            if loaded is None or loaded.ending is not Ending.RETURNED:
                self._drop()
        return loaded

    def _exchange(self, body: str, most: int) -> list[Outcome]:
        assert self._worker is not None
        reply = self._worker.ask(body, self._box.limits)
        try:
            rows, worn = reply["outcomes"], reply["worn"]
            outcomes = [_outcome(row) for row in rows]
        except (KeyError, TypeError, ValueError):
            raise Lost(Ending.GARBLED, "its worker wrote what is not a reply") from None
        if not 1 <= len(outcomes) <= most:
            raise Lost(Ending.GARBLED, "its worker wrote another number of outcomes than it was asked for")
        if worn:
            self._drop()
        return outcomes

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.end()


def _bear(failure: Failed, before: int) -> None:
    """Let it be tried again. Raises ``SandboxError`` when as many failures as may be came before this one."""
    if before == FAILURES_MOST:
        raise SandboxError(f"{failure}, {before + 1} times in a row") from None


def _request(rows: list[Any]) -> tuple[str, int]:
    """As many of the calls as one request holds, and how many that is."""
    try:
        text = frames.encode(rows, depth=-3)  # so that whatever a program may return, it may also be given
    except frames.NotJSON as error:
        raise ValueError(f"the arguments of a call hold {error}") from None
    if len(text) <= REQUEST_BYTES:
        return text, len(rows)
    if len(rows) == 1:
        raise ValueError(f"the arguments of {rows[0][0]} are {len(text)} characters of JSON; {REQUEST_BYTES} at most")
    return _request(rows[: len(rows) // 2])


_TOLD = {ending.value: ending for ending in Ending if ending is not Ending.DIED}


def _outcome(row: Any) -> Outcome:
    """A row of a reply, which a program that took over its worker may have written: raises for anything odd."""
    ending, value, error, line, changed, steps, seconds, *more = row
    frames.check(value)
    odd = type(error) is not str or len(error) > 600 or not error.isprintable()
    if odd or not {type(line), type(steps)} <= {int, type(None)}:
        raise ValueError(row)
    if type(changed) is not list or not {*map(type, changed)} <= {str} or type(seconds) is not float:
        raise ValueError(row)
    if more and not (len(more) == 1 and type(more[0]) is int and more[0] >= 0):
        raise ValueError(row)
    return Outcome(_TOLD[ending], value, error, line, tuple(changed), steps, seconds, *more)
