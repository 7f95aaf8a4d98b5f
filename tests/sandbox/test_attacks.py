"""The jail under attack, one property a test; ``attacks.py`` holds the programs.

After each attack the host is looked at, not only the outcome. Every layer is also attacked alone, with the others
switched off, next to a control in which the same attack succeeds: no layer is there for show.
"""

import contextlib
import ctypes
import json
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Call, Ending, Limits, Outcome, Sandbox, layers
from sandbox.layers import LAYERS
from tests.conftest import ROOT
from tests.sandbox import attacks

ALL = frozenset(LAYERS)
SHORT = Limits(call_seconds=0.3)
AS_ROOT = os.getuid() == 0 and "4294967295" in Path("/proc/self/uid_map").read_text()  # of the host, not of a namespace
KEY = "BRICKYARD_TEST_KEY"
_GIVES_RIGHTS = 65_533  # a user that owns one file, which another may read only with this user's rights

Open = Callable[[frozenset[str]], Sandbox]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers")


class Host:
    """What there is on the host to be reached and harmed, and whether it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, f"brickyard-{secrets.token_hex(6)}"
        self.ipc = ctypes.CDLL(None)
        self.key = secrets.randbelow(1 << 30) + 1
        self.segment, self.queue = (self.ipc.shmget(self.key, 1, 0o1600), self.ipc.msgget(self.key, 0o1600))
        self.memory = ctypes.create_string_buffer(b"0123456789abcdef")
        self.sockets = {
            "tcp": self._socket(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": self._socket(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "unix": self._socket(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket")),
            "abstract": self._socket(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.name}"),
        }
        self._give_rights()
        self.restore()

    def _socket(self, family: int, kind: int, address: Any) -> socket.socket:
        made = socket.socket(family, kind)
        made.bind(address)
        if kind == socket.SOCK_STREAM:
            made.listen()
        made.setblocking(False)
        return made

    def _give_rights(self) -> None:
        """A file of another user's, and a program that runs with that user's rights."""
        self.giving, self.given = self.folder / "giving", self.folder / "given"
        if AS_ROOT:
            shutil.copy(shutil.which("cat") or "/bin/cat", self.giving)
            self.given.write_text("given")
            for path, mode in ((self.giving, 0o4755), (self.given, 0o600)):
                os.chown(path, _GIVES_RIGHTS, _GIVES_RIGHTS)
                path.chmod(mode)

    def restore(self) -> None:
        """As if nothing had happened."""
        self.secret, self.spare = self.folder / "secret", self.folder / "spare"
        for path in {*self.folder.iterdir()} - {self.giving, self.given, self.folder / "socket"}:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for path in (self.secret, self.spare):
            path.write_text("secret")
            path.chmod(0o600)
        Path("/dev/shm", self.name).unlink(missing_ok=True)
        self.heard()
        self._end_victim()
        self.victim = subprocess.Popen(["sleep", "600"], env={KEY: "secret"})
        self.listing = sorted(path.name for path in self.folder.iterdir())

    def _end_victim(self) -> None:
        if "victim" in self.__dict__:
            self.victim.kill()
            self.victim.wait()

    def close(self) -> None:
        self._end_victim()
        for each in self.sockets.values():
            each.close()
        Path("/dev/shm", self.name).unlink(missing_ok=True)
        self.ipc.shmctl(self.segment, 0, None)
        self.ipc.msgctl(self.queue, 0, None)

    def told(self) -> dict[str, Any]:
        """What an attack is told of it: where everything is."""
        paths = {name: str(getattr(self, name)) for name in ("folder", "secret", "spare", "giving", "given")}
        ports = {name: self.sockets[name].getsockname()[1] for name in ("tcp", "udp")}
        numbers = {"address": ctypes.addressof(self.memory), "tester": os.getpid(), "victim": self.victim.pid}
        return (
            paths
            | ports
            | numbers
            | {"unix": str(self.folder / "socket"), "name": self.name, "key": self.key}
            | {"host": socket.gethostname()}
        )

    def heard(self) -> list[str]:
        """Which of the host's sockets somebody came to."""
        came = []
        for name, listening in self.sockets.items():
            with contextlib.suppress(BlockingIOError):
                listening.recv(64) if name == "udp" else listening.accept()[0].close()
                came.append(name)
        return came

    def harm(self) -> list[str]:
        """What is no longer as it was."""
        state = Path(f"/proc/{self.victim.pid}/stat").read_text().rpartition(")")[2].split()[0]
        listing = sorted(path.name for path in self.folder.iterdir())
        harm = [f"the socket {name} was reached" for name in self.heard()]
        harm += [f"a process is in state {state}"] if state not in "SR" else []
        harm += [f"the folder holds {listing}"] if listing != self.listing else []
        harm += ["a file was changed"] if self.secret.exists() and self.secret.read_text() != "secret" else []
        harm += ["a file was left in /dev/shm"] if Path("/dev/shm", self.name).exists() else []
        return harm


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    folder = Path(tempfile.mkdtemp(prefix="brickyard-attacked-"))
    folder.chmod(0o755)
    made = Host(folder)
    yield made
    made.close()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def opened() -> Iterator[Open]:
    """Sandboxes by the layers they are to have, each started once; skips where the kernel lacks one of them."""
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY, "sk-0123456789abcdef")
        boxes: dict[frozenset[str], Sandbox] = {}

        def open_with(wanted: frozenset[str]) -> Sandbox:
            if wanted not in boxes:
                boxes[wanted] = stack.enter_context(Sandbox(SHORT, without=ALL - wanted, allow_missing=ALL))
            manifest = boxes[wanted].manifest
            if lacking := wanted - {*manifest.active}:
                pytest.skip("; ".join(f"{name}: {manifest.missing[name]}" for name in sorted(lacking)))
            return boxes[wanted]

        yield open_with


