"""The jail's behaviour: every ending, batches that lose a worker, sandboxes that fail, threads, and what is left over.

Processes are ended by number, and only those that descend from a sandbox that the test itself started.
"""

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sandbox import Call, Ending, Limits, Outcome, Sandbox, SandboxError, layers
from sandbox.layers import LAYERS

ROOT = Path(__file__).parents[2]

PROGRAM = '''
"""A program with one function for each way to end."""
from collections import Counter
from fractions import Fraction


def add(a, b):
    return a + b


def draw(rng, n):
    return [rng.randint(0, 99) for _ in range(n)]


def shape(value):
    return f"{type(value).__name__} {value!r}"


def divide(n):
    return helper(n)


def helper(n):
    return 1 / n


def deep(n=0):
    return deep(n + 1)


def leave():
    raise SystemExit(3)


def say(text):
    raise ValueError(text)


def show_object():
    raise ValueError(Fraction, helper)


def garbage(kind):
    kinds = {"set": {1}, "keys": {1: 2}, "nan": float("nan"), "int": 10**5000, "text": "\\ud800", "object": Fraction(1)}
    return kinds[kind]


def long(n):
    return "a" * n


def hang():
    while True:
        pass


def swallow():
    while True:
        try:
            while True:
                pass
        except:
            pass


def stuck():
    return sum(iter(int, 1))


def hoard():
    held = []
    while True:
        held.append([0] * 1_000_000)


def change(xs, d):
    xs.append(1)
    return 0


def loop(n):
    total = 0
    for i in range(n):
        total += i
    return total


def chatter(n):
    for _ in range(n):
        print("x" * 99)
    return n


def clock():
    from datetime import datetime
    return str(datetime.now())
'''
QUICK = Limits(call_seconds=0.2)


@pytest.fixture(scope="module")
def quick() -> Iterator[Sandbox]:
    with Sandbox(QUICK) as box:
        yield box


@pytest.fixture
def program(quick: Sandbox):
    with quick.open(PROGRAM) as program:
        assert program.loaded.ending is Ending.RETURNED
        yield program


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def processes(box: Sandbox) -> list[int]:
    """The box's processes: the zygote's launcher first, then the zygote, then workers."""
    return [box._zygote._process.pid, *descendants(box._zygote._process.pid)]


def gone(pids: list[int], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.01)
    return False


# ------------------------------------------------------------------------------------------------- endings


def test_a_call_returns_a_json_value(program):
    outcome = program.call("add", {"a": [1, 2.5], "b": ["é", None, True]})
    assert (outcome.ending, outcome.value) == (Ending.RETURNED, [1, 2.5, "é", None, True])


def test_a_seed_is_a_random_of_that_seed(program):
    rng = Random(11)
    assert program.call("draw", {"n": 4}, seed=11).value == [rng.randint(0, 99) for _ in range(4)]


def test_arguments_come_in_the_declared_shape(quick):
    shapes = {"value": "list[tuple[int, float]]"}
    with quick.open(PROGRAM, shapes) as program:
        assert program.call("shape", {"value": [[1, 2]]}).value == "list [(1, 2.0)]"
        assert program.call("shape", {"value": [[1]]}).error.startswith(
            "TypeError: value takes list[tuple[int, float]]"
        )


def test_an_exception_has_its_words_and_the_programs_innermost_line(program):
    outcome = program.call("divide", {"n": 0})
    line = PROGRAM.splitlines().index("    return 1 / n") + 1
    assert outcome == Outcome(
        Ending.RAISED, error="ZeroDivisionError: division by zero", line=line, seconds=outcome.seconds
    )


