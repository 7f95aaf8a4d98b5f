"""One completer and many threads: what is asked at once, how trouble ends, and names that a request can have."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.audit.asking import Line, task
from synth.complete import CompleterError, Completion, Message, OpenAI, Request, Unanswered
from tests.endpoint import Conversation, Endpoint, Fault


def echo(messages: Conversation) -> str:
    return messages[-1]["content"]


def requests(of: str, count: int = 3) -> list[Request]:
    return [Request(of, turn, (Message("user", f"{of} {turn}"),)) for turn in range(1, count + 1)]


def said(replies: list[Completion | Unanswered]) -> list[str]:
    return [reply.text if isinstance(reply, Completion) else "nothing" for reply in replies]


def test_threads_share_a_completer_and_each_gets_its_own_replies_in_order() -> None:
    names = [f"task{number}" for number in range(8)]
    with Endpoint(echo, latency_ms=10) as endpoint, Line(OpenAI("m", base_url=endpoint.url, concurrency=5)) as line:
        with ThreadPoolExecutor(4) as threads:
            replies = list(threads.map(lambda name: said(line.ask(requests(name))), names))
        assert replies == [[f"{name} {turn}" for turn in (1, 2, 3)] for name in names]
        assert 1 < endpoint.most_in_flight <= 5


def test_a_request_without_an_answer_leaves_the_others_theirs() -> None:
    with (
        Endpoint(lambda messages: None if echo(messages) == "t 2" else "yes") as endpoint,
        Line(OpenAI("m", base_url=endpoint.url)) as line,
    ):
        assert said(line.ask(requests("t"))) == ["yes", "nothing", "yes"]


def test_when_nothing_more_can_be_asked_it_is_an_error_for_every_asker() -> None:
    with Endpoint(echo, always=Fault.UNKNOWN_MODEL) as endpoint, Line(OpenAI("m", base_url=endpoint.url)) as line:
        for _ in range(2):
            with pytest.raises(CompleterError, match="is there a model 'm'"):
                line.ask(requests("t"))


def test_a_line_that_was_closed_may_be_closed_again_and_asked_no_more() -> None:
    with Endpoint(echo) as endpoint:
        line = Line(OpenAI("m", base_url=endpoint.url))
        line.close()
        line.close()
        with pytest.raises(RuntimeError, match="closed"):
            line.ask(requests("t"))


@pytest.mark.parametrize(
    "name", ["longest_run", "sequential(a, b)", "my file (2)", "", "ключ", "x" * 300, "gym:word_sort"]
)
def test_any_name_makes_a_request_and_a_file(name: str, tmp_path: Path) -> None:
    request = Request(task(name, "solve"), 1, (Message("user", "?"),))
    (tmp_path / f"{request.name}.md").write_text("")


def test_different_names_make_different_requests() -> None:
    names = ["a b", "a-b", "a(b", "a(b)", "loop(a)", "loop(b)"]
    assert len({task(name, "solve") for name in names}) == len(names)
