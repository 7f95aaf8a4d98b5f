"""The parent's side of the jail: ``Sandbox`` starts a zygote, ``Session`` has one program run in a worker of it.

    with Sandbox() as box, box.open(source) as program:
        program.call("solve", {"xs": [1, 2]})     # an Outcome, whatever the program does

What a program does is an ``Outcome``; what the sandbox fails to do is a ``SandboxError``; neither is ever the other.
A worker is believed about nothing but its own calls, and only in strict JSON: this side never unpickles, never runs a
line of a program, and uses no signals, so that many threads may share a ``Sandbox`` (a ``Session`` belongs to one).
"""

import contextlib
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from sandbox import frames
from sandbox.layers import LAYERS
from synth import contract

REQUIRED = frozenset({"policy", "nnp", "seccomp", "rlimits"})
FILE_BARRIERS = frozenset({"landlock", "emptyroot"})
"""Beside seccomp, one of these keeps the host's files out of reach; or an outer sandbox does."""

OUTER = frozenset({"gvisor", "kata", "vm"})
REQUEST_BYTES = 4 << 20
"""Longer batches are sent in several requests."""

START_SECONDS = 60.0


class SandboxError(Exception):
    """The sandbox failed, or may not run as it is. Never a verdict on a program."""


class Ending(StrEnum):
    """How a call ended."""

    RETURNED = "returned"
    """It returned a JSON value within its limits."""
    RAISED = "raised"
    """It raised an exception, or there is no such function."""
    TIMED_OUT = "timed out"
    """It used up its processor time, or did not come back."""
    OUT_OF_MEMORY = "out of memory"
    """It asked for more memory than it may have."""
    REFUSED = "refused"
    """The policy refused the program, or what it asked for while it ran."""
    GARBLED = "garbled"
    """It returned what JSON cannot write, or too much; or its worker wrote what is not a reply."""
    DIED = "died"
    """Its process ended: it did what a layer kills for, or crashed the interpreter."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call."""

    ending: Ending
    value: Any = None
    """A JSON value; None unless it returned."""
    error: str = ""
    """One line, the same for the same call: no times and no addresses."""
    line: int | None = None
    """The program's innermost line where it happened, if known."""
    changed: tuple[str, ...] = ()
    """Arguments that the call changed (only when watched)."""
    steps: int | None = None
    """Lines of the program that were run (only when counted): a cost that does not depend on the machine."""
    seconds: float = 0.0
    """Processor time of the call."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the program by name, and its arguments by keyword."""

    function: str
    arguments: Mapping[str, Any]
    seed: int | None = None
    """With a seed, the argument ``rng`` is ``Random(seed)``."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use."""

    call_seconds: float = contract.CALL_SECONDS
    """Processor time of one call, and of loading."""
    memory_bytes: int = contract.MEMORY_BYTES
    """Address space, the interpreter's own 40 MB or so included."""
    recursion: int = contract.RECURSION
    """Depth of the program's calls."""
    result_bytes: int = 1 << 20
    """One returned value, as JSON; 2 MiB at most, so that a reply fits a frame."""
    printed_bytes: int = 64 << 10
    """What one call may print; it goes nowhere."""

    def __post_init__(self) -> None:
        if not (self.call_seconds > 0 and 0 < self.result_bytes <= 2 << 20):
            raise ValueError(f"{self} has no time for a call, or a result_bytes that is not from 1 to {2 << 20}")

    @property
    def wall_seconds(self) -> float:
        """When a worker that does not answer is given up: generous, since a busy host is not the program's doing."""
        return 10 * self.call_seconds + 2


@dataclass(frozen=True)
class Manifest:
    """What a sandbox is made of; kept with every result that it gave."""

    active: tuple[str, ...]
    missing: Mapping[str, str]
    """Layer -> why it is not active."""
    landlock_abi: int
    outer: str | None
    kernel: str = field(default_factory=platform.release)
    python: str = field(default_factory=platform.python_version)
    restrictedpython: str = field(default_factory=lambda: importlib.metadata.version("RestrictedPython"))

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


