"""Hostile programs: each entry is what the program cannot do, and the program that tries.

Data, not tests (``test_attacks.py``). Every ``attack`` returns True when it got what it was after, and is harmless
when it does: it touches what the test has set up for it, or its own process.
"""

import platform

LANGUAGE = {
    "read globals through str.format": """
def attack(): return "builtins" in "{0.__globals__}".format(attack)""",
    "read globals through a nested format spec": """
def attack(): return "builtins" in "{0:{1.__globals__}}".format("", attack)""",
    "read globals through format_map": """
def attack(): return "builtins" in "{f.__globals__}".format_map({"f": attack})""",
    "take str.format off its class": """
def attack(): return "builtins" in str.format("{0.__globals__}", attack)""",
    "take str.format through super": """
class S(str):
    def go(self, *a): return super().format(*a)
def attack(): return "builtins" in S("{0.__globals__}").go(attack)""",
    "take str.format through an alias of typing": """
from typing import Annotated
def attack(): return "builtins" in Annotated[str, 1].format("{0.__globals__}", attack)""",
    "take str.format through a UserString": """
from collections import UserString
def attack(): return "builtins" in str(UserString("{0.__globals__}").format(attack))""",
    "take str.format through asdict of a str": """
from dataclasses import asdict, dataclass
@dataclass(init=False)
class S(str):
    format: int
def attack(): return "builtins" in asdict(S("{0.__globals__}"))["format"](attack)""",
    "use string.Formatter": """
from string import Formatter
def attack(): return "builtins" in Formatter().format("{0.__globals__}", attack)""",
    "read globals by attribute": """
def attack(): return "__name__" in attack.__globals__""",
    "read globals by getattr": """
def attack(): return "__name__" in getattr(attack, "__globals__")""",
    "read globals by getattr with a name of a str subclass": """
class S(str): pass
def attack(): return "__name__" in getattr(attack, S("__globals__"))""",
    "read globals by getattr with a name that lies": """
class S(str):
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __str__(self): return "x"
def attack(): return "__name__" in getattr(attack, S("__globals__"))""",
    "read globals by mapping getattr": """
def attack(): return "__name__" in list(map(getattr, [attack], ["__globals__"]))[0]""",
    "read globals by reducing with getattr": """
from functools import reduce
def attack(): return "__name__" in reduce(getattr, ["__globals__"], attack)""",
    "read globals with attrgetter": """
from operator import attrgetter
def attack(): return "__name__" in attrgetter("__globals__")(attack)""",
    "find subclasses of object": """
def attack(): return len(().__class__.__base__.__subclasses__()) > 50""",
    "climb a method resolution order": """
def attack(): return int.mro()[-1] is object and bool(type(1).__subclasses__)""",
    "reach a generator's frame": """
def g(): yield
def attack(): return bool(g().gi_frame.f_builtins)""",
    "reach a frame from an async generator": """
def attack(): return bool((x async for x in 1).ag_frame.f_builtins)""",
    "reach a frame from a traceback": """
def attack():
    try: 1 / 0
    except ZeroDivisionError as e: return bool(e.__traceback__.tb_frame.f_back)""",
    "reach a frame from the traceback that __exit__ is given": """
class C:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): self.found = trace.tb_frame; return True
def attack():
    with C() as c: 1 / 0
    return bool(c.found)""",
    "reach a frame by matching a protocol": """
from collections import namedtuple
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
@runtime_checkable
@dataclass
class R(Protocol):
    register: int
class G(namedtuple("N", "gi_frame"), Hashable): pass
def gen(): yield
def attack():
    match G:
        case R(register): register(type(gen()))
    match gen():
        case G(frame): return bool(frame)""",
    "make a protocol checkable by its own flag": """
from typing import Protocol
class P(Protocol): _is_runtime_protocol = True
def attack(): return isinstance(1, P)""",
    "name refused attributes in a class pattern": """
def attack():
    match attack:
        case object(__globals__=g): return "__name__" in g""",
    "register a class of others as its own": """
from collections.abc import Hashable
class H(Hashable): pass
def attack(): return bool(H.register(list))""",
    "register through an alias of typing": """
from collections.abc import Hashable
from typing import Annotated
class H(Hashable): pass
def attack(): return bool(Annotated[H, 1].register(list))""",
    "get type from type(type(1))": """
def attack(): return bool(type(type(1))("X", (), {}))""",
    "get type from an item of type": """
def attack(): return bool(type[int]("X", (), {"__match_args__": ("__globals__",)}))""",
    "get type from an item of type, called on a class": """
def attack(): return bool(type[int](int)("X", (), {}))""",
    "get type from typing.get_origin": """
import typing
def attack(): return bool(typing.get_origin(typing.Type[int])("X", (), {}))""",
    "get type from a class's __class__": """
def attack(): return bool(int.__class__("X", (), {}))""",
    "make a metaclass of type": """
class M(type): pass
def attack(): return bool(M("X", (), {}))""",
    "make a metaclass of an item of type": """
class M(type[int]): pass
def attack(): return bool(M("X", (), {}))""",
    "make a metaclass of typing.Type": """
import typing
class M(typing.Type): pass
def attack(): return bool(M("X", (), {}))""",
    "name a metaclass": """
def M(name, bases, body): return bool(body)
class X(metaclass=M): pass
def attack(): return X is True""",
    "unpack a metaclass into a class statement": """
class X(**{"metaclass": lambda *a: True}): pass
def attack(): return X is True""",
    "define a dunder by the functional Enum": """
from enum import Enum
E = Enum("E", {"__match_args__": ("__class__",), "A": 1})
def attack():
    match E.A:
        case E(kind): return kind is E""",
    "define a dunder by an Enum of pairs from a generator": """
from enum import Enum
E = Enum("E", (pair for pair in [("__getattr__", lambda self, name: True), ("A", 1)]))
def attack(): return E.A.anything""",
    "read another module's functions into an Enum": """
from enum import Enum
class B(Enum): pass
def attack(): return bool(B._convert_("X", "builtins", lambda name: name == "open").open.value)""",
    "write an Enum's members into another module": """
from enum import IntEnum, global_enum
@global_enum
class E(IntEnum): print = 1
def attack(): return print == 1""",
    "evaluate a forward reference": """
import typing
def attack(): return typing.get_args(typing.List["__import__('sys')"])[0]._evaluate({}, {}, frozenset()) is not None""",
    "evaluate code in an annotation": """
import typing
def f(x: "__import__('sys')"): pass
def attack(): return bool(typing.get_type_hints(f))""",
    "have a dataclass made by name": """
from dataclasses import make_dataclass
def attack(): return bool(make_dataclass("X", ["a"], namespace={"__getattr__": 1}))""",
    "put code into a named tuple's field": """
from collections import namedtuple
def attack(): return bool(namedtuple("N", ["a=__import__('os')"]))""",
    "merge the real builtins into its own": """
from functools import update_wrapper
import random
def attack():
    update_wrapper(attack, random.Random.shuffle, assigned=(), updated=("__builtins__",))
    return True""",
    "reach a module through a module": """
import json
def attack(): return bool(json.codecs.open)""",
    "import a module out of a module": """
from dataclasses import sys
def attack(): return bool(sys.modules)""",
    "import sys": """
import sys
def attack(): return bool(sys.modules)""",
    "import through __import__": """
def attack(): return bool(__import__("sys"))""",
    "import through __import__ in a generator": """
def attack(): return bool([*(__import__(name) for name in ["sys"])])""",
    "import by its own name for __import__": """
def attack(f=__builtins__): return bool(f["__import__"])""",
    "evaluate text": """
def attack(): return eval("1") == 1""",
    "get eval by rebinding its name in another scope": """
def other(eval): return eval
def attack(): return eval("1") == 1""",
    "open a file": """
def attack(): return bool(open("/etc/passwd"))""",
    "replace a method of Random": """
import random
def attack():
    random.Random.random = lambda self: 4
    return random.Random(1).random() == 4""",
    "replace a method of Counter by setattr": """
from collections import Counter
def attack():
    setattr(Counter, "total", lambda self: 4)
    return Counter().total() == 4""",
    "replace a module's function in a loop target": """
import math
def attack():
    for math.sqrt in [None]: pass
    return math.sqrt is None""",
    "delete a module's function": """
import math
def attack():
    del math.sqrt
    return not hasattr(math, "sqrt")""",
    "set a class's attribute past its guard": """
import fractions
def attack():
    object.__setattr__(fractions.Fraction(1), "_numerator", 4)
    return True""",
    "set a dunder on its own class": """
class C: pass
def attack():
    setattr(C, "__getattr__", lambda self, name: True)
    return C().anything""",
    "have copy call its __reduce_ex__": """
import copy
class C:
    def __reduce_ex__(self, protocol): return (list, ((1,),))
def attack(): return copy.copy(C()) == [1]""",
    "define __del__": """
class C:
    def __del__(self): pass
def attack(): return bool(C())""",
    "define __getattribute__": """
class C:
    def __getattribute__(self, name): return True
def attack(): return C().anything""",
    "read a function's code": """
def attack(): return bool(attack.__code__.co_code)""",
    "read a closure's cells": """
def attack():
    def f(): return f
    return bool(f.__closure__)""",
    "read the class cell": """
class C:
    def f(self): return __class__
def attack(): return C().f() is C""",
    "read a method's function": """
import textwrap
def attack(): return bool(textwrap.TextWrapper().wrap.__func__.__globals__)""",
    "shadow a guard by a parameter": """
def attack(_getattr_=lambda thing, name: 1): return True""",
    "shadow a guard by a keyword-only parameter": """
def attack(*, _write_=lambda thing: thing): return True""",
    "shadow a guard by a lambda's parameter": """
def attack(): return (lambda _getattr_, /: True)(1)""",
    "shadow a guard by a pattern": """
def attack():
    match 1:
        case _getattr_: return True""",
    "shadow a guard by an import": """
import math as _write_
def attack(): return True""",
    "name itself otherwise": '''
__name__ = "os"
def attack(): return __name__ == "os"''',
    "read the time by datetime.now": """
import datetime
def attack(): return bool(datetime.datetime.now())""",
    "read the time by a subclass": """
from datetime import date
class D(date): pass
def attack(): return bool(D.today())""",
    "read the time through super": """
from datetime import date
class D(date):
    def f(self): return super().today()
def attack(): return bool(D(2020, 1, 1).f())""",
    "read the time through an alias of typing": """
from datetime import date
from typing import Annotated
def attack(): return bool(Annotated[date, 1].today())""",
    "read the time through asdict": """
from dataclasses import asdict, dataclass
from datetime import date
@dataclass(init=False)
class D(date):
    today: int
def attack(): return bool(asdict(D(2020, 1, 1))["today"]())""",
    "read the time through the fields of a base": """
from dataclasses import asdict, dataclass
from datetime import date
@dataclass(init=False)
class Mixed:
    today: int
class D(Mixed, date): pass
def attack(): return bool(asdict(D(2020, 1, 1))["today"]())""",
    "draw from a Random without a seed": """
from random import Random
def attack(): return Random().random() >= 0""",
    "seed from the machine past Random": """
from random import Random
def attack():
    super(Random, Random(1)).seed()
    return True""",
    "make a Random past its own __new__": """
from random import Random
def attack(): return bool(super(Random, Random).__new__(Random))""",
    "draw from the system": """
from random import SystemRandom
def attack(): return bool(SystemRandom().random())""",
    "hash by attribute": """
def attack(): return bool("a".__hash__())""",
    "change the decimal context": """
import decimal
def attack():
    decimal.getcontext().prec = 3
    return True""",
    "change a shared decimal context": """
import decimal
def attack():
    decimal.DefaultContext.prec = 3
    return True""",
    "scan with re.Scanner": """
import re
def attack(): return bool(re.Scanner([]))""",
    "catch with except*": """
def attack():
    try: 1 / 0
    except* ZeroDivisionError: return True""",
}
"""Tried with the policy alone, so on real builtins and without a kernel's layer."""