@pytest.mark.parametrize(
    ("name", "arguments", "ending", "words"),
    [
        ("deep", {}, Ending.RAISED, "RecursionError: maximum recursion depth exceeded"),
        ("leave", {}, Ending.RAISED, "SystemExit: 3"),
        ("say", {"text": "a\n  b"}, Ending.RAISED, "ValueError: a b"),
        ("nothing", {}, Ending.RAISED, "NameError: the program has no function 'nothing'; there is none"),
        ("Counter", {"iterable": 3}, Ending.RETURNED, ""),
        ("__doc__", {}, Ending.RAISED, "NameError: the program has no function '__doc__'; it is of type str"),
        ("add", {"a": 1}, Ending.RAISED, "TypeError: add() missing 1 required positional argument: 'b'"),
        ("garbage", {"kind": "set"}, Ending.GARBLED, "garbage returned a set, which is not a JSON value"),
        (
            "garbage",
            {"kind": "keys"},
            Ending.GARBLED,
            "garbage returned a dict with int keys; the keys of a JSON object are str",
        ),
        ("garbage", {"kind": "nan"}, Ending.GARBLED, "garbage returned a float that is not finite (nan or inf)"),
        ("garbage", {"kind": "int"}, Ending.GARBLED, "garbage returned an int with more digits"),
        ("garbage", {"kind": "text"}, Ending.GARBLED, "garbage returned text with a lone surrogate"),
        ("garbage", {"kind": "object"}, Ending.GARBLED, "garbage returned a Fraction, which is not a JSON value"),
        ("long", {"n": 2 << 20}, Ending.GARBLED, "long returned 2097154 bytes of JSON; at most 1048576 are read"),
        ("hang", {}, Ending.TIMED_OUT, "used more than 0.2 s of processor time"),
        ("swallow", {}, Ending.TIMED_OUT, "used more than 0.2 s of processor time"),
        ("stuck", {}, Ending.TIMED_OUT, "used more than 0.2 s of processor time"),
        ("chatter", {"n": 10_000}, Ending.REFUSED, "printed more than 65536 characters in one call"),
        ("chatter", {"n": 10}, Ending.RETURNED, ""),
        ("clock", {}, Ending.REFUSED, "a result must not depend on the time"),
    ],
)
def test_each_way_to_end_has_its_ending_and_its_words(program, name, arguments, ending, words):
    outcome = program.call(name, arguments)
    assert outcome.ending is ending
    assert words in outcome.error
    assert program.call("add", {"a": 1, "b": 2}).value == 3


def test_a_program_that_hoards_is_out_of_memory(box):
    with box.open(PROGRAM) as program:
        outcome = program.call("hoard", {})
        assert (outcome.ending, outcome.error) == (Ending.OUT_OF_MEMORY, "used more than 512 MiB of memory")
        assert program.call("add", {"a": 1, "b": 2}).value == 3


def test_errors_are_the_same_in_another_process(box, quick):
    with box.open(PROGRAM) as one, quick.open(PROGRAM) as two:
        first, second = (program.call("show_object", {}) for program in (one, two))
    assert first.error == second.error
    assert "0x.." in first.error


def test_an_error_is_one_line_of_500_characters_at_most(program):
    assert len(program.call("say", {"text": "word " * 1000}).error) == 500


def test_changed_arguments_are_told_when_watched(program):
    (outcome,) = program.map([Call("change", {"xs": [], "d": {}})], watch=True)
    assert (outcome.value, outcome.changed) == (0, ("xs",))
    assert program.call("change", {"xs": [], "d": {}}).changed == ()


def test_the_lines_that_a_call_runs_are_counted_and_always_the_same(program):
    counted = program.map([Call("loop", {"n": n}) for n in (0, 10, 10)], count=True)
    assert [outcome.steps for outcome in counted] == [3, 23, 23]
    assert program.call("loop", {"n": 1}).steps is None


def test_what_may_be_returned_may_also_be_given(program):
    value: list = []
    for _ in range(63):
        value = [value]
    assert program.call("add", {"a": value, "b": []}).value == value


@pytest.mark.parametrize("value", [{1}, float("nan"), {1: 2}, "\ud800", [10**5000]])
def test_arguments_that_are_not_json_are_the_callers_error(program, value):
    with pytest.raises(ValueError, match="the arguments of a call hold"):
        program.call("add", {"a": value, "b": 0})