class _Failed(Exception):  # noqa: N818 - not an error yet: it is tried once more
    """A zygote or worker failed in a way that is not the program's."""


class _Lost(Exception):  # noqa: N818 - an outcome
    """A worker is gone, or no longer to be trusted; the outcome is the one of the call that it was at."""

    def __init__(self, ending: Ending, error: str) -> None:
        self.outcome = Outcome(ending, error=error)


class Sandbox:
    """A zygote with its layers, from which sessions are opened; usable from many threads at once.

    ``hash_seed`` is the program's PYTHONHASHSEED. ``without`` leaves out layers by name, for tests; a required one
    must be named in ``allow_missing`` too, which is also how to run where the kernel lacks one. ``outer`` names the
    sandbox around this process, if there is one. Raises ``SandboxError`` when a required layer does not come up.
    """

    def __init__(
        self,
        limits: Limits = Limits(),
        hash_seed: int = 0,
        without: Collection[str] = (),
        allow_missing: Collection[str] = (),
        outer: str | None = None,
    ) -> None:
        if unknown := {*without, *allow_missing} - {*LAYERS}:
            raise ValueError(f"{', '.join(sorted(unknown))}: no such layer; there are {', '.join(LAYERS)}")
        if outer is not None and outer not in OUTER:
            raise ValueError(f"outer={outer!r} is not known; it is one of {', '.join(sorted(OUTER))}")
        self.limits = limits
        self.allow_missing = frozenset(allow_missing)
        self.outer = outer
        self._options = asdict(limits) | {"without": sorted(without)}
        self._hash_seed = hash_seed
        self._lock = threading.Lock()
        self._sessions: set[Session] = set()
        self._closed = False
        self._spare: _Worker | None = None
        self._zygote = _Zygote(self._options, hash_seed)
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

    def _worker(self) -> "_Worker":
        """One that was started when the last was taken, so that it has its layers on by now."""
        with self._lock:
            zygote = self._living_zygote()
            worker, self._spare = self._spare, zygote.start_worker()
            if worker and worker.zygote is zygote and not worker.ended:
                return worker
            if worker:
                worker.end()
            return zygote.start_worker()

    def _living_zygote(self) -> "_Zygote":
        if self._closed:
            raise SandboxError("the sandbox is closed; open another")
        if self._zygote.dead:
            self._zygote.close()
            self._zygote = _Zygote(self._options, self._hash_seed)
            if missing := {*self.manifest.active} - {*self._zygote.report["active"]}:
                raise SandboxError(f"a new zygote lacks what the first had: {', '.join(sorted(missing))}")
        return self._zygote


