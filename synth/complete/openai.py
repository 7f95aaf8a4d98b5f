"""Any endpoint that speaks Chat Completions: OpenAI, vLLM, SGLang, llama.cpp, Ollama.

Not a second client: pauses, repeats and Retry-After are the `openai` library's. What is here is how each fault ends:

| what happens                                                | how it ends                                        |
|-------------------------------------------------------------|----------------------------------------------------|
| nobody listens, no such host, TLS or proxy refuses          | repeated, then `CompleterError`: start the server  |
| 401, 403; no key for the default endpoint; a damaged key    | `CompleterError`: set OPENAI_API_KEY               |
| 404                                                         | `CompleterError`: check the model and the base URL |
| 400 that wants `max_completion_tokens`                      | asked again with that, from then on                |
| 400, 413: longer than the model takes, or filtered          | `Unanswered`, with what the server said            |
| 400, 402, 405, 422 and other 4xx                            | `CompleterError`, with what the server said        |
| 429, 408, 409, 5xx                                          | repeated as Retry-After asks, then `Unanswered`    |
| 429 since the quota is spent, or Retry-After over 2 minutes | `CompleterError`: nothing more can be asked now    |
| cut off: no reply at all, or a body shorter than it says    | repeated, then `Unanswered`                        |
| a body that is not JSON, not UTF-8, or has no choices       | asked anew, twice, then `Unanswered`               |
| null content, or empty and out of tokens                    | `Wordless`, with the refusal or finish reason      |
| a hang                                                      | repeated within the total time, then `Unanswered`  |
| no requests but failed ones, twice the concurrency in a row | `CompleterError`: the endpoint is as good as down  |
| finish reason `length`, with text                           | returned; `finish` says so                         |
| no `usage`, or nonsense in it                               | tokens estimated at 4 characters each              |
| the next call could pass the budget                         | waits for calls in flight, then `BudgetSpent`      |
"""

import asyncio
import json
import math
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from synth.complete import (
    MOST_TOKENS,
    CompleterError,
    Completion,
    Request,
    Unanswered,
    Wordless,
    as_json,
    encodable,
    quoted,
)
from synth.complete.budget import Budget, Prices, metered_client, reached

if TYPE_CHECKING:
    import openai  # the library, not this module; half a second, so that it is loaded when an endpoint is wanted

DEFAULT_BASE_URL = "https://api.openai.com/v1"  # the library's own; the one endpoint known to want a key
RETRIES = 6  # with pauses of 0.5 s doubling to 8 s: half a minute in all
ASKS = 3  # a proxy's error page is often gone by the third
RETRY_AFTER_SECONDS = 120.0  # the longest pause a server can order; the library does not wait longer either
CHARACTERS_PER_TOKEN = 4  # the usual estimate for English and code
MOST_COUNTED = 10**9  # a count of tokens beyond this is no count
THIS_REQUEST = re.compile(r"context.?(length|size|window)|too long|content.?(filter|policy|management)|invalid_prompt")


class _NoReply(Exception):  # noqa: N818  # of the family of Unanswered
    """No answer, and by the endpoint's fault: enough of these in a row and it counts as down."""