@pytest.fixture(scope="module")
def full() -> Iterator[Sandbox]:
    with Sandbox(SHORT) as box:
        yield box


@pytest.fixture(scope="module")
def kernel() -> Iterator[Sandbox]:
    """Every layer that there is, but the policy."""
    with Sandbox(SHORT, without={"policy"}, allow_missing={"policy"}) as box:
        yield box


def run(box: Sandbox, source: str, **arguments: Any) -> Outcome:
    with box.open(source) as program:
        return program.call("attack", arguments)


def succeeds(box: Sandbox, name: str, host: Host) -> str:
    """How an attack on the system got through, as it says or as the host shows; nothing if it did not."""
    outcome = run(box, attacks.system(name), **host.told())
    signs = host.harm() + ["it says so"] * (outcome.value is True)
    if signs:
        host.restore()
    return "; ".join(signs)


# --------------------------------------------------------------------------------------- the language and the policy


@pytest.mark.parametrize("name", attacks.LANGUAGE)
def test_by_the_policy_alone_a_program_cannot(name: str, opened: Open) -> None:
    outcome = run(opened(frozenset({"policy"})), attacks.LANGUAGE[name])
    assert outcome.ending in (Ending.REFUSED, Ending.RAISED), outcome


@pytest.mark.parametrize("name", sorted(attacks.LANGUAGE.keys() - attacks.ONLY_REFUSED))
def test_without_the_policy_a_program_can(name: str, opened: Open) -> None:
    assert run(opened(frozenset()), attacks.LANGUAGE[name]).value is True


@pytest.mark.parametrize("name", attacks.BOMBS)
def test_a_source_made_to_break_the_compiler_breaks_its_own_worker_at_most(name: str, full: Sandbox) -> None:
    with full.open(attacks.BOMBS[name]) as program:
        assert isinstance(program.loaded, Outcome)
    assert run(full, "def attack(): return 1").value == 1


def test_an_error_cannot_steer_a_terminal(full: Sandbox) -> None:
    outcome = run(full, r"def attack(): raise ValueError('\x1b[2J\x9b2J\u202e\r\n\0')")
    assert outcome.ending is Ending.RAISED
    assert outcome.error.isprintable()


def test_an_error_of_lone_surrogates_is_still_told(full: Sandbox) -> None:
    assert run(full, r"def attack(): raise ValueError('\ud800' * 2000)").ending is Ending.RAISED


def test_a_program_cannot_forge_the_line_of_a_refusal(full: Sandbox) -> None:
    source = """
def attack():
    try: getattr(1, "__globals__")
    except Exception as e: raise type(e)("no", "line 7")
"""
    outcome = run(full, source)
    assert (outcome.ending, outcome.line) == (Ending.RAISED, 4)


# ----------------------------------------------------------------------------------------- the system and the kernel

