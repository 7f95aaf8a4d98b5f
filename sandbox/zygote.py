"""The jailed side's first process: a zygote that takes on the layers and forks a worker for each session.

Started by ``processes.py`` as a new interpreter with an empty environment, never forked from the application, so there
is nothing in its memory to leak. It imports everything while it still can, takes on the layers, freezes what it has,
and forks. It never reads a source: a worker takes on the rest of the layers before it does (``worker.py``).
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from sandbox import frames, guards, layers, policy
from sandbox.foreign.preload import preload
from sandbox.worker import CHANNEL, Worker, processor_seconds


def zygote(control: int, options: Mapping[str, Any]) -> None:
    """Take on the layers, say which came up, then fork a worker for each request until the other side is gone."""
    channel = socket.socket(fileno=control)
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    try:
        if options["preload"]:
            preload(options["preload"])
    except Exception as error:  # noqa: BLE001 - foreign code; what it raises is told to the other side
        channel.send(json.dumps({"failed": f"{type(error).__name__}: {error}"[:300]}).encode())
        return
    _warm()
    setup = _Setup(options)
    setup.enter()
    channel.send(json.dumps(setup.report()).encode())
    gc.collect()
    gc.freeze()
    _serve(channel, setup)


def _warm() -> None:
    """Import, once and for all workers, also what the standard library imports only when first used."""
    for name in ("unicodedata", *(f"encodings.{codec}" for codec in ("idna", "utf_16", "utf_32", "cp1252"))):
        importlib.import_module(name)
    os.environ["TZ"] = "UTC"
    time.tzset()
    warnings.simplefilter("ignore")
    exec(policy.compile_program(_WARM), guards.namespace())
    sys.path.clear()
    sys.path_importer_cache.clear()


_WARM = """
import datetime, re
from dataclasses import dataclass

@dataclass
class C:
    x: int = 1

datetime.datetime.strptime("1", "%d")
re.compile("(a)").sub(r"\\1", "{}".format(C().x))
"""


class _Setup:
    """Which layers are on, and why the others are not."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.active: list[str] = []
        self.missing: dict[str, str] = {}
        self.highest = 0  # file descriptor that was ever open: a worker closes all up to it but its own

    def enter(self) -> None:
        """The order matters: what needs rights comes before what takes them away."""
        if self.options["preload"]:
            self.missing["policy"] = (
                f"cannot hold the foreign code that was preloaded: {', '.join(self.options['preload'])}"
            )
        else:
            self._add("policy", None)
        self._add("uid", layers.drop_uid)
        self._add("userns", layers.enter_user_namespace)
        self._add("ipcns", lambda: layers.unshare(layers.NEWIPC | layers.NEWUTS), "userns")
        self._add("netns", lambda: layers.unshare(layers.NEWNET), "userns")
        self._add("pidns", layers.enter_pid_namespace, "userns")
        self._add("emptyroot", layers.empty_root, "userns")
        self._add("caps", layers.drop_capabilities)
        self._add("nnp", layers.no_new_privs)
        layers.dumpable(False)
        for name, apply, needs in self.every_worker():
            self._add(name, apply, needs, now=False)

    def every_worker(self) -> list[tuple[str, Callable[[], object], str]]:
        """What each worker takes on by itself: the limits count for a process, and a zygote must fork."""
        return [
            ("landlock", layers.deny_all_paths, "nnp"),
            ("rlimits", self.rlimits, ""),
            ("seccomp", self.seccomp, "nnp"),
        ]

    def rlimits(self) -> None:
        layers.limit_resources(self.options["memory_bytes"], processor_seconds(self.options["call_seconds"]))

    def seccomp(self) -> None:
        layers.filter_system_calls(layers.seccomp_filter())

    def _add(self, name: str, apply: Callable[[], object] | None, needs: str = "", now: bool = True) -> None:
        """Try a layer in a throw-away fork, and take it on if not only in the workers."""
        if name in self.options["without"]:
            self.missing[name] = "left out by without="
        elif needs and needs not in self.active:
            self.missing[name] = f"needs {needs}"
        elif apply and (reason := layers.probe(apply)):
            self.missing[name] = reason
        else:
            if apply and now:
                apply()
            self.active.append(name)

    def enter_worker(self) -> None:
        for name, apply, _ in self.every_worker():
            if name in self.active:
                apply()

    def report(self) -> dict[str, Any]:
        return {
            "active": [name for name in layers.LAYERS if name in self.active],
            "missing": {name: self.missing[name] for name in layers.LAYERS if name in self.missing},
            "landlock_abi": layers.landlock_abi(),
        }


def _serve(channel: socket.socket, setup: _Setup) -> NoReturn:
    """Requests are ``S`` or ``K`` and a session's number: start its worker, or kill it."""
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    events = select.poll()
    events.register(channel, select.POLLIN)
    events.register(reader, select.POLLIN)
    setup.highest = max(channel.fileno(), reader, writer, os.dup(writer))
    workers: dict[int, tuple[int, int]] = {}  # session -> process, and the pipe that is told how it ends
    while True:
        for descriptor, _ in events.poll():
            if descriptor == reader:
                os.read(reader, 4096)
                _reap(workers)
                continue
            message, descriptors, _, _ = socket.recv_fds(channel, 64, 2)
            if not message:
                _end(workers)
            session = int(message[1:])
            setup.highest = max(setup.highest, *descriptors, 0)
            if message[:1] == b"S":
                _start(session, descriptors, workers, setup)
            elif session in workers:  # not reaped yet, so its number is nobody else's
                os.kill(workers[session][0], signal.SIGKILL)


def _start(session: int, descriptors: list[int], workers: dict[int, tuple[int, int]], setup: _Setup) -> None:
    channel, status = descriptors
    zygote = os.getpid()
    try:
        process = os.fork()
    except OSError as error:
        os.write(status, frames.STATUS.pack(frames.FORK_FAILED, error.errno or 0))
        os.close(status)
    else:
        if not process:
            _become_worker(channel, zygote, setup)
        workers[session] = process, status
    os.close(channel)


def _reap(workers: dict[int, tuple[int, int]]) -> None:
    for session, (process, status) in list(workers.items()):
        ended, how = os.waitpid(process, os.WNOHANG)
        if ended:
            del workers[session]
            with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
                os.write(status, frames.STATUS.pack(frames.ENDED, os.waitstatus_to_exitcode(how)))
            os.close(status)


def _end(workers: dict[int, tuple[int, int]]) -> NoReturn:
    for process, _ in workers.values():
        os.kill(process, signal.SIGKILL)
    for process, _ in workers.values():
        os.waitpid(process, 0)
    os._exit(0)


def _become_worker(channel: int, zygote: int, setup: _Setup) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(channel, CHANNEL, inheritable=False)
        os.closerange(CHANNEL + 1, setup.highest + 1)
        layers.die_with(zygote)
        worker = Worker(setup.options, "policy" in setup.active)
        setup.enter_worker()
        os.write(CHANNEL, frames.READY)
        worker.serve()
    except EOFError:
        os._exit(0)
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)
    finally:
        os._exit(70)