ONLY_REFUSED = {
    "read globals through a nested format spec",  # comes to it, and trips over it
    "read globals by getattr with a name that lies",  # looked up by its lie, found by its text
    "reach a frame from an async generator",
    "reach a frame by matching a protocol",  # worked past an earlier policy; unguarded it is done more simply
    "define a dunder by the functional Enum",  # the policy's check of this stays in its process when it is left out
    "define a dunder by an Enum of pairs from a generator",
    "put code into a named tuple's field",  # the interpreter refuses
    "scan with re.Scanner",
    "catch with except*",
}
"""Attacks that do not show by themselves that they are real: without the policy they fail too, or in another way."""

NEED_USERNS = frozenset({"userns", "pidns", "netns", "ipcns", "emptyroot"})
"""Layers that are not to be had without a user namespace."""

SYSTEM_PRELUDE = (
    f"MACHINE = {platform.machine()!r}"
    + """
import ctypes, os, signal, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
def numbers(x86_64, aarch64): return x86_64 if MACHINE == "x86_64" else aarch64
def connects(kind, how, address):
    with socket.socket(kind, how) as s:
        s.settimeout(1)
        if how == socket.SOCK_DGRAM: return s.sendto(b"hello", address) == 5
        s.connect(address)
        return True
def attack(**host):
"""
)

