"""The parent's handles of the jail's processes: a zygote, and each worker that it forked.

A worker is believed about nothing but its own calls, and only in strict JSON: this side never unpickles, never runs a
line of a program, and uses no signals. Which program a worker runs, and what follows when it is lost, is ``jail.py``'s.
"""

import contextlib
import importlib.util
import itertools
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox import frames
from sandbox.outcome import Ending, Limits, Outcome, SandboxError

START_SECONDS = 60.0


class Failed(Exception):  # noqa: N818 - not an error yet: it is tried once more
    """A zygote or worker failed in a way that is not the program's."""


class Lost(Exception):  # noqa: N818 - an outcome
    """A worker is gone, or no longer to be trusted; the outcome is the one of the call that it was at."""

    def __init__(self, ending: Ending, error: str) -> None:
        self.outcome = Outcome(ending, error=error)


class ZygoteProcess:
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
            command = [sys.executable, "-s", "-P", "-S", "-B", "-c", _BOOT, str(theirs.fileno()), _options(options)]
            try:
                self._process = subprocess.Popen(
                    command,
                    env={"PYTHONHASHSEED": str(hash_seed), "LC_ALL": "C.UTF-8"},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=[theirs.fileno()],
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                self._control.close()
                raise SandboxError(f"{sys.executable} cannot be started for the sandbox: {error.strerror}") from None
        self.report = self._hello()
        if failed := self.report.get("failed"):
            self.close()
            raise SandboxError(f"{', '.join(options['preload'])} cannot be imported for the sandbox ({failed})")

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

    def start_worker(self) -> "WorkerProcess":
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
        return WorkerProcess(self, number, channel, reader)

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
from sandbox.zygote import zygote
zygote(int(sys.argv[1]), options)
"""


def _options(options: Mapping[str, Any]) -> str:
    package = Path(__file__).resolve().parent
    found = importlib.util.find_spec("RestrictedPython")
    if not found or not found.origin:
        raise SandboxError("RestrictedPython is not installed: pip install 'RestrictedPython>=9.0,<10'")
    path = [str(package.parent), str(Path(found.origin).resolve().parent.parent)]
    path += [str(Path(folder).resolve()) for folder in sys.path if folder and options["preload"]]
    return json.dumps({**options, "path": path, "package": str(package)})


class WorkerProcess:
    """This side of one worker: its channel, and the pipe on which the zygote tells how it ended."""

    def __init__(self, zygote: ZygoteProcess, number: int, channel: socket.socket, status: int) -> None:
        self.zygote, self._number = zygote, number
        self._channel, self._status = channel, status
        self._ready = False
        self._deadline = 0.0

    @property
    def ended(self) -> bool:
        return self._told(0) is not None

    def ask(self, body: str, limits: Limits) -> Any:
        """The reply to one request. Raises ``Lost`` or ``Failed`` when there is none."""
        nonce = secrets.token_hex(8)
        self._deadline = time.monotonic() + limits.wall_seconds
        try:
            self._channel.settimeout(limits.wall_seconds)
            self._channel.sendall(frames.frame(f'{{"nonce":"{nonce}",{body}}}'))
            if not self._ready:
                self._ready = frames.exactly(self._read, len(frames.READY)) == frames.READY
            reply = frames.decode(frames.receive(self._read))
        except TimeoutError:
            raise Lost(Ending.TIMED_OUT, "did not come back") from None
        except (EOFError, OSError):
            raise self._end_of(limits) from None
        except frames.NotJSON as error:
            raise Lost(Ending.GARBLED, f"its worker wrote {error}") from None
        if type(reply) is not dict or reply.get("nonce") != nonce:
            raise Lost(Ending.GARBLED, "its worker wrote what is not a reply to what it was asked")
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
            return Lost(Ending.DIED, "its process closed its channel")
        if not told:
            self.zygote.dead = True
            return Failed("the zygote died")
        kind, number = frames.STATUS.unpack(told)
        if kind == frames.FORK_FAILED:
            return SandboxError(
                f"cannot fork a worker: {os.strerror(number)}; free memory or processes on this machine"
            )
        if not self._ready:
            return Failed(f"a worker {_ended(number)} while it took on its layers")
        if number in (-signal.SIGVTALRM, -signal.SIGXCPU, -signal.SIGPROF):
            return Lost(Ending.TIMED_OUT, f"used more than {limits.call_seconds:g} s of processor time")
        if number == frames.OUT_OF_MEMORY:
            return Lost(Ending.OUT_OF_MEMORY, f"used more than {limits.memory_bytes >> 20} MiB of memory")
        if number == -signal.SIGKILL and "seccomp" in self.zygote.report["active"]:
            return Failed("a worker was killed from outside")  # it cannot do that to itself
        return Lost(Ending.DIED, f"its process {_ended(number)}")

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
