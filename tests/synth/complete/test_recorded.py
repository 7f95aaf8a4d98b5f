"""Recordings, byte by byte; and a server process that answers with them."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth import prompts
from synth.complete import (
    CompleterError,
    Completion,
    Message,
    OpenAI,
    Recorded,
    Recording,
    Request,
    Transcript,
    Unanswered,
)
from synth.tasks import Seeds
from tests.endpoint import Endpoint, Fault
from tests.synth.complete.asking import HELLO, ask, asked, at, pong, some

ROOT = Path(__file__).resolve().parents[3]

KEPT = Transcript(
    task="greet",
    turn=1,
    model="tiny",
    recorded="2026-01-31",
    prompt=HELLO.digest,
    prompt_tokens=12,
    completion_tokens=34,
    finish="stop",
    provenance="Written for this test.",
    reply="Hello.\n",
)

FILE = f"""\
---
task: greet
turn: 1
model: tiny
recorded: 2026-01-31
prompt: {HELLO.digest}
prompt_tokens: 12
completion_tokens: 34
finish: stop
provenance: Written for this test.
---
Hello.
"""


def test_a_recording_is_a_file_that_a_person_can_review() -> None:
    assert bytes(KEPT).decode() == FILE
    assert Transcript.parse(FILE.encode(), Path("greet.1.md")) == KEPT


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_reply_survives_being_recorded_to_the_byte(reply: str) -> None:
    kept = replace(KEPT, reply=reply)
    assert Transcript.parse(bytes(kept), Path("greet.1.md")) == kept


@pytest.mark.parametrize(
    "reply",
    ["", "no newline", "two\n\n", "\n---\ntask: other\n---\n", "---", "a\r\nb\rc\n\r\n", "\ufeffmark", "\x00\x0c"],
)
def test_a_recorded_reply_is_replayed_as_the_endpoint_gave_it(reply: str, tmp_path: Path) -> None:
    with Endpoint(lambda messages: reply) as endpoint:
        live = ask(Recording(at(endpoint), tmp_path, provenance="A test."))
    replayed = ask(Recorded(tmp_path))
    assert live.text == reply
    assert replayed == replace(live, cost_usd=0.0, seconds=0.0)
    assert [path.name for path in tmp_path.iterdir()] == ["greet.1.md"]


def test_a_reworded_prompt_orphans_no_recording(tmp_path: Path) -> None:
    (tmp_path / "greet.1.md").write_bytes(bytes(KEPT))
    assert ask(Recorded(tmp_path), Request("greet", 1, (Message("user", "Good day"),))).text == "Hello.\n"


def test_a_task_that_was_never_recorded_is_unanswered_and_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match=r"no recording at .*greet\.2\.md"):
        ask(Recorded(tmp_path), replace(HELLO, turn=2))


def test_a_directory_that_is_not_there_stops_the_job(tmp_path: Path) -> None:
    with pytest.raises(CompleterError, match=r"no directory of recordings at .*missing"):
        Recorded(tmp_path / "missing")


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"", 1, "no line `---`"),
        (b"Hello\n", 1, "no line `---`"),
        (FILE.replace("\n", "\r\n").encode(), 1, "no line `---`"),
        (b"---\ntask: greet\n", 3, "ends before the second line"),
        (FILE.replace("turn: 1", "turn 1").encode(), 3, "'turn 1' is not a new `key: value`"),
        (FILE.replace("turn: 1", "task: greet").encode(), 3, "not a new"),
        (FILE.replace("turn: 1", "turn: one").encode(), 3, "turn is 'one', not a whole number"),
        (FILE.replace("turn: 1", "turn: 2").encode(), 3, r"it tells greet\.2, its name greet\.1"),
        (FILE.replace("task: greet", "task: other").encode(), 2, r"it tells other\.1"),
        (FILE.replace("finish: stop\n", "").encode(), 10, "the head ends without finish"),
        (FILE.encode().replace(b"model: tiny", b"model: \xff"), 4, "not UTF-8"),
        (FILE.encode() + b"fine\nbroken \xff\n", 14, "not UTF-8"),
    ],
)
def test_a_damaged_recording_is_named_with_the_line(content: bytes, line: int, why: str, tmp_path: Path) -> None:
    (tmp_path / "greet.1.md").write_bytes(content)
    with pytest.raises(CompleterError, match=rf"damaged recording .*greet\.1\.md, line {line}: .*{why}"):
        ask(Recorded(tmp_path))


def test_a_recording_that_is_a_directory_stops_the_job_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "greet.1.md").mkdir()
    with pytest.raises(CompleterError, match="cannot be read"):
        ask(Recorded(tmp_path))


def test_an_unanswered_request_leaves_no_recording(tmp_path: Path) -> None:
    with Endpoint(pong, faults=[Fault.REFUSED]) as endpoint, pytest.raises(Unanswered):
        ask(Recording(at(endpoint), tmp_path, provenance="A test."))
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_recorded_is_found_out_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CompleterError, match=r"cannot record under .*file"):
        Recording(OpenAI("tiny", base_url="http://127.0.0.1:1/v1"), tmp_path / "file", provenance="A test.")


def test_a_recording_that_cannot_be_written_stops_the_job_and_leaves_no_half(tmp_path: Path) -> None:
    (tmp_path / "greet.1.md").mkdir()
    with Endpoint(pong) as endpoint, pytest.raises(CompleterError, match=r"cannot record .*greet"):
        ask(Recording(at(endpoint), tmp_path, provenance="A test."))
    assert [path.name for path in tmp_path.iterdir()] == ["greet.1.md"]


def test_a_header_stays_a_line_whatever_a_model_calls_itself() -> None:
    kept = replace(KEPT, model="tiny\n---\nforged", provenance="Two\nlines.")
    read = Transcript.parse(bytes(kept), Path("greet.1.md"))
    assert (read.model, read.provenance, read.reply) == ("tiny --- forged", "Two lines.", "Hello.\n")


# The endpoint as a process of its own


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The URL of `tests/endpoint.py`, run as a script."""
    command = [sys.executable, str(ROOT / "tests" / "endpoint.py"), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


def keep(folder: Path, *replies: tuple[str, int, str]) -> None:
    for task, turn, reply in replies:
        kept = replace(KEPT, task=task, turn=turn, reply=reply, prompt="of another wording")
        (folder / f"{task}.{turn}.md").write_bytes(bytes(kept))


def texts(url: str, conversations: Iterable[tuple[Message, ...]]) -> list[str]:
    """The answers, asked for one after another."""
    requests = [Request("any", 1, messages) for messages in conversations]
    answers = asked(OpenAI("tiny", base_url=url, concurrency=1), requests)
    return [answer.text if isinstance(answer, Completion) else str(answer) for answer in answers]


def test_a_server_process_knows_task_and_turn_by_the_projects_own_prompts(tmp_path: Path, seeds: Seeds) -> None:
    task, topic = seeds.tasks[0], seeds.topics[0]
    keep(tmp_path, (task.name, 1, "bad"), (task.name, 2, "mended"), (f"propose.{topic.family}.1", 1, "more tasks"))
    first = prompts.write(task, seeds.examples)
    second = (*first, Message("assistant", "bad"), Message("user", "# Your task: other (family)\n"))
    proposal = prompts.propose(topic, seeds.tasks, [], 6)
    with serving("--recorded", str(tmp_path)) as url:
        assert texts(url, [first, second, proposal]) == ["bad", "mended", "more tasks"]


def test_a_server_process_counts_the_rounds_of_a_topic_and_takes_no_repeat_for_a_round(tmp_path: Path) -> None:
    rounds = [("propose.graphs.1", 1, "one"), ("propose.graphs.2", 1, "two"), ("propose.games.1", 1, "other")]
    keep(tmp_path, *rounds)
    first, second, other = ((Message("user", f"Topic: {it}"),) for it in ("graphs. A", "graphs. B", "games. A"))
    with serving("--recorded", str(tmp_path)) as url:
        assert texts(url, [first, first, other, second, first]) == ["one", "one", "other", "two", "one"]


def test_a_server_process_replays_finish_and_tokens_and_refuses_what_is_not_recorded(tmp_path: Path) -> None:
    (tmp_path / "greet.1.md").write_bytes(bytes(replace(KEPT, finish="length")))
    lines = ("# Your task: greet (manners)", "# Your task: unheard_of (manners)", "Hello")
    requests = [Request("any", 1, (Message("user", line),)) for line in lines]
    with serving("--recorded", str(tmp_path)) as url:
        known, *unknown = asked(OpenAI("tiny", base_url=url), requests)
    assert isinstance(known, Completion)
    assert (known.text, known.finish, known.prompt_tokens, known.completion_tokens) == ("Hello.\n", "length", 12, 34)
    assert all("nothing is recorded" in str(answer) for answer in unknown)


def test_the_server_process_holds_64_requests_at_a_time() -> None:
    with serving("--latency-ms", "50") as url:
        answers = asked(OpenAI("tiny", base_url=url, concurrency=64), some(256))
    assert all(isinstance(answer, Completion) for answer in answers)
