"""An endpoint that fails in every way we could think of: what passes, what one request ends with, what the job."""

import asyncio

import pytest

from synth.complete import CompleterError, Completion, Message, OpenAI, Request, Unanswered
from tests.endpoint import Endpoint, Fault
from tests.synth.complete.asking import HELLO, ask, asked, at, pong, some

# Faults that pass


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.INTERNAL])
def test_a_storm_of_errors_is_sat_out_as_long_as_the_client_repeats(fault: Fault) -> None:
    with Endpoint(pong, faults=[fault] * 6) as endpoint:
        assert ask(at(endpoint, retries=6)).text == pong([])
    assert endpoint.requests == 7


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.CUT, Fault.NOT_JSON, Fault.NOT_UTF8, Fault.NO_CHOICES])
def test_one_broken_answer_is_asked_for_again(fault: Fault) -> None:
    with Endpoint(pong, faults=[fault]) as endpoint:
        assert ask(at(endpoint)).text == pong([])
    assert endpoint.requests == 2


def test_a_mixed_storm_loses_no_request_and_answers_none_twice() -> None:
    kinds = [Fault.RATE_LIMITED, Fault.INTERNAL, Fault.NOT_UTF8, Fault.NO_CHOICES]
    with Endpoint(lambda messages: messages[0]["content"], fault_rate=0.3, fault_kinds=kinds, seed=7) as endpoint:
        requests = [Request(f"task{n}", 1, (Message("user", f"say {n}"),)) for n in range(100)]
        answers = asked(at(endpoint, retries=6), requests)
    texts = [answer.text if isinstance(answer, Completion) else None for answer in answers]
    wrong = [(n, text) for n, text in enumerate(texts) if text not in (f"say {n}", None)]
    assert not wrong
    assert texts.count(None) <= 20  # garbled three times in a row
    assert {type(answer) for answer in answers} <= {Completion, Unanswered, *Unanswered.__subclasses__()}


# Faults that stay: this request has no answer, the job goes on


@pytest.mark.parametrize(
    ("fault", "requests", "said"),
    [
        (Fault.RATE_LIMITED, 2, "says 429: Slow down, in every attempt"),
        (Fault.INTERNAL, 2, "says 500: Oh dear"),
        (Fault.TRUNCATED, 2, "no whole answer, in every attempt"),
        (Fault.CUT, 2, "no whole answer, in every attempt"),
        (Fault.NOT_JSON, 3, "answered 3 times .* no chat completion: .*often in /v1"),
        (Fault.NOT_UTF8, 3, "'utf-8' codec can't decode"),
        (Fault.DEEP, 3, "recursion"),
        (Fault.NO_CHOICES, 3, "JSON without choices"),
        (Fault.NULL_CONTENT, 1, r"without text \(content_filter\)"),
        (Fault.REFUSED, 1, r"without text \(I would rather not\)"),
        (Fault.THOUGHT_TOO_LONG, 1, r"without text \(length\); all tokens went into thinking: allow more"),
        (Fault.TOO_LONG, 1, "maximum context length is 4096"),
        (Fault.FILTERED, 1, "The prompt was filtered"),
    ],
    ids=lambda it: it.name if isinstance(it, Fault) else "",
)
def test_a_request_that_cannot_be_answered_is_told_apart_in_one_line(fault: Fault, requests: int, said: str) -> None:
    with Endpoint(pong, always=fault) as endpoint:
        with pytest.raises(Unanswered, match=f"^greet.1: .*{said}") as caught:
            ask(at(endpoint, retries=1))
        assert endpoint.requests == requests
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_server_that_hangs_is_given_up_after_its_repeats() -> None:
    with (
        Endpoint(pong, always=Fault.HANG) as endpoint,
        pytest.raises(Unanswered, match=r"no whole answer, in every attempt \(ReadTimeout\)"),
    ):
        ask(at(endpoint, request_seconds=0.3, retries=1))
    assert endpoint.requests == 2


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.TRICKLE])
def test_the_total_time_ends_a_wait_that_the_silence_limit_does_not(fault: Fault) -> None:
    with (
        Endpoint(pong, always=fault) as endpoint,
        pytest.raises(Unanswered, match=r"no answer within 0\.3 s in all"),
    ):
        ask(at(endpoint, total_seconds=0.3))