ALONE: list[tuple[str, frozenset[str], list[str]]] = [
    # layer, what it stands on (also in the control), attacks that it stops by itself
    ("uid", frozenset(), ["read a host file by its path", "write a host file", "kill a host process",
                          "trace a host process", "read another process's memory", "take another process's descriptor",
                          "read another process's environment", "mount", "name the host"]),
    ("userns", frozenset(), ["mount", "name the host", "read another process's environment", "trace a host process",
                             "read another process's memory", "take another process's descriptor"]),
    ("pidns", frozenset({"userns"}), ["kill a host process", "stop a host process"]),
    ("netns", frozenset({"userns"}), ["connect to a port of the host", "send a datagram",
                                      "connect to an abstract unix socket"]),
    ("ipcns", frozenset({"userns"}), ["attach shared memory of the host", "reach a message queue of the host"]),
    ("emptyroot", frozenset({"userns"}), ["read a host file by its path", "write a host file", "delete a host file",
                                          "create a host file", "list a host folder", "make a symbolic link",
                                          "leave a file in shared memory", "list the host's processes",
                                          "connect to a unix socket by its path", "execute a program",
                                          "read a host file by way of a parent folder"]),
    ("caps", frozenset(), ["make a network namespace", "change its root", "mount", "name the host"]),
    ("nnp", frozenset({"uid"}), ["run a file that gives rights"]),
    ("rlimits", frozenset(), ["take memory without end", "open a descriptor", "open a pipe", "make a file of memory",
                              "write a host file"]),
    ("rlimits", frozenset({"uid"}), ["fork", "start a thread"]),
    ("landlock", frozenset({"nnp"}), ["read a host file by its path", "write a host file", "create a host file",
                                      "delete a host file", "rename a host file", "truncate a host file",
                                      "make a host folder", "make a symbolic link", "list a host folder",
                                      "leave a file in shared memory", "list the host's processes",
                                      "read another process's environment", "execute a program",
                                      "read a host file by way of a parent folder", "trace a host process",
                                      "read another process's memory"]),
    ("seccomp", frozenset({"nnp"}), sorted(attacks.SYSTEM.keys() - {"take memory without end"})),
]  # fmt: skip
"""What is not here: memory, which seccomp cannot count."""

NEWER = {
    "connect to a port of the host": 4,
    "listen on a port": 4,
    "connect to an abstract unix socket": 6,
    "kill a host process": 6,
    "stop a host process": 6,
}
"""What Landlock stops from some version on."""

ALONE.append(("landlock", frozenset({"nnp"}), [name for name, abi in NEWER.items() if layers.landlock_abi() >= abi]))
ROWS = [(layer, base, name) for layer, base, names in ALONE for name in names]
_NEED_ROOT = {
    "mount", "name the host", "change its root", "make a network namespace", "run a file that gives rights",
    "turn to another user",
}  # fmt: skip
"""Rights that only root has in the first place."""


def _needs(name: str) -> None:
    if not AS_ROOT and name in _NEED_ROOT:
        pytest.skip("only root can do this at all")


@pytest.mark.parametrize(("layer", "base", "name"), ROWS, ids=[f"{layer}: {name}" for layer, _, name in ROWS])
def test_one_layer_alone_stops_an_attack(layer: str, base: frozenset[str], name: str, opened: Open, host: Host) -> None:
    _needs(name)
    assert not succeeds(opened(base | {layer}), name, host)


CONTROLS = sorted({(base, name) for _, base, name in ROWS}, key=lambda row: (sorted(row[0]), row[1]))


@pytest.mark.parametrize(("base", "name"), CONTROLS, ids=[f"{'+'.join(base)}: {name}" for base, name in CONTROLS])
def test_without_that_layer_the_attack_succeeds(base: frozenset[str], name: str, opened: Open, host: Host) -> None:
    _needs(name)
    if name == "run a file that gives rights" and base != {"uid"}:
        pytest.skip("root reads the file anyway")
    assert succeeds(opened(base), name, host)


@pytest.mark.parametrize("name", attacks.SYSTEM)
def test_past_the_policy_a_program_still_cannot(name: str, kernel: Sandbox, host: Host) -> None:
    assert not succeeds(kernel, name, host)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_attacked_alone(layer: str) -> None:
    assert layer == "policy" or any(layer == row[0] for row in ROWS)


def test_a_program_past_the_policy_finds_no_key_in_its_memory(opened: Open) -> None:
    source = """
import os, re
def attack():
    if any("KEY" in name for name in os.environ) or b"KEY" in open("/proc/self/environ", "rb").read(): return True
    memory = open("/proc/self/mem", "rb", 0)
    for line in open("/proc/self/maps"):
        begin, end = (int(n, 16) for n in line.split()[0].split("-"))
        if " rw" in line and end - begin < 1 << 28:
            memory.seek(begin)
            if re.search(b"[s]k-0123456789abcde[f]", memory.read(end - begin)): return True
"""
    outcome = run(opened(frozenset()), source)
    assert outcome.value is not True
    assert outcome.ending is Ending.RETURNED or not AS_ROOT, outcome  # who is not root may not read its memory at all


