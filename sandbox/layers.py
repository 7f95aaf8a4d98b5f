"""The kernel's layers by ctypes: each function puts one on the calling process, or raises ``OSError``.

No libseccomp, no bubblewrap, no daemon, no setuid helper. Most of it cannot be undone, so every layer is first tried
in a throw-away fork (``probe``). The order in which they go on is the zygote's (``zygote.py``).
"""

import ctypes
import errno
import functools
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable

LAYERS = (
    "policy",  # what a program may write (policy.py) and reach (guards.py): refuses early, in its terms; no boundary
    "uid",  # root becomes a user that owns nothing
    "userns",  # a user namespace: rights inside it are none outside; the next four need it
    "pidns",  # sees no other process; all die with the first
    "netns",  # no network device, no address of the host, no abstract socket
    "ipcns",  # no shared memory and no message queue of the host
    "emptyroot",  # the file system is one empty read-only directory
    "caps",  # no capability left, not even inside the namespaces
    "nnp",  # no_new_privs: nothing that is executed gains rights; landlock and seccomp build on it
    "rlimits",  # memory, processor time, no files, no processes
    "landlock",  # no path, no TCP port, no signal out of the sandbox
    "seccomp",  # few system calls
)

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _done(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def probe(apply: Callable[[], object]) -> str:
    """Try ``apply`` in a throw-away fork; why it failed there, or nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        words = "the process that tried it died"
        try:
            apply()
            words = ""
        except OSError as error:
            words = f"{error.strerror or error}"
        finally:
            os.write(writer, b"=" + words.encode())
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        told = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return told[1:].decode() if told else f"the process that tried it ended with {status}"


# ----------------------------------------------------------------------------------- processes and namespaces

NEWNS, NEWUTS, NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
NEWUSER, NEWPID, NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP, _NO_NEW_PRIVS, _CAP_AMBIENT, _CAP_AMBIENT_CLEAR = 1, 4, 24, 38, 47, 4
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _REC, _PRIVATE, _DETACH = 1, 2, 4, 8, 32, 1 << 14, 1 << 18, 2
_NOBODY = 65534


def _prctl(option: int, argument: int = 0) -> None:
    rest = (ctypes.c_ulong(0),) * 3
    _done(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), *rest), f"prctl {option}")


def dumpable(allowed: bool) -> None:
    """Whether others of the same user may look into this process, and it may write its own ``uid_map``."""
    _prctl(_DUMPABLE, allowed)


def die_with(parent: int) -> None:
    """End when ``parent`` ends, also if it has ended already."""
    _prctl(_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(0)


def drop_uid() -> None:
    """From root to a user and group that own nothing, one for each process that asks."""
    if os.getuid() != 0:
        raise OSError(errno.EPERM, f"runs as user {os.getuid()} already; only root can change to another")
    unused = 60_000 + os.getpid() % 5_000  # above people and services, below 65534 which containers map
    os.setgroups([])
    os.setresgid(unused, unused, unused)
    os.setresuid(unused, unused, unused)
    dumpable(True)


def unshare(flags: int) -> None:
    _done(_libc.unshare(ctypes.c_int(flags)), "unshare")


def enter_user_namespace() -> None:
    user, group = os.getuid(), os.getgid()
    unshare(NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{_NOBODY} {user} 1"), ("gid_map", f"{_NOBODY} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def enter_pid_namespace() -> None:
    """Go on as process 1 of a new namespace; who called waits for it outside, and never returns."""
    unshare(NEWPID)
    child = os.fork()
    if child:
        os.closerange(0, 1 << 12)
        os._exit(0 if os.waitpid(child, 0)[1] == 0 else 1)
    _prctl(_PDEATHSIG, 9)


def empty_root() -> None:
    """Put an empty read-only file system in place of ``/``."""
    unshare(NEWNS)
    options, flags = b"size=4k,nr_inodes=2,mode=0555", _NOSUID | _NODEV | _NOEXEC
    _mount(b"none", b"/", None, _REC | _PRIVATE, None)
    _mount(b"tmpfs", b"/tmp", b"tmpfs", flags, options)
    _mount(b"tmpfs", b"/tmp", b"tmpfs", flags | _REMOUNT | _RDONLY, options)
    os.chdir("/tmp")
    _done(_libc.syscall(ctypes.c_long(_numbers()["pivot_root"]), b".", b"."), "pivot_root")
    _done(_libc.umount2(b".", _DETACH), "umount2")
    os.chdir("/")


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, data: bytes | None) -> None:
    _done(_libc.mount(source, target, kind, ctypes.c_ulong(flags), data), f"mount on {target.decode()}")


def drop_capabilities() -> None:
    try:
        _prctl(_CAP_AMBIENT, _CAP_AMBIENT_CLEAR)
        for capability in range(64):
            _prctl(_CAPBSET_DROP, capability)
    except OSError:  # past the last one; or no right to (then there are none); or gVisor, which has no ambient set
        pass
    _done(_libc.capset(struct.pack("Ii", 0x2008_0522, 0), bytes(24)), "capset")


def no_new_privs() -> None:
    _prctl(_NO_NEW_PRIVS, 1)


@functools.cache
def _limits(memory_bytes: int, processor_seconds: int) -> list[tuple[int, int, bool]]:
    """Kind, value, and whether it is relied on; those that not every kernel lets be set are only tried."""
    wanted = [
        (resource.RLIMIT_AS, memory_bytes, True),
        (resource.RLIMIT_CPU, processor_seconds, True),
        (resource.RLIMIT_FSIZE, 0, True),
        (resource.RLIMIT_NOFILE, 4, True),  # 0 to 3 are open; no number is left for another
        (resource.RLIMIT_CORE, 0, True),
        (resource.RLIMIT_NPROC, 0, False),
        (resource.RLIMIT_MEMLOCK, 0, False),
        (resource.RLIMIT_STACK, 16 << 20, False),
        (resource.RLIMIT_MSGQUEUE, 0, False),
    ]
    hard = {kind: resource.getrlimit(kind)[1] for kind, _, _ in wanted}
    return [(k, v if hard[k] == resource.RLIM_INFINITY else min(v, hard[k]), relied) for k, v, relied in wanted]


def limit_resources(memory_bytes: int, processor_seconds: int) -> None:
    for kind, value, relied in _limits(memory_bytes, processor_seconds):
        soft = (
            value - 1 if kind == resource.RLIMIT_CPU and value > 1 else value
        )  # SIGXCPU, which says why; then SIGKILL
        try:
            resource.setrlimit(kind, (soft, value))
        except (OSError, ValueError) as error:
            if relied:
                raise OSError(errno.EPERM, f"setrlimit {kind} to {value}: {error}") from None


# ------------------------------------------------------------------------------------------------ Landlock


def landlock_abi() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    return max(0, int(_libc.syscall(ctypes.c_long(444), None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def deny_all_paths() -> None:
    """Handle every right that the kernel knows and grant none."""
    abi = landlock_abi()
    if not abi:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock (Linux 5.13 or later, with it in its list of LSMs)")
    files = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}.get(abi, 0xFFFF)
    ports, scopes = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = struct.pack("QQQ", files, ports, scopes)[:size]
    create = (ctypes.c_long(444), rules, ctypes.c_size_t(size), ctypes.c_uint32(0))
    ruleset = _done(_libc.syscall(*create), "landlock_create_ruleset")
    _done(_libc.syscall(ctypes.c_long(446), ctypes.c_int(ruleset), ctypes.c_uint32(0)), "landlock_restrict_self")
    os.close(ruleset)
    _check_that_files_are_closed()


def _check_that_files_are_closed() -> None:
    """Raise unless ``/`` cannot be opened: what Landlock and seccomp must each have brought about."""
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        return
    raise OSError(errno.EOPNOTSUPP, "it came up, but files can still be opened")


# ------------------------------------------------------------------------------------------------- seccomp

_ALLOWED = {
    "frames": "read write",
    "memory": "munmap mremap brk madvise",  # mmap and mprotect: see below
    "time and limits": "setitimer clock_gettime clock_getres gettimeofday getrusage times restart_syscall",
    "signals of its own timers": "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack",
    "the interpreter's locks": "futex sched_yield rseq",
    "harmless": "getpid gettid getrandom",  # `Random(seed)` and dicts never draw, but `random` may at start
    "the end": "exit exit_group",
}
_WITHOUT_EXEC = "mmap mprotect"  # memory yes, new machine code no
_KILLED = (  # nothing that a program does by accident: end it, so that the kernel logs it. All the rest is EPERM.
    "ptrace process_vm_readv process_vm_writev process_madvise pidfd_open pidfd_getfd kcmp "  # other processes
    "unshare setns mount umount2 pivot_root chroot fsopen fsmount move_mount open_tree mount_setattr "  # namespaces
    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "  # large and often broken
    "keyctl add_key request_key open_by_handle_at "  # no namespace holds them
    "execve execveat kexec_load kexec_file_load init_module finit_module delete_module "  # other code
    "reboot swapon acct quotactl settimeofday clock_settime personality seccomp iopl ioperm modify_ldt"  # the machine
)
# fmt: off
_X86_64 = dict(  # noqa: C408 - names read better bare
    read=0, write=1, mmap=9, mprotect=10, munmap=11, brk=12, rt_sigaction=13, rt_sigprocmask=14, rt_sigreturn=15,
    sched_yield=24, mremap=25, madvise=28, setitimer=38, getpid=39, execve=59, exit=60, gettimeofday=96, getrusage=98,
    times=100, ptrace=101, sigaltstack=131, personality=135, modify_ldt=154, pivot_root=155, chroot=161, acct=163,
    settimeofday=164, mount=165, umount2=166, swapon=167, reboot=169, iopl=172, ioperm=173, init_module=175,
    delete_module=176, quotactl=179, gettid=186, futex=202, restart_syscall=219, clock_settime=227, clock_gettime=228,
    clock_getres=229, exit_group=231, kexec_load=246, add_key=248, request_key=249, keyctl=250, unshare=272,
    perf_event_open=298, open_by_handle_at=304, setns=308, process_vm_readv=310, process_vm_writev=311, kcmp=312,
    finit_module=313, seccomp=317, getrandom=318, kexec_file_load=320, bpf=321, execveat=322, userfaultfd=323, rseq=334,
)
_AARCH64 = dict(  # noqa: C408
    umount2=39, mount=40, pivot_root=41, chroot=51, quotactl=60, read=63, write=64, acct=89, personality=92, exit=93,
    exit_group=94, unshare=97, futex=98, setitimer=103, kexec_load=104, init_module=105, delete_module=106,
    clock_settime=112, clock_gettime=113, clock_getres=114, ptrace=117, sched_yield=124, restart_syscall=128,
    sigaltstack=132, rt_sigaction=134, rt_sigprocmask=135, rt_sigreturn=139, reboot=142, times=153, getrusage=165,
    gettimeofday=169, settimeofday=170, getpid=172, gettid=178, brk=214, munmap=215, mremap=216, add_key=217,
    request_key=218, keyctl=219, execve=221, mmap=222, swapon=224, mprotect=226, madvise=233, perf_event_open=241,
    open_by_handle_at=265, setns=268, process_vm_readv=270, process_vm_writev=271, kcmp=272, finit_module=273,
    seccomp=277, getrandom=278, bpf=280, execveat=281, userfaultfd=282, rseq=293, kexec_file_load=294,
)
_BOTH = dict(  # noqa: C408 - calls newer than the agreement to number them alike
    io_uring_setup=425, io_uring_enter=426, io_uring_register=427, open_tree=428, move_mount=429, fsopen=430,
    fsmount=432, pidfd_open=434, pidfd_getfd=438, process_madvise=440, mount_setattr=442,
)
# fmt: on
_ARCHITECTURES = {"x86_64": (0xC000_003E, _X86_64 | _BOTH), "aarch64": (0xC000_00B7, _AARCH64 | _BOTH)}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # classic BPF
_ALLOW, _DENY, _KILL = 0x7FFF_0000, 0x0005_0000 | errno.EPERM, 0x8000_0000
_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 32  # offsets in what a filter sees of a call


def _numbers() -> dict[str, int]:
    return _architecture()[1]


def _architecture() -> tuple[int, dict[str, int]]:
    machine = platform.machine()
    if machine not in _ARCHITECTURES or sys.maxsize < 1 << 32:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}; there are x86_64 and aarch64 (64 bits)")
    return _ARCHITECTURES[machine]


@functools.cache
def seccomp_filter() -> bytes:
    """The filter as instructions of 8 bytes: ``(code, jump if true, jump if false, value)``, jumps from the next one.

    One test for each call, and behind the tests what they jump to, so that it stays short: every worker compiles it.
    """
    architecture, numbers = _architecture()
    deny, allow, kill = ((_RETURN, 0, 0, action) for action in (_DENY, _ALLOW, _KILL))
    ends = [deny, allow, (_LOAD, 0, 0, _THIRD_ARGUMENT), (_ANY_BIT, 0, 1, 4), deny, allow, kill]
    tests = [(numbers[name], ends.index(allow)) for name in " ".join(_ALLOWED.values()).split()]
    tests += [(numbers[name], 2) for name in _WITHOUT_EXEC.split()]
    tests += [(numbers[name], ends.index(kill)) for name in _KILLED.split() if name in numbers]  # a few are x86's
    program = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), kill, (_LOAD, 0, 0, _NUMBER)]
    if architecture == _ARCHITECTURES["x86_64"][0]:  # the x32 interface has numbers of its own
        program += [(_AT_LEAST, 0, 1, 0x4000_0000), kill]
    for done, (number, end) in enumerate(tests, 1):
        program += [(_EQUAL, len(tests) - done + end, 0, number)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program + ends)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def filter_system_calls(instructions: bytes) -> None:
    program = _Program(len(instructions) // 8, instructions)
    arguments = (ctypes.c_uint(1), ctypes.c_uint(0), ctypes.byref(program))
    _done(_libc.syscall(ctypes.c_long(_numbers()["seccomp"]), *arguments), "seccomp")
    _check_that_files_are_closed()