# ------------------------------------------------------------------------------------------------- loading


@pytest.mark.parametrize(
    ("source", "ending", "words", "line"),
    [
        ("x = 1", Ending.RETURNED, "", None),
        ("x = 1\nimport numpy", Ending.REFUSED, "line 2: import of 'numpy' is not allowed; use math", 2),
        ("import random\n\nrandom.random()", Ending.REFUSED, "line 3: 'random' of 'random' is not allowed", 3),
        ("\nx = (1", Ending.RAISED, "SyntaxError: '(' was never closed", 2),
        ("\n1 / 0", Ending.RAISED, "ZeroDivisionError: division by zero", 2),
        ("while True: pass", Ending.TIMED_OUT, "used more than 0.2 s of processor time", None),
        ("x = [0] * 10**10", Ending.OUT_OF_MEMORY, "used more than 512 MiB of memory", 1),
        ("x = '\ud800'", Ending.REFUSED, "the source is text with a lone surrogate", None),
        ("x = 1\n" * 20_000, Ending.REFUSED, "the source has 120000 characters", None),
        ("x = " + "+".join("1" * 25_000), Ending.RAISED, "RecursionError", None),
    ],
    ids=range(10),
)
def test_loading_is_an_outcome_whatever_the_source(quick, source, ending, words, line):
    with quick.open(source) as program:
        assert (program.loaded.ending, program.loaded.line) == (ending, line)
        assert words in program.loaded.error
        if ending is not Ending.RETURNED:
            assert program.map([Call("f", {}), Call("g", {})]) == [program.loaded] * 2


def test_the_hash_seed_is_the_programs():
    orders = []
    for seed in (0, 1, 0):
        with Sandbox(hash_seed=seed) as box, box.open("def f(): return list({str(i) for i in range(20)})") as program:
            orders.append(program.call("f", {}).value)
    assert orders[0] == orders[2] != orders[1]


# ------------------------------------------------------------------------------------------------- batches


def test_one_hang_costs_one_call_and_the_batch_goes_on(program):
    calls = [Call("add", {"a": n, "b": 0}) for n in range(6)]
    calls[1], calls[3], calls[4] = Call("stuck", {}), Call("hang", {}), Call("divide", {"n": 0})
    outcomes = program.map(calls)
    r, t, x = Ending.RETURNED, Ending.TIMED_OUT, Ending.RAISED
    assert [outcome.ending for outcome in outcomes] == [r, t, r, t, x, r]
    assert [outcome.value for outcome in outcomes] == [0, None, 2, None, None, 5]


def test_a_batch_whose_answer_is_long_is_answered_in_parts(program):
    outcomes = program.map([Call("long", {"n": 1_000_000}) for _ in range(7)])
    assert [len(outcome.value) for outcome in outcomes] == [1_000_000] * 7


def test_a_batch_whose_request_is_long_is_sent_in_parts(program):
    text = "a" * 900_000
    outcomes = program.map([Call("add", {"a": text, "b": str(n)}) for n in range(9)])
    assert [outcome.value for outcome in outcomes] == [text + str(n) for n in range(9)]


def test_an_empty_batch_has_no_outcomes(program):
    assert program.map([]) == []


CRASHES = """
import os, sys, signal, json, struct
def add(a, b): return a + b
def end(status): os._exit(status)
def fault(): os.abort()
def reset():
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN); signal.signal(signal.SIGPROF, signal.SIG_IGN)
    while True: signal.pause()
def close(): os.close(3); hang()
def hang():
    while True: pass
def write(text): os.write(3, text.encode("latin-1")); return 1
def forge(rows):
    frame = sys._getframe()
    while "request" not in frame.f_locals: frame = frame.f_back
    nonce = frame.f_locals["request"]["nonce"]
    reply = b'{"nonce":"%s","worn":false,"outcomes":%s}' % (nonce.encode(), rows.encode())
    os.write(3, struct.pack("<I", len(reply)) + reply)
    os._exit(0)
"""
ROW = '["returned", 7, "", null, [], null, 0.5]'