def test_a_program_past_the_policy_has_four_descriptors(opened: Open, host: Host) -> None:
    source = """
import os
def attack():
    found = []
    for number in range(2000):
        try: found.append((os.fstat(number) and number, os.readlink(f"/proc/self/fd/{number}")))
        except OSError: pass
    return found
"""
    with open(host.secret) as file:
        os.set_inheritable(file.fileno(), True)
        found = run(opened(frozenset()), source).value
    assert [number for number, _ in found] == [0, 1, 2, 3]
    assert {path for _, path in found[:3]} == {"/dev/null"}


def test_a_daemon_dies_with_its_process_namespace(opened: Open, tmp_path: Path) -> None:
    assert _outlives(opened, frozenset({"userns"}), tmp_path)  # the control
    assert not _outlives(opened, frozenset({"userns", "pidns"}), tmp_path)


def _outlives(opened: Open, wanted: frozenset[str], folder: Path) -> bool:
    """Whether a process that a program forked still holds its end of a connection when the sandbox is closed."""
    opened(wanted)  # skips where there is none
    source = """
import os, socket
def attack(path):
    if os.fork() == 0:
        os.setsid()
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(path); s.recv(1)
        os._exit(0)
    return True
"""
    path = str(folder / secrets.token_hex(4))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        listening.settimeout(5)
        with Sandbox(SHORT, without=ALL - wanted, allow_missing=ALL) as box:
            assert run(box, source, path=path).value is True
            connection, _ = listening.accept()
        with connection:
            connection.settimeout(1)
            with contextlib.suppress(TimeoutError):
                return bool(connection.recv(1))
            return True


def test_processor_time_ends_by_a_resource_limit_alone() -> None:
    """Not within a sandbox, where its clocks end a call long before."""
    child = os.fork()
    if not child:
        layers.limit_resources(4 << 30, 2)
        while True:
            pass
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGXCPU


# --------------------------------------------------------------------------------------------------- resources


@pytest.mark.parametrize("name", attacks.RESOURCES)
def test_within_its_limits_a_program_cannot(name: str, full: Sandbox) -> None:
    ending, source = attacks.RESOURCES[name]
    assert run(full, source).ending == ending
    assert run(full, "def attack(): return 1").value == 1


def test_a_finalizer_that_loops_between_calls_is_ended_and_the_next_call_answered(full: Sandbox) -> None:
    source = """
def g():
    try: yield
    finally:
        while True: pass
def attack(xs):
    made = g(); next(made)
    ring = [made]; ring.append(ring)
    return len(xs)
"""
    with full.open(source) as program:
        outcomes = [program.call("attack", {"xs": [[]] * 2_000}) for _ in range(4)]
    assert [outcome.error for outcome in outcomes if "come back" in outcome.error] == []


def test_a_batch_survives_a_call_that_kills_its_worker(kernel: Sandbox) -> None:
    source = "import os\ndef attack(n):\n    return os._exit(1) if n == 3 else n"
    with kernel.open(source) as program:
        outcomes = program.map([Call("attack", {"n": n}) for n in range(6)])
    assert [outcome.value for outcome in outcomes] == [0, 1, 2, None, 4, 5]
    assert outcomes[3].ending is Ending.DIED


# ----------------------------------------------------------------------------------------------- results


@pytest.mark.parametrize("name", attacks.FORGED)
def test_from_a_worker_that_was_taken_over_the_parent_does_not_believe(name: str, kernel: Sandbox) -> None:
    source = """
import sys
def attack(row): sys.modules["sandbox.worker"].Worker._timed = lambda *a: row
"""
    outcome = run(kernel, source, row=attacks.FORGED[name])
    assert outcome.ending is Ending.RETURNED
    with kernel.open(source) as program:
        program.call("attack", {"row": attacks.FORGED[name]})
        outcome = program.call("attack", {"row": ""})
    assert (outcome.ending, outcome.value) == (Ending.GARBLED, None)
    assert run(kernel, "def attack(): return 1").value == 1


@pytest.mark.parametrize("name", attacks.CHANNEL)
def test_nothing_but_its_own_call_is_lost_when_a_program(name: str, kernel: Sandbox) -> None:
    if "x32" in name and platform.machine() != "x86_64":
        pytest.skip("only x86-64 has them")
    with kernel.open("def other(): return 1") as bystander:
        assert run(kernel, attacks.channel(name)).ending == attacks.CHANNEL[name][0]
        assert bystander.call("other", {}).value == 1


