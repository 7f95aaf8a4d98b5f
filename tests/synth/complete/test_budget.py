"""A hard budget holds, whatever the endpoint does; what was sent and lost counts."""

import re

import pytest

from synth.complete import BudgetSpent, CompleterError, Completion, OpenAI, Prices
from tests.endpoint import Endpoint, Fault
from tests.synth.complete.asking import ask, asked, at, pong, some


def test_a_budget_without_prices_is_refused() -> None:
    with pytest.raises(CompleterError, match=r"budget of \$5 cannot be kept without prices: add --prices"):
        OpenAI("tiny", base_url="http://127.0.0.1:1/v1", budget_usd=5)


def test_a_call_that_could_pass_the_budget_is_not_made() -> None:
    with Endpoint(pong) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=0.5)
        with pytest.raises(BudgetSpent, match=r"budget of \$0\.5: \$0\.0000 is spent and the next call could cost \$1"):
            ask(completer)
    assert endpoint.requests == 0


def test_calls_wait_for_those_in_flight_rather_than_stop_the_job_while_money_is_left() -> None:
    with Endpoint(pong, latency_ms=5) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=1.1)
        answers = asked(completer, some(10))
    assert all(isinstance(answer, Completion) for answer in answers)
    assert endpoint.most_in_flight == 1
    assert completer.budget.spent_usd == pytest.approx(10 * 4 * 1000 / 1e6)


def test_the_budget_holds_whatever_the_endpoint_does() -> None:
    kinds = [Fault.RATE_LIMITED, Fault.INTERNAL, Fault.NO_CHOICES, Fault.REFUSED, Fault.NO_USAGE]
    with Endpoint(pong, fault_rate=0.4, fault_kinds=kinds, seed=3) as endpoint:
        completer = at(endpoint, max_tokens=10, prices=Prices(0, 1000), budget_usd=0.2, retries=3)
        answers = asked(completer, some(80))
    billed_tokens = 4 * endpoint.did[None] + 5 * endpoint.did[Fault.NO_USAGE]
    assert any(isinstance(answer, Completion) for answer in answers)
    assert any(isinstance(answer, BudgetSpent) for answer in answers)
    assert billed_tokens * 1000 / 1e6 - 1e-9 <= completer.budget.spent_usd <= 0.2 + 1e-9


def test_an_attempt_that_was_sent_and_lost_counts_at_its_worst() -> None:
    with Endpoint(pong, faults=[Fault.TRUNCATED]) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=10)
        assert ask(completer).cost_usd == pytest.approx(0.004)
    assert completer.budget.spent_usd == pytest.approx(1.004)


def test_a_garbled_answer_counts_at_its_worst() -> None:
    with Endpoint(pong, faults=[Fault.NO_CHOICES]) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=10)
        ask(completer)
    assert completer.budget.spent_usd == pytest.approx(1.004)


def test_an_attempt_that_reached_nobody_counts_nothing() -> None:
    with Endpoint(pong) as endpoint:
        gone = endpoint.url
    completer = OpenAI("tiny", base_url=gone, retries=1, prices=Prices(1, 1), budget_usd=10)
    with pytest.raises(CompleterError, match="cannot reach"):
        ask(completer)
    assert completer.budget.spent_usd == 0


def test_an_attempt_that_was_refused_counts_nothing() -> None:
    with Endpoint(pong, faults=[Fault.RATE_LIMITED, Fault.INTERNAL]) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=10)
        ask(completer)
    assert completer.budget.spent_usd == pytest.approx(0.004)


def test_a_repeat_that_the_budget_has_no_room_for_is_not_sent() -> None:
    with Endpoint(pong, always=Fault.CUT) as endpoint:
        completer = at(endpoint, max_tokens=1000, prices=Prices(0, 1000), budget_usd=1.5)
        with pytest.raises(BudgetSpent, match="never answered count at their worst case"):
            ask(completer)
    assert endpoint.requests == 1


def test_prices_are_two_numbers_with_a_comma() -> None:
    assert Prices.parse(" 1.25, 10") == Prices(1.25, 10)


@pytest.mark.parametrize("text", ["", "1", "1,2,3", "one,two", "-1,2", "nan,1", "1,inf", "$1,$2"])
def test_prices_that_are_none_are_shown_and_the_form_told(text: str) -> None:
    with pytest.raises(CompleterError, match=f"prices {re.escape(repr(text))} cannot be read: write PROMPT,COMPLETION"):
        Prices.parse(text)


@pytest.mark.parametrize("budget_usd", [-1, float("nan")])
def test_a_budget_that_is_no_amount_is_refused(budget_usd: float) -> None:
    with pytest.raises(CompleterError, match="give 0 or more dollars"):
        OpenAI("tiny", base_url="http://127.0.0.1:1/v1", prices=Prices(1, 1), budget_usd=budget_usd)