SYSTEM = {
    "read a host file by its path": "return open(host['secret']).read() != ''",
    "read a host file by way of a parent folder": "return open('/proc/self/root' + host['secret']).read() != ''",
    "write a host file": "open(host['secret'], 'a').write('!'); return True",
    "create a host file": "open(host['folder'] + '/new', 'w').close(); return True",
    "delete a host file": "os.unlink(host['spare']); return True",
    "rename a host file": "os.rename(host['spare'], host['folder'] + '/renamed'); return True",
    "truncate a host file": "os.truncate(host['secret'], 0); return True",
    "make a host folder": "os.mkdir(host['folder'] + '/made'); return True",
    "make a symbolic link": "os.symlink('/etc', host['folder'] + '/link'); return True",
    "list a host folder": "return os.listdir(host['folder']) != []",
    "leave a file in shared memory": "open('/dev/shm/' + host['name'], 'w').close(); return True",
    "list the host's processes": "return str(host['victim']) in os.listdir('/proc')",
    "read another process's environment": "return b'=' in open(f'/proc/{host[\"victim\"]}/environ', 'rb').read()",
    "read another process's command line": "return b'' != open(f'/proc/{host[\"victim\"]}/cmdline', 'rb').read()",
    "kill a host process": "os.kill(host['victim'], signal.SIGTERM); return True",
    "stop a host process": "os.kill(host['victim'], signal.SIGSTOP); return True",
    "trace a host process": "return syscall(numbers(101, 117), 16, host['victim'], 0, 0) == 0",
    "read another process's memory": '''
    got = ctypes.create_string_buffer(16)
    mine = struct.pack("QQ", ctypes.addressof(got), 16)
    theirs = struct.pack("QQ", host["address"], 16)
    return syscall(numbers(310, 270), host["tester"], mine, 1, theirs, 1, 0) == 16''',
    "take another process's descriptor": '''
    pidfd = syscall(434, host["tester"], 0)
    return pidfd >= 0 and syscall(438, pidfd, 0, 0) >= 0''',
    "fork": '''
    child = os.fork()
    if not child: os._exit(0)
    return os.waitpid(child, 0)[1] == 0''',
    "start a thread": '''
    import _thread
    lock = _thread.allocate_lock(); lock.acquire()
    _thread.start_new_thread(lock.release, ())
    return lock.acquire(timeout=2)''',
    "execute a program": '''
    os.execve("/bin/sh", ["sh", "-c", f"echo > {host['folder']}/executed"], {})''',
    "connect to a port of the host": "return connects(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', host['tcp']))",
    "send a datagram": "return connects(socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', host['udp']))",
    "connect to a unix socket by its path": "return connects(socket.AF_UNIX, socket.SOCK_STREAM, host['unix'])",
    "connect to an abstract unix socket":
        "return connects(socket.AF_UNIX, socket.SOCK_STREAM, '\\0' + host['name'])",
    "listen on a port": '''
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0)); s.listen()
        return True''',
    "attach shared memory of the host": "return libc.shmget(host['key'], 1, 0) >= 0",
    "reach a message queue of the host": "return libc.msgget(host['key'], 0) >= 0",
    "add a key to a keyring":
        "return syscall(numbers(248, 217), b'user', host['name'].encode(), b'x', 1, -2) > 0",
    "make a user namespace": "return libc.unshare(0x10000000) == 0",
    "make a network namespace": "return libc.unshare(0x40000000) == 0",
    "set up an io_uring": "return syscall(425, 2, bytes(120)) >= 0",
    "make a bpf map": "return syscall(numbers(321, 280), 0, struct.pack('IIII', 2, 4, 4, 1) + bytes(104), 120) >= 0",
    "watch performance events": '''
    attributes = struct.pack("IIQQQQ", 1, 112, 0, 0, 0, 0) + bytes(72)
    return syscall(numbers(298, 241), attributes, 0, -1, -1, 0) >= 0''',
    "handle page faults": "return syscall(numbers(323, 282), 1) >= 0",
    "mount": '''
    done = libc.mount(b"none", host["folder"].encode(), b"tmpfs", 0, None) == 0
    done and libc.umount2(host["folder"].encode(), 2)
    return done''',
    "change its root": "os.chroot('/proc' if os.path.exists('/proc') else '/'); return True",
    "name the host": '''
    name = host['host'].encode()
    return libc.sethostname(name, len(name)) == 0''',
    "map memory to execute": '''
    libc.mmap.restype = ctypes.c_void_p
    return libc.mmap(None, 4096, 7, 0x22, -1, 0) != ctypes.c_void_p(-1).value''',
    "make memory executable": '''
    libc.mmap.restype = ctypes.c_void_p
    at = libc.mmap(None, 4096, 3, 0x22, -1, 0)
    return libc.mprotect(ctypes.c_void_p(at), 4096, 7) == 0''',
    "make a file of memory": "return os.memfd_create('x') >= 0",
    "change its personality": "return syscall(numbers(135, 92), 0x0040000) >= 0",
    "turn to another user": '''
    try: os.setresuid(4242, 4242, 4242)
    except OSError: return False
    return True''',
    "watch a folder": "return libc.inotify_init() >= 0",
    "open a descriptor": "return os.dup(0) >= 0",
    "open a pipe": "return len(os.pipe()) == 2",
    "list its network devices": "return bool(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))",
    "take memory without end": '''
    libc.mmap.restype = ctypes.c_void_p
    return libc.mmap(None, ctypes.c_size_t(2 << 30), 3, 0x4022, -1, 0) != ctypes.c_void_p(-1).value''',
    "run a file that gives rights": '''
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writer, 1)
        os.execve(host["giving"], ["cat", host["given"]], {})
    os.close(writer); os.waitpid(child, 0)
    return os.read(reader, 64) != b""''',
}  # fmt: skip


