"""A worker's job: load one program, call its functions, and answer each frame with a frame of outcomes.

Runs in a fork of the zygote (``zygote.py``), with its layers on. Nothing here trusts the program, and ``jail.py``
trusts nothing from here: it reads strict JSON.
"""

import json
import os
import re
import signal
import sys
import time
from _tracemalloc import get_traced_memory
from _tracemalloc import start as start_tracing
from _tracemalloc import stop as stop_tracing
from collections.abc import Callable, Mapping
from random import Random
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any, NoReturn, TextIO, cast

from sandbox import frames, guards, parts, policy
from synth.types import Type, parse

CHANNEL = 3
"""The worker's only connection."""

SLICE_BYTES = 2 << 20
"""A batch is answered early beyond this, and the rest of it asked for again; also beyond ``call_seconds``."""

ERROR_CHARACTERS = 500

_REFIRE_SECONDS = 0.05
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")


def processor_seconds(call_seconds: float) -> int:
    """What a worker may use in its whole life; from half of it on it asks to be replaced."""
    return max(60, int(30 * call_seconds))


class _TimeIsUp(BaseException):
    """Raised in the program when its call has used its processor time."""


class _Sink:
    """Where ``print`` goes: nowhere, and no further than ``most`` characters a call."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.printed = 0

    def write(self, text: str) -> int:
        self.printed += str.__len__(text)
        if self.printed > self.most:
            raise guards.PolicyError(f"printed more than {self.most} characters in one call; print nothing")
        return str.__len__(text)

    def flush(self) -> None:
        """There is nothing to flush."""


class Worker:
    """One program, its limits and its clock."""

    def __init__(self, options: Mapping[str, Any], restricted: bool) -> None:
        self.call_seconds: float = options["call_seconds"]
        self.memory_bytes: int = options["memory_bytes"]
        self.result_bytes: int = options["result_bytes"]
        self.restricted = restricted
        self.make_rng: Callable[[int], Random] = guards.Random if restricted else Random
        self.sink = _Sink(options["printed_bytes"])
        self.worn_seconds = processor_seconds(self.call_seconds) / 2
        self.program: dict[str, Any] = {}
        self.shapes: dict[str, Type] = {}
        self.expired = self.worn = False
        self.steps = 0
        self.bytes: int | None = None
        self.running = ""
        """The part of a composite that is at work, as words for the end of an error."""
        sys.stdout = sys.stderr = cast(TextIO, self.sink)
        sys.unraisablehook = lambda _: None
        sys.setrecursionlimit(options["recursion"] + 60)  # frames of this file, and of the algebra, below it
        signal.signal(signal.SIGPROF, self._time_is_up)

    def serve(self) -> NoReturn:
        while True:
            request = frames.decode(frames.receive(lambda count: os.read(CHANNEL, count)))
            if "source" in request:
                self.shapes = {name: parse(text) for name, text in request["shapes"].items()}
                rows = [self._timed(self._load, request["source"])]
            elif "parts" in request:
                self.shapes = {}
                rows = [self._timed(self._load_parts, request["term"], request["parts"])]
            else:
                rows = self._batch(**request["batch"])
            self._clocks(self.call_seconds)  # not off: a finalizer of the program's may run between calls
            worn = self.worn or time.thread_time() > self.worn_seconds
            head = f'{{"nonce":{json.dumps(request["nonce"])},"worn":{json.dumps(worn)},"outcomes":['
            raw = memoryview(frames.frame(head + ",".join(rows) + "]}"))
            while raw:
                raw = raw[os.write(CHANNEL, raw) :]

    def _batch(self, calls: list[Any], watch: bool, count: bool, memory: bool) -> list[str]:
        rows, size, begun = [], 0, time.monotonic()
        for function, arguments, seed in calls:
            rows.append(self._timed(self._call, function, arguments, seed, watch, count, memory))
            size += len(rows[-1])
            if self.worn or size > SLICE_BYTES or time.monotonic() - begun > self.call_seconds:
                break
        return rows

    # A call is ended thrice over: at its limit ITIMER_PROF raises in the program, and again at short intervals should
    # the program swallow it; if that cannot get through (a long run in C), ITIMER_VIRTUAL kills; then the parent does.
    def _clocks(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds, _REFIRE_SECONDS if seconds else 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds and seconds * 1.5 + 0.1)

    def _time_is_up(self, _: int, frame: FrameType | None) -> None:
        self.expired = True
        while frame:  # raise only in or below the program: this file's own frames are never torn up
            if frame.f_code.co_filename == policy.FILENAME:
                raise _TimeIsUp
            frame = frame.f_back

    def _timed(self, run: Callable[..., str], *arguments: Any) -> str:
        """One row of the reply: what ``run`` came to, as JSON, with its processor time, and its memory if measured."""
        self.expired, self.steps, self.bytes, self.sink.printed, self.running = False, 0, None, 0, ""
        begun = time.thread_time()  # the process's own clock stands still between ticks while a timer runs
        self._clocks(self.call_seconds)
        row = run(*arguments)
        if self.expired:
            self.worn = True  # it may have been torn out of the middle of anything
            row = _row("timed out", error=f"used more than {self.call_seconds:g} s of processor time{self.running}")
        spent = f"{time.thread_time() - begun:.6f}"
        return f"[{row},{spent}]" if self.bytes is None else f"[{row},{spent},{self.bytes}]"

    def _load(self, source: str) -> str:
        _, failed = self._guarded(lambda: exec(self._compiled(source), self.program), {})
        return failed or _row("returned")

    def _load_parts(self, term: str, sources: Mapping[str, str]) -> str:
        functions, failed = self._guarded(lambda: parts.functions(term, sources, self._part), {})
        self.program = functions or {}
        return failed or _row("returned")

    def _part(self, name: str, source: str) -> Callable[[str, Mapping[str, Any]], Any]:
        """Load one part of several; what is given calls its functions, and notes whose they are while it does."""
        exec(self._compiled(source), self.program)
        functions = self.program

        def run(function: str, arguments: Mapping[str, Any]) -> Any:
            self.running = f" in {name}"
            value = functions[function](**arguments)
            self.running = ""
            return value

        return run

    def _compiled(self, source: str) -> CodeType:
        if not self.restricted:
            module = sys.modules[guards.MODULE] = ModuleType(guards.MODULE)
            self.program = module.__dict__
            return compile(source, policy.FILENAME, "exec", dont_inherit=True)
        self.program = guards.namespace()
        return policy.compile_program(source)

    def _call(
        self, name: str, arguments: dict[str, Any], seed: int | None, watch: bool, count: bool, memory: bool
    ) -> str:
        try:
            for field in self.shapes and self.shapes.keys() & arguments.keys():
                arguments[field] = self.shapes[field].shaped(arguments[field])
        except (TypeError, ValueError, AttributeError):
            given = f"{field} takes {self.shapes[field]}, but is given {arguments[field]!r}"
            return _row("raised", error=f"TypeError: {given}")
        function = self.program.get(name)
        if not callable(function):
            what = "there is none" if function is None else f"it is of type {type(function).__name__}"
            return _row("raised", error=f"NameError: the program has no function {name!r}; {what}")
        passed = arguments if seed is None else {**arguments, "rng": self.make_rng(seed)}
        before = _texts(arguments) if watch else {}
        value, failed = self._measured(function, passed, count, memory)
        row = failed or self._returned(name, value)
        if not (watch or count):
            return row
        after = _texts(arguments) if watch else {}
        changed = [field for field in before if before[field] != after[field]]
        return _noted(row, changed, self.steps if count else None)

    def _measured(
        self, function: Callable[..., Any], arguments: dict[str, Any], count: bool, memory: bool
    ) -> tuple[Any, str]:
        """As ``_guarded``, with lines counted and memory measured; neither is for a call whose time is told."""
        if memory:
            start_tracing()
        if count:
            sys.settrace(self._trace)
        value, failed = self._guarded(function, arguments)
        if count:
            sys.settrace(None)
        if memory:
            self.bytes = get_traced_memory()[1]
            stop_tracing()
        return value, failed

    def _guarded(self, run: Callable[..., Any], arguments: dict[str, Any]) -> tuple[Any, str]:
        """What ``run`` returned, and the row that says how it failed, if it did."""
        try:
            return run(**arguments), ""
        except BaseException as error:  # noqa: BLE001 - whatever a program raises is data
            return None, self._failure(error)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != policy.FILENAME:
            return None
        self.steps += event == "line"
        return self._trace

    def _failure(self, error: BaseException) -> str:
        line = _line(error.__traceback__)
        if isinstance(error, MemoryError):
            self.worn = True
            return _row("out of memory", error=f"used more than {self.memory_bytes >> 20} MiB of memory", line=line)
        if type(error) is guards.PolicyError and type(error.line) in (int, type(None)):
            at = f"line {line}: " if line and not error.line else ""
            return _row("refused", error=at + _message(error), line=error.line or line)
        if isinstance(error, SyntaxError) and line is None:
            return _row("raised", error=f"{type(error).__name__}: {error.msg}", line=error.lineno)
        message = _message(error)
        return _row("raised", error=f"{type(error).__name__}{': ' if message else ''}{message}", line=line)

    def _returned(self, name: str, value: Any) -> str:
        try:
            text = frames.encode(value)
        except frames.NotJSON as error:
            return _row("garbled", error=f"{name} returned {error}")
        except MemoryError:
            self.worn = True
            return _row("out of memory", error=f"used more than {self.memory_bytes >> 20} MiB of memory")
        if (size := len(text.encode())) > self.result_bytes:
            return _row("garbled", error=f"{name} returned {size} bytes of JSON; at most {self.result_bytes} are read")
        return f'"returned",{text},"",null,[],null'


def _row(ending: str, *, error: str = "", line: int | None = None) -> str:
    words = _ADDRESS.sub("0x..", " ".join(error[: 4 * ERROR_CHARACTERS].split()))[:ERROR_CHARACTERS]
    if not words.isprintable():  # nothing that steers a terminal, no lone surrogate
        words = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in words)[:ERROR_CHARACTERS]
    return f'"{ending}",null,{json.dumps(words, ensure_ascii=False)},{json.dumps(line)},[],null'


def _noted(row: str, changed: list[str], steps: int | None) -> str:
    return f"{row.removesuffix('[],null')}{json.dumps(changed)},{json.dumps(steps)}"


def _message(error: BaseException) -> str:
    try:
        return str.__str__(str(error))
    except BaseException:  # noqa: BLE001 - the program's own `__str__`, or an int too long to write
        return ""


def _line(traceback: TracebackType | None) -> int | None:
    """The line of the innermost frame that is the program's own."""
    line = None
    while traceback:
        if traceback.tb_frame.f_code.co_filename == policy.FILENAME:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _texts(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Each argument as text; what is no longer JSON has been changed into something else."""
    texts = {}
    for name, value in arguments.items():
        try:
            texts[name] = frames.encode(value)
        except frames.NotJSON:
            texts[name] = "no JSON"
    return texts
