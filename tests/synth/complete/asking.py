"""How the tests of this folder ask: one conversation, or many at once, of a completer that is closed afterwards."""

import asyncio
from dataclasses import replace
from typing import Any

from synth.complete import Completer, Completion, Message, OpenAI, Request
from tests.endpoint import Conversation, Endpoint

HELLO = Request("greet", 1, (Message("system", "Be brief."), Message("user", "Hello, world")))


def pong(messages: Conversation) -> str:
    return "pong pong pong pong"


def asked(completer: Completer, requests: list[Request]) -> list[Completion | BaseException]:
    """The answer to each, asked all at once."""

    async def session() -> list[Completion | BaseException]:
        try:
            return await asyncio.gather(*map(completer.complete, requests), return_exceptions=True)
        finally:
            await completer.aclose()

    return asyncio.run(session())


def ask(completer: Completer, request: Request = HELLO) -> Completion:
    [answer] = asked(completer, [request])
    if isinstance(answer, BaseException):
        raise answer
    return answer


def at(endpoint: Endpoint, **options: Any) -> OpenAI:
    return OpenAI("tiny", **{"base_url": endpoint.url, "retries": 2, **options})


def some(count: int) -> list[Request]:
    return [replace(HELLO, task=f"task{number}") for number in range(count)]