@pytest.fixture(scope="module")
def open_box() -> Iterator[Sandbox]:
    """A sandbox whose programs can reach the operating system."""
    with Sandbox(QUICK, without={"policy", "seccomp"}, allow_missing={"policy", "seccomp"}) as box:
        yield box


@pytest.mark.parametrize(
    ("name", "arguments", "ending", "words"),
    [
        ("end", {"status": 0}, Ending.DIED, "its process ended with status 0"),
        ("end", {"status": 70}, Ending.DIED, "its process ended with status 70"),
        ("end", {"status": 12}, Ending.OUT_OF_MEMORY, "used more than"),
        ("fault", {}, Ending.DIED, "its process was ended by SIGABRT"),
        ("reset", {}, Ending.TIMED_OUT, "did not come back"),
        ("close", {}, Ending.DIED, "its process"),
        ("write", {"text": "\xff\xff\xff\xff"}, Ending.GARBLED, "its worker wrote a frame of 4294967295 bytes"),
        ("write", {"text": "\x04\x00\x00\x00nope"}, Ending.GARBLED, "its worker wrote not JSON"),
        ("write", {"text": '\x0b\x00\x00\x00{"nonce":1}'}, Ending.GARBLED, "not a reply to what it was asked"),
        ("forge", {"rows": "[]"}, Ending.GARBLED, "another number of outcomes"),
        ("forge", {"rows": f"[{ROW}, {ROW}]"}, Ending.GARBLED, "another number of outcomes"),
        ("forge", {"rows": ROW}, Ending.GARBLED, "what is not a reply"),
        ("forge", {"rows": f"[{ROW.replace('returned', 'died')}]"}, Ending.GARBLED, "what is not a reply"),
        ("forge", {"rows": f"[{ROW.replace('0.5', '1e999')}]"}, Ending.GARBLED, "its worker wrote"),
        ("forge", {"rows": f"[{ROW.replace('7', '[' * 70 + ']' * 70)}]"}, Ending.GARBLED, "what is not a reply"),
        ("forge", {"rows": f"[{ROW.replace('null, []', 'true, []')}]"}, Ending.GARBLED, "what is not a reply"),
        ("forge", {"rows": f"[{ROW}]"}, Ending.RETURNED, ""),  # a lie about its own call is all that is left to it
    ],
)
def test_a_worker_that_dies_or_lies_is_replaced(open_box, name, arguments, ending, words):
    with open_box.open(CRASHES) as program:
        outcome = program.call(name, arguments)
        assert program.call("add", {"a": 3, "b": 4}).value == 7
    assert outcome.ending is ending
    assert words in outcome.error


def test_a_worker_that_dies_is_replaced_and_the_batch_goes_on(open_box):
    calls = [Call("add", {"a": n, "b": 0}) for n in range(5)]
    calls[2] = Call("end", {"status": 1})
    with open_box.open(CRASHES) as program:
        outcomes = program.map(calls)
    assert [outcome.value for outcome in outcomes] == [0, 1, None, 3, 4]
    assert outcomes[2].ending is Ending.DIED


# ----------------------------------------------------------------------------------- the sandbox itself fails


def test_a_worker_killed_from_outside_between_calls_is_replaced():
    with Sandbox() as box, box.open(PROGRAM) as program:
        for pid in processes(box)[2:]:
            os.kill(pid, signal.SIGKILL)
        assert program.call("add", {"a": 1, "b": 2}).value == 3


def test_a_zygote_that_dies_is_replaced_for_every_session():
    with Sandbox() as box, box.open(PROGRAM) as one, box.open(PROGRAM) as two:
        first = processes(box)
        os.kill(first[0], signal.SIGKILL)
        assert gone(first[1:])
        assert [program.call("add", {"a": 1, "b": 2}).value for program in (one, two)] == [3, 3]
        assert not {*first} & {*processes(box)}