def system(name: str) -> str:
    """The source of one attack on the system; its arguments are what a ``Host`` tells."""
    return f"{SYSTEM_PRELUDE}    {SYSTEM[name].strip()}\n"


RESOURCES = {
    "swallow every exception in a loop": ("timed out", '''
def attack():
    while True:
        try:
            while True: pass
        except BaseException: pass'''),
    "swallow every exception in a finally": ("timed out", '''
def attack():
    while True:
        try: 1 / 0
        finally: continue'''),
    "loop in C": ("timed out", '''
from itertools import count
def attack(): return sum(count())'''),
    "loop in C with time spent in the kernel": ("timed out", '''
from collections import deque
from itertools import repeat
def attack(): deque(map(bytearray, repeat(1 << 24)), maxlen=0)'''),
    "match a catastrophic pattern": ("timed out", '''
import re
def attack(): return re.match("(a+)+$", "a" * 60 + "b") is None'''),
    "raise to a huge power": ("timed out", '''
def attack(): return 7 ** 7 ** 11 % 2'''),
    "take a huge factorial": ("timed out", '''
import math
def attack(): return math.factorial(10 ** 8) % 2'''),
    "collide hashes": ("timed out", '''
class C:
    def __hash__(self): return 1
    def __eq__(self, other): return False
def attack(): return len({C() for _ in range(10 ** 6)})'''),
    "loop in an __eq__": ("timed out", '''
class C:
    def __eq__(self, other):
        while True: pass
def attack(): return [C()].count(1)'''),
    "loop while its error is told": ("timed out", '''
class E(Exception):
    def __str__(self):
        while True: pass
def attack(): raise E'''),
    "allocate one huge list": ("out of memory", '''
def attack(): return len([0] * 10 ** 10)'''),
    "allocate and swallow": ("timed out", '''
def attack():
    kept = []
    while True:
        try: kept.append(bytearray(1 << 20))
        except MemoryError: pass'''),
    "format a number very wide": ("out of memory", '''
def attack(): return len("%*d" % (10 ** 10 // 8, 1))'''),
    "return a result of many megabytes": ("garbled", '''
def attack(): return ["x" * 1000] * 10_000'''),
    "return a result that doubles at each level": ("timed out", '''
def attack():
    value = [1]
    for _ in range(40): value = [value, value]
    return value'''),
    "print without end": ("refused", '''
def attack():
    while True: print("x" * 1000)'''),
    "print a text that lies about its length": ("refused", '''
class S(str):
    def __len__(self): return 0
    def __str__(self): return self
def attack():
    for _ in range(1000): print(S("x" * 1000))'''),
    "recurse without end": ("raised", '''
def attack(): return attack()'''),
}  # fmt: skip
"""Source, and how the call must end; under every layer, with a short limit."""