def test_one_unanswered_request_leaves_the_others_alone() -> None:
    with Endpoint(pong, faults=[Fault.REFUSED]) as endpoint:
        first, *others = asked(at(endpoint, concurrency=1), some(5))
    assert isinstance(first, Unanswered)
    assert all(isinstance(other, Completion) for other in others)


def test_a_request_that_is_cancelled_frees_its_place() -> None:
    async def session(completer: OpenAI) -> str:
        hanging = asyncio.create_task(completer.complete(HELLO))
        while not endpoint.in_flight:
            await asyncio.sleep(0.01)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        assert hanging.cancelled()
        answer = await completer.complete(HELLO)
        await completer.aclose()
        return answer.text

    with Endpoint(pong, faults=[Fault.HANG]) as endpoint:
        assert asyncio.run(session(at(endpoint, concurrency=1))) == pong([])


# Faults that stay: nothing more can be asked


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.WRONG_KEY, "does not accept the key: set OPENAI_API_KEY"),
        (Fault.FORBIDDEN, "says 403: .* the key in OPENAI_API_KEY may not use tiny"),
        (Fault.UNKNOWN_MODEL, "says 404: .* is there a model 'tiny'"),
        (Fault.BAD_REQUEST, "says 400: .*Unsupported value: 'temperature'"),
        (Fault.OUT_OF_QUOTA, "says 429: .*see to the quota"),
        (Fault.COME_BACK_TOMORROW, "says 429: .*run again later"),
    ],
    ids=lambda it: it.name if isinstance(it, Fault) else "",
)
def test_a_job_that_cannot_go_on_stops_with_one_line_that_says_what_to_do(fault: Fault, said: str) -> None:
    with Endpoint(pong, always=fault) as endpoint, pytest.raises(CompleterError, match=said) as caught:
        ask(at(endpoint))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_an_endpoint_where_nobody_listens_is_named() -> None:
    with Endpoint(pong) as endpoint:
        gone = endpoint.url
    with pytest.raises(CompleterError, match=f"cannot reach {gone} .*: is it running"):
        ask(OpenAI("tiny", base_url=gone, retries=1))


def test_an_endpoint_that_comes_up_late_is_waited_for() -> None:
    with Endpoint(pong) as endpoint:
        port = endpoint.port

    async def session() -> str:
        completer = OpenAI("tiny", base_url=f"http://127.0.0.1:{port}/v1", retries=3)
        answer = asyncio.create_task(completer.complete(HELLO))
        await asyncio.sleep(0.2)
        with Endpoint(pong, port=port):
            text = (await answer).text
            await completer.aclose()
        return text

    assert asyncio.run(session()) == pong([])


def test_an_endpoint_that_only_ever_fails_counts_as_down_after_twice_the_concurrency() -> None:
    with Endpoint(pong, always=Fault.NO_CHOICES) as endpoint:
        answers = asked(at(endpoint, concurrency=2), some(6))
    stops = [str(answer) for answer in answers if isinstance(answer, CompleterError)]
    assert len(stops) == 3
    assert any("failed 4 requests in a row, the last (task" in stop for stop in stops)


@pytest.mark.parametrize("sign_of_life", [None, Fault.REFUSED])
def test_an_endpoint_that_answers_now_and_then_is_not_down(sign_of_life: Fault | None) -> None:
    garbled = [Fault.NO_CHOICES] * 3
    with Endpoint(pong, faults=[*garbled, sign_of_life, *garbled, sign_of_life, *garbled]) as endpoint:
        answers = asked(at(endpoint, concurrency=1), some(5))
    assert sum(isinstance(answer, Unanswered) for answer in answers) == (3 if sign_of_life is None else 5)
    assert not any(isinstance(answer, CompleterError) for answer in answers)


def test_an_endpoint_that_refuses_every_request_politely_is_not_down() -> None:
    with Endpoint(lambda messages: None) as endpoint:
        answers = asked(at(endpoint, concurrency=2), some(10))
    assert all(isinstance(answer, Unanswered) for answer in answers)