def test_a_zygote_that_dies_in_the_middle_of_a_batch_is_replaced_and_the_outcomes_are_true():
    with Sandbox() as box, box.open(PROGRAM) as program:
        timer = threading.Timer(0.3, os.kill, (processes(box)[0], signal.SIGKILL))
        timer.start()
        outcomes = program.map([Call("loop", {"n": 300_000}) for _ in range(60)])
        timer.join()
    assert {outcome.value for outcome in outcomes} == {sum(range(300_000))}


def test_a_worker_killed_from_outside_again_and_again_is_an_error_and_no_verdict():
    with Sandbox() as box, box.open(PROGRAM) as program:
        end = threading.Event()

        def kill():
            while not end.wait(0.01):
                for pid in processes(box)[2:]:
                    os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            with pytest.raises(SandboxError, match="3 times in a row"):
                program.call("hang", {})
        finally:
            end.set()
            killer.join()


def test_an_interpreter_that_cannot_start_is_an_error_with_its_words(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SandboxError, match="did not start"):
        Sandbox()


# -------------------------------------------------------------------------------------------------- layers


def test_the_manifest_says_what_is_active_and_why_the_rest_is_not():
    with Sandbox(without={"landlock"}) as box:
        manifest = box.manifest
    assert {*manifest.active} | manifest.missing.keys() == {*LAYERS}
    assert manifest.missing["landlock"] == "left out by without="
    assert manifest.asdict()["restrictedpython"].startswith("9.")


@pytest.mark.parametrize("layer", ["policy", "nnp", "seccomp", "rlimits"])
def test_a_required_layer_is_left_out_only_by_permission(layer):
    with pytest.raises(SandboxError, match=rf"{layer}: left out by without=.*allow_missing=.*'{layer}'"):
        Sandbox(without={layer})
    with Sandbox(without={layer}, allow_missing={layer, "seccomp", "landlock"}) as box:
        assert layer not in box.manifest.active


def test_one_barrier_before_the_files_is_required():
    both = {"landlock", "emptyroot"}
    with pytest.raises(SandboxError, match="outer="):
        Sandbox(without=both)
    for enough in ({"outer": "vm"}, {"allow_missing": {"landlock"}}, {"allow_missing": {"emptyroot"}}):
        with Sandbox(without=both, **enough) as box:
            assert not both & {*box.manifest.active}


@pytest.mark.parametrize("wrong", [{"without": {"walls"}}, {"allow_missing": {"walls"}}, {"outer": "hope"}])
def test_names_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=r"walls|hope"):
        Sandbox(**wrong)


@pytest.mark.parametrize("wrong", [{"call_seconds": 0}, {"call_seconds": float("nan")}, {"result_bytes": 1 << 30}])
def test_limits_that_limit_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="Limits"):
        Limits(**wrong)


def decided(instructions: bytes, number: int, architecture: int, protection: int = 0) -> int:
    """What the kernel would do about a call, by running the filter as it does."""
    program = list(struct.iter_unpack("HBBI", instructions))
    seen, place, held = {0: number, 4: architecture, 32: protection}, 0, 0
    while True:
        code, yes, no, value = program[place]
        if code == layers._RETURN:
            return value
        if code == layers._LOAD:
            held, step = seen[value], 0
        else:
            holds = {layers._EQUAL: held == value, layers._AT_LEAST: held >= value, layers._ANY_BIT: held & value}[code]
            step = yes if holds else no
        place += 1 + step


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_says_of_every_number_what_the_tables_say(machine, monkeypatch):
    monkeypatch.setattr(layers.platform, "machine", lambda: machine)
    architecture, numbers = layers._ARCHITECTURES[machine]
    instructions = layers.seccomp_filter.__wrapped__()
    allowed = {numbers[name] for name in " ".join(layers._ALLOWED.values()).split()}
    killed = {numbers[name] for name in layers._KILLED.split() if name in numbers}
    memory = {numbers[name] for name in layers._WITHOUT_EXEC.split()}
    for number in range(1000):
        expected = layers._ALLOW if number in allowed | memory else layers._KILL if number in killed else layers._DENY
        assert decided(instructions, number, architecture) == expected
    for number in memory:
        assert decided(instructions, number, architecture, protection=7) == layers._DENY
    assert decided(instructions, 0, architecture + 1) == layers._KILL
    x32 = decided(instructions, 0x4000_0000, architecture)
    assert x32 == (layers._KILL if machine == "x86_64" else layers._DENY)