class OpenAI:
    """The key comes from OPENAI_API_KEY and stays inside the library. `request_seconds` is the longest silence in
    one attempt, `total_seconds` the longest wait for one answer, repeats included.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        concurrency: int = 16,
        temperature: float | None = None,
        max_tokens: int = MOST_TOKENS,
        request_seconds: float = 300,
        total_seconds: float = 900,
        retries: int = RETRIES,
        prices: Prices | None = None,
        budget_usd: float | None = None,
    ) -> None:
        import openai

        if concurrency < 1:
            raise CompleterError(f"concurrency {concurrency}: at least 1 request must be allowed in flight")
        base_url = base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL
        self.identity = f"openai:{model}"
        self._model = model
        self._place = _checked(base_url)
        self._options = {"model": model} | ({} if temperature is None else {"temperature": temperature})
        self._limit_name = "max_tokens"
        self._total_seconds = total_seconds
        self._concurrency = concurrency
        self._slots = asyncio.Semaphore(concurrency)
        self._failed_in_a_row = 0
        self.budget = Budget(prices, budget_usd, max_tokens)
        http = metered_client(self.budget, request_seconds, concurrency)
        self._client = openai.AsyncOpenAI(
            api_key=_key(base_url), base_url=base_url, max_retries=retries, http_client=http
        )

    async def aclose(self) -> None:
        await self._client.close()

    async def complete(self, request: Request) -> Completion:
        worst_usd = self.budget.worst_usd(sum(len(it["content"].encode()) for it in as_json(request.messages)))
        async with self._slots, self.budget.held(worst_usd):
            started = time.monotonic()
            try:
                async with asyncio.timeout(self._total_seconds):
                    told = await self._ask(request, worst_usd)
            except TimeoutError:
                late = f"no answer within {self._total_seconds:g} s in all"
                raise self._failed(request, f"{late}; if the model is slow, lower the concurrency") from None
            except _NoReply as fault:
                raise self._failed(request, str(fault)) from None
            except Unanswered:
                self._failed_in_a_row = 0
                raise
            self._failed_in_a_row = 0
            return self._account(request, told, time.monotonic() - started)

    def _failed(self, request: Request, why: str) -> Exception:
        self._failed_in_a_row += 1
        if self._failed_in_a_row < 2 * self._concurrency:
            return Unanswered(f"{request.name}: {why}")
        row = f"{self._place} failed {self._failed_in_a_row} requests in a row"
        return CompleterError(f"{row}, the last ({request.name}) with: {why}; see to the endpoint and run again")

    async def _ask(self, request: Request, worst_usd: float) -> dict[str, Any]:
        garbled = ""
        for _ in range(ASKS):
            body = await self._post(request)
            try:
                return _read(body)
            except ValueError as error:
                self.budget.spent_usd += worst_usd
                garbled = quoted(error)
        what = f"answered {ASKS} times with what is no chat completion: {garbled}"
        raise _NoReply(f"{self._place} {what}; does the base URL end where it should, often in /v1?")

    async def _post(self, request: Request) -> bytes:
        """The body of a 200, unread: the library would take anything for an answer."""
        import httpx2
        import openai

        limit_name = self._limit_name
        body = self._options | {limit_name: self.budget.max_tokens, "messages": as_json(request.messages)}
        try:
            # chat.completions.create would check the types of the body at length, a seventh of a call's time
            response = await self._client.post("/chat/completions", cast_to=httpx2.Response, body=body)
            return response.content
        except openai.APIStatusError as error:
            if limit_name == "max_completion_tokens" or "max_completion_tokens" not in _words(error):
                raise self._refused(request, error) from None
        except openai.APIError as error:
            raise self._cut_off(error) from None
        self._limit_name = "max_completion_tokens"
        return await self._post(request)

    def _cut_off(self, error: "openai.APIError") -> Exception:
        cause = error.__cause__
        if reached(cause):
            return _NoReply(f"no whole answer, in every attempt ({type(cause).__name__})")
        why = quoted(cause) or type(cause).__name__
        return CompleterError(f"cannot reach {self._place} ({why}): is it running, and is the base URL right?")

    def _refused(self, request: Request, error: "openai.APIStatusError") -> Exception:
        status, words = error.status_code, _words(error)
        said = f"{self._place} says {status}: {quoted(words) or 'nothing'}"
        if status == 401:  # not quoted: servers repeat the key here
            return CompleterError(f"{self._place} does not accept the key: set OPENAI_API_KEY to one it knows")
        if status == 403:
            return CompleterError(f"{said}; the key in OPENAI_API_KEY may not use {self._model}")
        if status == 404:
            where = "does the base URL end where it should, often in /v1?"
            return CompleterError(f"{said}; is there a model {self._model!r}, and {where}")
        about = f"{error.code} {error.type} {words}".lower()
        if status == 413 or (status in (400, 422) and THIS_REQUEST.search(about)):
            return Unanswered(f"{request.name}: {said}; up to {self.budget.max_tokens} tokens were asked for")
        if status == 429 and _is_final(error):
            return CompleterError(f"{said}; see to the quota, or run again later")
        if status in (408, 409, 429) or status >= 500:
            return _NoReply(f"{said}, in every attempt")
        return CompleterError(f"{said}; the request itself is not to its taste")

    def _account(self, request: Request, told: dict[str, Any], seconds: float) -> Completion:
        """What a reply cost is spent whether or not there is text in it."""
        [choice, *_], usage, model = told["choices"], told.get("usage"), told.get("model")
        text, finish = choice["message"].get("content"), quoted(choice.get("finish_reason") or "stop")
        text = encodable(text) if isinstance(text, str) else None
        counts = usage if isinstance(usage, dict) else {}
        prompt_tokens = _count(counts.get("prompt_tokens"), sum(len(it.content) for it in request.messages))
        completion_tokens = _count(counts.get("completion_tokens"), len(text or ""))
        cost_usd = self.budget.prices.cost(prompt_tokens, completion_tokens)
        self.budget.spent_usd += cost_usd
        if text is None or (not text and finish == "length"):
            why = quoted(choice["message"].get("refusal") or finish)
            hint = "; all tokens went into thinking: allow more" if finish == "length" else ""
            raise Wordless(f"{request.name}: a reply without text ({why}){hint}")
        served = encodable(model) if isinstance(model, str) and model else self._model
        return Completion(text, served, finish, prompt_tokens, completion_tokens, cost_usd, seconds)


def _read(body: bytes) -> dict[str, Any]:
    """A chat completion with at least one choice. Raises ValueError."""
    try:
        told: dict[str, Any] = json.loads(body.decode())
        told["choices"][0]["message"].get("content")
    except (LookupError, TypeError, AttributeError):
        raise ValueError("JSON without choices") from None
    except RecursionError as error:
        raise ValueError(str(error)) from None
    return told


def _count(told: object, characters: int) -> int:
    if isinstance(told, int) and 0 <= told <= MOST_COUNTED:
        return told
    return math.ceil(characters / CHARACTERS_PER_TOKEN)


def _is_final(error: "openai.APIStatusError") -> bool:
    """A 429 that waiting within this run does not cure."""
    with suppress(ValueError):
        if float(error.response.headers.get("retry-after", 0)) > RETRY_AFTER_SECONDS:
            return True
    return re.search(r"insufficient_quota|billing", f"{error.code} {error.type}") is not None


def _words(error: "openai.APIStatusError") -> str:
    """What the server said: the message of a JSON error (`detail` with some servers), or the text of a page."""
    body = error.body
    if isinstance(body, dict):
        return str(body.get("message") or body.get("detail") or body)
    return re.sub("<[^>]*>", " ", str(body or ""))


def _key(base_url: str) -> str:
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key and urlsplit(base_url).hostname == urlsplit(DEFAULT_BASE_URL).hostname:
        raise CompleterError("no key: set OPENAI_API_KEY, or give the base URL of a server that needs none")
    if not re.fullmatch(r"[!-~]*", key):
        raise CompleterError("OPENAI_API_KEY holds a space, a line break or a character outside ASCII: set it anew")
    return key or "none"


def _checked(base_url: str) -> str:
    """It may hold no secret: errors show it, and the HTTP client logs it."""
    if "@" in base_url or "?" in base_url:
        raise CompleterError("the base URL holds a user, a password or a query: put the key into OPENAI_API_KEY")
    with suppress(ValueError):
        parts = urlsplit(base_url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return base_url
    raise CompleterError(f"base URL {base_url!r} cannot be read: write it like http://127.0.0.1:8000/v1")