class Session:
    """One program in a worker of its own; for one thread at a time. Made by ``Sandbox.open``."""

    def __init__(self, box: Sandbox, loading: Mapping[str, Any]) -> None:
        self._box = box
        self._lock = threading.Lock()  # so that a sandbox can be closed while a session is at work
        self._worker: _Worker | None = None
        self._used = False  # a worker that answered before may have died of an earlier call
        self._closed = False
        self.loaded = self._opened(loading)
        """How the policy's check and running the module's body went."""

    def call(self, function: str, arguments: Mapping[str, Any], seed: int | None = None) -> Outcome:
        """Call a function of the program by keyword; see ``map``."""
        return self.map([Call(function, arguments, seed)])[0]

    def map(self, calls: Iterable[Call], watch: bool = False, count: bool = False) -> list[Outcome]:
        """The outcomes of ``calls``, in order; of a program that did not load, ``loaded`` for each.

        One request and one reply, unless a call takes the worker with it: then the rest go one by one, in a new worker.
        ``watch`` looks for changed arguments, ``count`` counts lines. Raises ``ValueError`` for arguments that are not
        JSON, ``SandboxError`` when the sandbox fails.
        """
        rows = [[call.function, dict(call.arguments), call.seed] for call in calls]
        if self.loaded.ending is not Ending.RETURNED:
            return [self.loaded] * len(rows)
        options = f'"watch":{json.dumps(watch)},"count":{json.dumps(count)}'
        with self._lock:
            return self._mapped(rows, options)

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
        try:
            return self._start()
        except _Failed:
            try:
                return self._start()
            except _Failed as failure:
                raise SandboxError(f"{failure}, twice in a row") from None

    def _mapped(self, rows: list[Any], options: str) -> list[Outcome]:
        outcomes: list[Outcome] = []
        most, failed = len(rows), False
        while left := rows[len(outcomes) :]:
            text, size = _request(left[:most])
            try:
                outcomes += self._run(f'"batch":{{"calls":{text},{options}}}', size)
                failed = False
            except _Lost as lost:
                self._drop()
                most = 1
                certain = size == 1 and not (self._used and lost.outcome.ending is Ending.DIED)
                outcomes += [lost.outcome] if certain else []
            except _Failed as failure:
                self._drop()
                if failed:
                    raise SandboxError(f"{failure}, twice in a row") from None
                failed = True
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
        except _Lost as lost:
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
            raise _Lost(Ending.GARBLED, "its worker wrote what is not a reply") from None
        if not 1 <= len(outcomes) <= most:
            raise _Lost(Ending.GARBLED, "its worker wrote another number of outcomes than it was asked for")
        if worn:
            self._drop()
        return outcomes

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.end()


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
    ending, value, error, line, changed, steps, seconds = row
    frames.check(value)
    odd = type(error) is not str or len(error) > 600 or not error.isprintable()
    if odd or not {type(line), type(steps)} <= {int, type(None)}:
        raise ValueError(row)
    if type(changed) is not list or not {*map(type, changed)} <= {str} or type(seconds) is not float:
        raise ValueError(row)
    return Outcome(_TOLD[ending], value, error, line, tuple(changed), steps, seconds)


class _Zygote:
    """The process that workers are forked from. Each worker has channels of its own, so no two threads share one."""

    def __init__(self, options: Mapping[str, Any], hash_seed: int) -> None:
        if sys.platform != "linux":
            raise SandboxError(f"the sandbox is made of Linux's layers; this is {sys.platform}: run it in a Linux VM")
        self.dead = False
        self._numbers = itertools.count()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-S", "-B", "-c", _BOOT, str(theirs.fileno()), _options(options)],
                env={"PYTHONHASHSEED": str(hash_seed), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,
            )
        self.report = self._hello()

    def _hello(self) -> Any:
        assert self._process.stderr
        with self._process.stderr:
            try:
                if hello := self._control.recv(1 << 16):
                    return json.loads(hello)
            except OSError:
                self._process.kill()
            words = self._process.stderr.read().decode(errors="replace").strip().splitlines() or ["no word"]
        self.close()
        raise SandboxError(f"the worker process did not start ({words[-1][:300]}); run `brickyard doctor`")

    def start_worker(self) -> "_Worker":
        try:
            channel, theirs = socket.socketpair()
            reader, writer = os.pipe()
        except OSError as error:
            raise SandboxError(f"cannot open a worker's channel: {error}; raise `ulimit -n`") from None
        number = next(self._numbers)
        try:
            socket.send_fds(self._control, [b"S%d" % number], [theirs.fileno(), writer])
        except OSError:  # it is gone, which the end of the worker's channels shows at once
            self.dead = True
        finally:
            theirs.close()
            os.close(writer)
        return _Worker(self, number, channel, reader)

    def kill(self, number: int) -> None:
        try:
            self._control.send(b"K%d" % number)
        except OSError:
            self.dead = True

    def close(self) -> None:
        """End it and with it every worker; again is harmless."""
        self.dead = True
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