@pytest.mark.parametrize("without", [{"userns"}, {"uid"}, {"userns", "uid"}, {"landlock"}, {"policy"}])
def test_it_works_with_less(without):
    with Sandbox(without=without, allow_missing=without) as box, box.open(PROGRAM) as program:
        assert program.call("add", {"a": 1, "b": 2}).value == 3


# ------------------------------------------------------------------------------------- threads and the end


def test_many_threads_share_a_sandbox_and_no_reply_is_mixed_up(box):
    wrong = []

    def work(factor: int) -> None:
        with box.open(f"def f(n): return n * {factor}") as program:
            for _ in range(20):
                values = [outcome.value for outcome in program.map([Call("f", {"n": n}) for n in range(10)])]
                if values != [n * factor for n in range(10)]:
                    wrong.append((factor, values))

    threads = [threading.Thread(target=work, args=(factor,)) for factor in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_runs_after_close_and_closing_again_is_harmless():
    box = Sandbox()
    sessions = [box.open(PROGRAM) for _ in range(3)]
    pids = processes(box)
    assert len(pids) >= 5
    box.close()
    box.close()
    sessions[0].close()
    assert gone(pids)
    with pytest.raises(SandboxError, match="closed"):
        sessions[1].call("add", {"a": 1, "b": 2})
    with pytest.raises(SandboxError, match="closed"):
        box.open(PROGRAM)


def test_no_descriptor_is_left_open():
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with Sandbox(QUICK) as box, box.open(PROGRAM) as program:
            program.map([Call("stuck", {}), Call("add", {"a": 1, "b": 2})])
            box.open("import numpy")
            os.kill(processes(box)[0], signal.SIGKILL)
            program.call("add", {"a": 1, "b": 2})
            box.open(PROGRAM)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_sandbox_closed_by_another_thread_ends_a_session_at_work():
    box = Sandbox(Limits(call_seconds=30))
    program = box.open(PROGRAM)
    ended = []

    def work() -> None:
        try:
            program.call("hang", {})
        except SandboxError as error:
            ended.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    box.close()
    thread.join()
    assert len(ended) == 1
    assert "closed" in ended[0]


@pytest.mark.parametrize("without", ["", "userns"])
def test_nothing_runs_after_the_parent_is_killed(without):
    source = (
        "import sys, time; from sandbox import *\n"
        f"box = Sandbox(without={[without] if without else []})\n"
        "box.open('def f(): pass')\n"
        "print(box._zygote._process.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout
    launcher = int(parent.stdout.readline())
    pids = [launcher, *descendants(launcher)]
    assert len(pids) >= 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(pids)


def test_a_program_has_no_environment_and_nothing_of_the_parent(monkeypatch):
    source = "import os, sys\ndef f(): return [sorted(os.environ), sys.path, os.path.exists('/etc')]"
    monkeypatch.setenv("API_KEY", "secret")
    with (
        Sandbox(without={"policy", "seccomp", "landlock"}, allow_missing={"policy", "seccomp"}) as box,
        box.open(source) as program,
    ):
        assert program.call("f", {}).value == [["LC_ALL", "PYTHONHASHSEED", "TZ"], [], False]


def test_an_interpreter_that_cannot_be_started_is_a_sandbox_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SandboxError, match="/nowhere/python cannot be started for the sandbox: No such file"):
        Sandbox()