BOMBS = {
    "nest parentheses": "(" * 5_000 + ")" * 5_000,
    "nest lists": "x = " + "[" * 150 + "]" * 150,
    "add many terms": "x = " + "+".join(["1"] * 25_000),
    "chain many attributes": "x = a" + ".a" * 25_000,
    "negate many times": "x = " + "-" * 50_000 + "1",
    "chain many elifs": "if 0: pass\n" + "elif 0: pass\n" * 4_000,
    "fold a huge constant": "x = 2 ** 2 ** 2 ** 40",
    "repeat a forbidden name": "def hash(): pass\n" + "hash\n" * 11_000,
}

_JSON = {
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "a number no float holds": "1e999",
    "an int of 5,000 digits": "1" * 5_000,
    "a lone surrogate": r'"\ud800"',
    "an array 900 deep": "[" * 900 + "]" * 900,
    "an array 100,000 deep": "[" * 100_000 + "]" * 100_000,
    "no JSON": "{1: 2}",
    "JSON that does not end": '"abc',
}

FORGED = {f"a value that is {name}": f'["returned",{text},"",null,[],null,0.0]' for name, text in _JSON.items()} | {
    "an ending that does not exist": '["won",1,"",null,[],null,0.0]',
    "an ending that only the parent gives": '["died",1,"",null,[],null,0.0]',
    "an ending that is a list": '[["returned"],1,"",null,[],null,0.0]',
    "an error of two lines": r'["raised",null,"a\nb",null,[],null,0.0]',
    "an error that steers a terminal": r'["raised",null,"\u001b[2J",null,[],null,0.0]',
    "an error of a megabyte": f'["raised",null,"{"x" * (1 << 20)}",null,[],null,0.0]',
    "an error that is no text": '["raised",null,1,null,[],null,0.0]',
    "a line that is a text": '["raised",null,"","1",[],null,0.0]',
    "a line that is a truth": '["raised",null,"",true,[],null,0.0]',
    "changes that are no list": '["returned",1,"",null,"xs",null,0.0]',
    "changes that are no names": '["returned",1,"",null,[1],null,0.0]',
    "steps that are a fraction": '["returned",1,"",null,[],0.5,0.0]',
    "seconds that are an int": '["returned",1,"",null,[],null,0]',
    "seconds that are infinite": '["returned",1,"",null,[],null,1e999]',
    "memory that is a fraction": '["returned",1,"",null,[],null,0.0,0.5]',
    "memory that is less than none": '["returned",1,"",null,[],null,0.0,-1]',
    "a member too many": '["returned",1,"",null,[],null,0.0,1,1]',
    "a row too short": '["returned",1]',
    "a row that is a text": '"returned"',
    "two outcomes for one": '["returned",1,"",null,[],null,0.0],["returned",1,"",null,[],null,0.0]',
    "no outcome at all": "",
}
"""Rows of a reply, as a program that took over its worker may write them: none is believed."""

