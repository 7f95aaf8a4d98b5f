"""What goes to an endpoint and what comes back, over real HTTP; and where keys and addresses may show.

Not here: faults (`test_faults.py`) and money (`test_budget.py`).
"""

import logging
import traceback
from pathlib import Path

import pytest

from synth.complete import CompleterError, Completion, Message, OpenAI, Prices, Recording, Request
from tests.endpoint import Endpoint, Fault
from tests.synth.complete.asking import HELLO, ask, asked, at, pong, some

KEY = "live-8c1f0b7d5e2a4936"

# What is sent, what comes back


def test_an_answer_comes_back_with_its_tokens_model_cost_and_time() -> None:
    with Endpoint(pong, latency_ms=20) as endpoint:
        completion = ask(at(endpoint, prices=Prices(1_000_000, 10_000_000)))
    assert completion == Completion(
        text="pong pong pong pong",
        model="tiny-served",
        finish="stop",
        prompt_tokens=4,
        completion_tokens=4,
        cost_usd=44.0,
        seconds=completion.seconds,
    )
    assert completion.seconds >= 0.02


def test_the_conversation_is_sent_as_it_is_and_nothing_else_that_was_not_asked_for() -> None:
    with Endpoint(pong) as endpoint:
        ask(at(endpoint, max_tokens=77))
    assert endpoint.asked[0].body == {
        "model": "tiny",
        "max_tokens": 77,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello, world"},
        ],
    }


def test_a_temperature_is_sent_when_it_is_given() -> None:
    with Endpoint(pong) as endpoint:
        ask(at(endpoint, temperature=0.0))
    assert endpoint.asked[0].body["temperature"] == 0.0


def test_a_server_that_wants_max_completion_tokens_gets_them_and_is_not_asked_the_old_way_again() -> None:
    with Endpoint(pong, always=Fault.WANTS_COMPLETION_TOKENS) as endpoint:
        completer = at(endpoint, max_tokens=77, concurrency=1)
        answers = asked(completer, some(3))
    assert all(isinstance(answer, Completion) for answer in answers)
    limits = [next(key for key in it.body if key.startswith("max")) for it in endpoint.asked]
    assert limits == ["max_tokens", *["max_completion_tokens"] * 3]
    assert endpoint.asked[1].body["max_completion_tokens"] == 77


def test_no_more_requests_are_in_flight_than_allowed_and_connections_are_used_again() -> None:
    with Endpoint(pong, latency_ms=20) as endpoint:
        answers = asked(at(endpoint, concurrency=5), some(30))
    assert all(isinstance(answer, Completion) for answer in answers)
    assert endpoint.most_in_flight == 5
    assert endpoint.connections == 5


def test_a_megabyte_of_text_is_an_answer() -> None:
    text = "x" * 1_000_000 + "\u00e9\n"
    with Endpoint(lambda messages: text) as endpoint:
        assert ask(at(endpoint)).text == text


def test_an_empty_text_that_the_model_meant_is_an_answer() -> None:
    with Endpoint(lambda messages: "") as endpoint:
        assert ask(at(endpoint)).text == ""


def test_text_cut_short_by_the_token_limit_is_returned_and_says_so() -> None:
    with Endpoint(pong, faults=[Fault.CUT_SHORT]) as endpoint:
        completion = ask(at(endpoint))
    assert (completion.text, completion.finish) == ("pong pong", "length")


@pytest.mark.parametrize("fault", [Fault.NO_USAGE, Fault.ODD_USAGE])
def test_tokens_that_the_server_does_not_count_are_estimated(fault: Fault) -> None:
    with Endpoint(pong, faults=[fault]) as endpoint:
        completion = ask(at(endpoint))
    assert (completion.prompt_tokens, completion.completion_tokens) == (6, 5)


def test_text_that_utf8_cannot_carry_is_made_sound_in_both_directions() -> None:
    with Endpoint(pong, faults=[Fault.HALF_SURROGATE]) as endpoint:
        completion = ask(at(endpoint), Request("odd", 1, (Message("user", "say \udc80"),)))
    assert completion.text == "pong pong pong pong\ufffd"
    assert endpoint.asked[0].body["messages"][0]["content"] == "say \ufffd"


# Keys and addresses


def test_the_default_endpoint_wants_a_key_and_says_how_to_give_it() -> None:
    with pytest.raises(CompleterError, match="no key: set OPENAI_API_KEY"):
        OpenAI("tiny")


def test_another_endpoint_gets_a_placeholder_where_there_is_no_key() -> None:
    with Endpoint(pong) as endpoint:
        ask(at(endpoint))
    assert endpoint.asked[0].headers["authorization"] == "Bearer none"


def test_the_key_goes_to_the_endpoint_without_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    with Endpoint(pong) as endpoint:
        ask(at(endpoint))
    assert endpoint.asked[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("broken", [f"{KEY}\n{KEY}", f"{KEY}\u201d", f"Bearer {KEY}"])
def test_a_key_that_cannot_be_one_is_refused_unseen(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", broken)
    with pytest.raises(CompleterError, match="OPENAI_API_KEY holds a space") as caught:
        OpenAI("tiny")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "fault", [None, Fault.WRONG_KEY, Fault.FORBIDDEN, Fault.INTERNAL, Fault.CUT, Fault.NOT_JSON, Fault.BAD_REQUEST]
)
def test_the_key_is_in_no_log_no_exception_and_no_repr(
    fault: Fault | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with Endpoint(pong, always=fault) as endpoint:
        completer = Recording(at(endpoint, retries=1), tmp_path, provenance="A test.")
        shown = repr(completer) + completer.identity
        [answer] = asked(completer, [HELLO])
    if isinstance(answer, BaseException):
        shown += "".join(traceback.format_exception(answer)) + repr(answer)
    shown += caplog.text + "".join(path.read_text() for path in tmp_path.iterdir())
    assert caplog.records, "the client library logs something at this level"
    assert KEY not in shown
    assert "ab***yz" not in shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("127.0.0.1:8000/v1", "write it like http://127.0.0.1:8000/v1"),
        ("localhost:8000", "write it like"),
        ("http://user:hidden@there/v1", "put the key into OPENAI_API_KEY"),
        ("user:hidden@there/v1", "put the key into OPENAI_API_KEY"),
        ("http://there/v1?key=hidden", "put the key into OPENAI_API_KEY"),
        ("http://127.0.0.1:eighty/v1", "write it like"),
        ("ftp://there/v1", "write it like"),
    ],
)
def test_an_address_that_is_none_is_refused_at_once(url: str, said: str) -> None:
    with pytest.raises(CompleterError, match=said) as caught:
        OpenAI("tiny", base_url=url)
    assert "hidden" not in str(caught.value)