def test_a_program_may_lie_about_what_it_changed_but_only_about_its_own_call(kernel: Sandbox) -> None:
    source = """
import sys
def attack(xs):
    sys.modules["sandbox.worker"]._texts = lambda arguments: {}
    xs.append(1)
"""
    with kernel.open(source) as liar, kernel.open("def honest(xs): xs.append(1)") as other:
        assert liar.map([Call("attack", {"xs": []})] * 2, watch=True)[1].changed == ()
        assert other.map([Call("honest", {"xs": []})], watch=True)[0].changed == ("xs",)


@pytest.mark.parametrize(
    "value",
    [
        "float('nan')",
        "1e308 * 10",
        "{1: 2}",
        "{1, 2}",
        "object()",
        r"'\ud800'",
        "10 ** 5000",
        "(lambda a: a.append(a) or a)([])",
    ],
)
def test_a_value_that_json_cannot_write_is_no_result(value: str, full: Sandbox) -> None:
    assert run(full, f"def attack(): return {value}").ending is Ending.GARBLED


# --------------------------------------------------------------------------------------------- cross-talk


def test_two_sessions_do_not_share_what_they_change(opened: Open) -> None:
    source = "import json\ndef attack(): json.seen = getattr(json, 'seen', 0) + 1; return json.seen"
    with opened(frozenset()).open(source) as one, opened(frozenset()).open(source) as two:
        assert [one.call("attack", {}).value, one.call("attack", {}).value, two.call("attack", {}).value] == [1, 2, 1]


@pytest.mark.parametrize("how", ["os.kill(pid, 9)", "open(f'/proc/{pid}/mem', 'rb')", "os.kill(os.getppid(), 9)",
                                 "syscall(numbers(310, 270), pid, 0, 0, 0, 0, 0)"])  # fmt: skip
def test_one_session_cannot_reach_another(how: str, kernel: Sandbox) -> None:
    source = (
        attacks.SYSTEM_PRELUDE.replace("**host", "pid")
        + f"    return {how} is not None or True\ndef own(): return os.getpid()"
    )
    with kernel.open(source) as victim:
        pid = victim.call("own", {}).value
        outcome = run(kernel, source, pid=pid)
        assert outcome.value is None
        assert victim.call("own", {}).value == pid


def test_a_program_does_not_outlive_its_session(opened: Open) -> None:
    box = opened(frozenset({"rlimits"}))
    program = box.open("import os\ndef attack(): return os.getpid()")
    pid = program.call("attack", {}).value
    assert Path(f"/proc/{pid}").exists()
    program.close()
    assert _gone(pid)


def test_a_program_does_not_outlive_a_parent_that_is_killed() -> None:
    code = """
from sandbox import Sandbox
box = Sandbox(without={"policy", "pidns"}, allow_missing={"policy"})
program = box.open("import os\\ndef attack(): return os.getpid()")
print(program.call("attack", {}).value, flush=True)
input()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    assert _gone(pid)


def _gone(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


# ------------------------------------------------------------------------------------------- poorer places

_MANIFEST = "import json; from sandbox import Sandbox; print(json.dumps(Sandbox().manifest.asdict()))"


def _elsewhere(place: str, *arguments: str) -> str:
    """What this interpreter prints there; skips where there is no such place to be had."""
    command = [sys.executable, "-m", "tests.sandbox.elsewhere", place, sys.executable, "-B"]
    if (
        tried := subprocess.run([*command, "-c", ""], cwd=ROOT, capture_output=True, text=True, check=False)
    ).returncode:
        pytest.skip(f"no such place here: {(tried.stderr.splitlines() or ['no reason'])[-1]}")
    done = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("place", "without"), [("nobody", {"uid"}), ("no-userns", {"uid", *attacks.NEED_USERNS})])
def test_in_a_poorer_place_a_sandbox_has_every_other_layer(place: str, without: set[str]) -> None:
    here = json.loads(subprocess.check_output([sys.executable, "-c", _MANIFEST], cwd=ROOT))
    there = json.loads(_elsewhere(place, "-c", _MANIFEST))
    assert {*there["active"]} == {*here["active"]} - without


@pytest.mark.parametrize("place", ["nobody", "no-userns"])
def test_in_a_poorer_place_the_same_attacks_are_stopped(place: str) -> None:
    chosen = "past_the_policy or (alone_stops and (landlock or seccomp or rlimits)) or by_the_policy or believe"
    arguments = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/sandbox/test_attacks.py", "-k", chosen)
    assert " passed" in _elsewhere(place, *arguments)