CHANNEL = {
    "writes a frame before the reply": (
        "garbled",
        "os.write(3, struct.pack('<I', 60) + b'{\"nonce\":\"0\",\"worn\":false,\"outcomes\":[]}'.ljust(60)); return 1",
    ),
    "writes a frame that says it has 4 GiB": ("garbled", "os.write(3, b'\\xff' * 4); return 1"),
    "writes garbage": ("garbled", "os.write(3, b'\\x05\\0\\0\\0\\xff\\xfe\\xfd\\xfc\\xfb'); return 1"),
    "writes half a frame and ends": ("died", "os.write(3, b'\\x05\\0\\0\\0{'); os._exit(0)"),
    "closes its channel": ("raised", "os.close(3)\n    while True: pass"),
    "ends with status 0": ("died", "os._exit(0)"),
    "ends with the status that means memory": ("out of memory", "os._exit(12)"),
    "says nothing more": ("timed out", "import _thread as t; x = t.allocate_lock()\n    x.acquire(); x.acquire()"),
    "ignores its clocks": ("timed out", "signal.setitimer(1, 0); signal.setitimer(2, 0)\n    while True: pass"),
    "replaces os.write": ("timed out", "os.write = lambda *a: len(a[1]); return 1"),
    "replaces json.dumps": ("garbled", "import json\n    json.dumps = lambda *a, **k: '0'; return 1"),
    "replaces sys.stdout": ("returned", "sys.stdout = None; return 1"),
    "kills itself through a null pointer": ("died", "ctypes.string_at(0)"),
    "sends its own descriptors": (
        "raised", "socket.socket(fileno=3).sendmsg([b'x'], [(1, 1, struct.pack('i', 0))]); os._exit(0)"),
    "calls what a layer kills for": ("died", "syscall(numbers(101, 117), 0, 0, 0, 0); return 1"),
    "calls by the numbers of x32": ("died", "syscall(0x40000000 + 1, 1, b'', 0); return 1"),
}  # fmt: skip
"""What a program that got past the policy does to its channel, and what the parent makes of it."""


def channel(name: str) -> str:
    return f"{SYSTEM_PRELUDE}    {CHANNEL[name][1]}\n"