# The package's own modules are imported without its `__init__`, which would load the parent's side into the jail.
_BOOT = """
import json, sys, types
options = json.loads(sys.argv[2])
sys.path += options["path"]
package = sys.modules["sandbox"] = types.ModuleType("sandbox")
package.__path__ = [options["package"]]
from sandbox.worker import zygote
zygote(int(sys.argv[1]), options)
"""


def _options(options: Mapping[str, Any]) -> str:
    package = Path(__file__).resolve().parent
    found = importlib.util.find_spec("RestrictedPython")
    if not found or not found.origin:
        raise SandboxError("RestrictedPython is not installed: pip install 'RestrictedPython>=9.0,<10'")
    path = [str(package.parent), str(Path(found.origin).resolve().parent.parent)]
    return json.dumps({**options, "path": path, "package": str(package)})


class _Worker:
    """This side of one worker: its channel, and the pipe on which the zygote tells how it ended."""

    def __init__(self, zygote: _Zygote, number: int, channel: socket.socket, status: int) -> None:
        self.zygote, self._number = zygote, number
        self._channel, self._status = channel, status
        self._ready = False
        self._deadline = 0.0

    @property
    def ended(self) -> bool:
        return self._told(0) is not None

    def ask(self, body: str, limits: Limits) -> Any:
        """The reply to one request. Raises ``_Lost`` or ``_Failed`` when there is none."""
        nonce = secrets.token_hex(8)
        self._deadline = time.monotonic() + limits.wall_seconds
        try:
            self._channel.settimeout(limits.wall_seconds)
            self._channel.sendall(frames.frame(f'{{"nonce":"{nonce}",{body}}}'))
            if not self._ready:
                self._ready = frames.exactly(self._read, len(frames.READY)) == frames.READY
            reply = frames.decode(frames.receive(self._read))
        except TimeoutError:
            raise _Lost(Ending.TIMED_OUT, "did not come back") from None
        except (EOFError, OSError):
            raise self._end_of(limits) from None
        except frames.NotJSON as error:
            raise _Lost(Ending.GARBLED, f"its worker wrote {error}") from None
        if type(reply) is not dict or reply.get("nonce") != nonce:
            raise _Lost(Ending.GARBLED, "its worker wrote what is not a reply to what it was asked")
        return reply

    def _read(self, count: int) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)
        return self._channel.recv(count)

    def _end_of(self, limits: Limits) -> Exception:
        """Why the channel closed: an outcome, or a failure."""
        told = self._told(2.0)
        if told is None:
            return _Lost(Ending.DIED, "its process closed its channel")
        if not told:
            self.zygote.dead = True
            return _Failed("the zygote died")
        kind, number = frames.STATUS.unpack(told)
        if kind == frames.FORK_FAILED:
            return SandboxError(
                f"cannot fork a worker: {os.strerror(number)}; free memory or processes on this machine"
            )
        if not self._ready:
            return _Failed(f"a worker {_ended(number)} while it took on its layers")
        if number in (-signal.SIGVTALRM, -signal.SIGXCPU, -signal.SIGPROF):
            return _Lost(Ending.TIMED_OUT, f"used more than {limits.call_seconds:g} s of processor time")
        if number == frames.OUT_OF_MEMORY:
            return _Lost(Ending.OUT_OF_MEMORY, f"used more than {limits.memory_bytes >> 20} MiB of memory")
        if number == -signal.SIGKILL and "seccomp" in self.zygote.report["active"]:
            return _Failed("a worker was killed from outside")  # it cannot do that to itself
        return _Lost(Ending.DIED, f"its process {_ended(number)}")

    def _told(self, seconds: float) -> bytes | None:
        """What the zygote says of the end: nothing yet, or no bytes if it is gone itself."""
        waiting = select.poll()
        waiting.register(self._status, select.POLLIN)
        return os.read(self._status, frames.STATUS.size) if waiting.poll(seconds * 1000) else None

    def end(self) -> None:
        """Kill it; it is gone in a moment."""
        self.zygote.kill(self._number)
        self._channel.close()
        os.close(self._status)


def _ended(status: int) -> str:
    return f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"
