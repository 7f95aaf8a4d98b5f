"""A real HTTP server on this machine that speaks Chat Completions as far as the tests need it, and fails on demand.

It is no model: its replies come from a function of the conversation, or from recordings. In a test:

    with Endpoint(lambda messages: "pong", faults=[Fault.RATE_LIMITED]) as endpoint:
        ...  # endpoint.url; then endpoint.requests, endpoint.most_in_flight, endpoint.asked

As a process of its own, which prints its port on the first line and answers with recordings (task and turn are not
told over the wire, so that it knows them by a line of the prompt and by the replies so far; not by the prompt's digest,
for a reworded template must orphan nothing):

    python tests/endpoint.py --port 0 --recorded seeds/recorded --latency-ms 200
"""

import argparse
import asyncio
import contextlib
import json
import random
import re
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Self

Conversation = list[dict[str, str]]

QUICKLY = {"retry-after-ms": "10"}
"""What a well-meaning server says; it spares the tests the client's own pauses."""


class Fault(Enum):
    """What the server does instead of answering."""

    WRONG_KEY = auto()
    """401, repeating the key as some servers do."""
    FORBIDDEN = auto()
    UNKNOWN_MODEL = auto()
    BAD_REQUEST = auto()
    TOO_LONG = auto()
    """400: the conversation does not fit the model."""
    FILTERED = auto()
    WANTS_COMPLETION_TOKENS = auto()
    """400, but only where the request has `max_tokens`; otherwise an answer."""
    RATE_LIMITED = auto()
    """429 with a Retry-After of 10 ms."""
    COME_BACK_TOMORROW = auto()
    """429 with a Retry-After of a day."""
    OUT_OF_QUOTA = auto()
    INTERNAL = auto()
    """500 with a page of HTML."""
    TRUNCATED = auto()
    """Half of the body that Content-Length promises."""
    CUT = auto()
    """The connection closes without a word."""
    HANG = auto()
    """Nothing, for an hour."""
    TRICKLE = auto()
    """A body that comes a byte at a time, for ever."""
    NOT_JSON = auto()
    NOT_UTF8 = auto()
    DEEP = auto()
    """JSON nested 100,000 deep."""
    NO_CHOICES = auto()
    NULL_CONTENT = auto()
    REFUSED = auto()
    """Null content and a refusal."""
    THOUGHT_TOO_LONG = auto()
    """Empty content, finish reason `length`."""
    CUT_SHORT = auto()
    """The answer's first half, finish reason `length`."""
    NO_USAGE = auto()
    ODD_USAGE = auto()
    """Token counts that are no counts."""
    HALF_SURROGATE = auto()
    """Text that JSON can carry and UTF-8 cannot."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Said:
    """A reply with what comes beside the text; tokens that are not given are counted in words."""

    text: str | None
    finish: str = "stop"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    refusal: str | None = None


Reply = Callable[[Conversation], str | Said | None]


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def head(self) -> bytes:
        told = {"content-type": "application/json", "content-length": str(len(self.body))} | self.headers
        lines = [f"HTTP/1.1 {self.status} -", *(f"{name}: {value}" for name, value in told.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def error(status: int, message: str, code: str | None = None, **headers: str) -> Response:
    told = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, json.dumps(told).encode(), named)


def answer(asked: Asked, said: Said, **odd: Any) -> Response:
    """A chat completion, of which `odd` replaces members."""
    words = sum(len(message["content"].split()) for message in asked.body["messages"])
    prompt = words if said.prompt_tokens is None else said.prompt_tokens
    completion = len((said.text or "").split()) if said.completion_tokens is None else said.completion_tokens
    message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    told = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": f"{asked.body['model']}-served",
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }
    return Response(200, json.dumps(told | odd).encode())


def faulty(fault: Fault, asked: Asked, said: Said) -> Response:
    """The response of a fault that is one; TRUNCATED, CUT, HANG and TRICKLE are told on the wire instead."""
    whole, text = answer(asked, said), said.text or ""
    key = asked.headers.get("authorization", "").removeprefix("Bearer ")
    responses = {
        Fault.WRONG_KEY: error(401, f"Incorrect API key provided: {key}."),
        Fault.FORBIDDEN: error(403, f"{key} (ab***yz) may not use this model", "model_not_allowed"),
        Fault.UNKNOWN_MODEL: error(404, f"The model `{asked.body['model']}` does not exist", "model_not_found"),
        Fault.BAD_REQUEST: error(400, "Unsupported value: 'temperature'", "unsupported_value"),
        Fault.TOO_LONG: error(400, "This model's maximum context length is 4096 tokens", "context_length_exceeded"),
        Fault.FILTERED: error(400, "The prompt was filtered", "content_filter"),
        Fault.RATE_LIMITED: error(429, "Slow down", "rate_limit_exceeded", retry_after="0.01"),
        Fault.COME_BACK_TOMORROW: error(429, "Daily limit", "rate_limit_exceeded", retry_after="86400"),
        Fault.OUT_OF_QUOTA: error(429, "You exceeded your quota", "insufficient_quota", **QUICKLY),
        Fault.INTERNAL: Response(
            500, b"<html>\n<h1>Oh dear</h1>\n" + b"x" * 5_000, {"content-type": "text/html"} | QUICKLY
        ),
        Fault.NOT_JSON: Response(200, b"<html>hello</html>", {"content-type": "text/html"}),
        Fault.NOT_UTF8: Response(200, whole.body.replace(b"chatcmpl", b"\xff\xfe\xfa")),
        Fault.DEEP: Response(200, b"[" * 100_000),
        Fault.NO_CHOICES: answer(asked, said, choices=[]),
        Fault.NULL_CONTENT: answer(asked, Said(None, finish="content_filter")),
        Fault.REFUSED: answer(asked, Said(None, refusal="I would rather not")),
        Fault.THOUGHT_TOO_LONG: answer(asked, Said("", finish="length")),
        Fault.CUT_SHORT: answer(asked, Said(text[: len(text) // 2], finish="length")),
        Fault.NO_USAGE: answer(asked, said, usage=None),
        Fault.ODD_USAGE: answer(asked, said, usage={"prompt_tokens": -3, "completion_tokens": 10**400}),
        Fault.HALF_SURROGATE: answer(asked, Said(f"{text}\ud800")),
    }
    if fault is Fault.WANTS_COMPLETION_TOKENS and "max_tokens" in asked.body:
        return error(400, "Unsupported parameter: use 'max_completion_tokens' instead of 'max_tokens'")
    return responses.get(fault, whole)


class Endpoint:
    """The server, in a thread of its own while the `with` lasts.

    `reply` maps a conversation to text, to None for a refusal, or to `Said`. `faults` come first, one a request, where
    None is an answer; then `always`, if given; else, with probability `fault_rate`, one of `fault_kinds`.
    """

    def __init__(
        self,
        reply: Reply,
        *,
        latency_ms: float = 0,
        faults: Iterable[Fault | None] = (),
        always: Fault | None = None,
        fault_rate: float = 0,
        fault_kinds: Sequence[Fault] = (Fault.RATE_LIMITED, Fault.INTERNAL, Fault.TRUNCATED),
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self._reply = reply
        self._latency_seconds = latency_ms / 1000
        self._faults = deque(faults)
        self._always = always
        self._fault_rate = fault_rate
        self._fault_kinds = fault_kinds
        self._rng = random.Random(seed)
        self.port = port
        self.asked: list[Asked] = []
        self.did: Counter[Fault | None] = Counter()
        """How often each fault was played; None for answers."""
        self.connections = 0
        self.in_flight = 0
        self.most_in_flight = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def requests(self) -> int:
        return len(self.asked)

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready.set)), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the endpoint did not start within 10 s")
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _run(self, started: Callable[[], None]) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        started()
        await self._stop.wait()
        server.close()  # connections still open are cancelled with their tasks when the loop ends

    def serve_forever(self, started: Callable[[], None]) -> None:
        """Until interrupted, in this thread."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._run(started))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: requests one after another until either side closes."""
        self.connections += 1
        gone = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.closing(writer), contextlib.suppress(*gone):
            while True:
                asked = await _request(reader)
                self.asked.append(asked)
                self.in_flight += 1
                self.most_in_flight = max(self.most_in_flight, self.in_flight)
                try:
                    if not await self._respond(asked, writer):
                        return
                finally:
                    self.in_flight -= 1

    def _next_fault(self) -> Fault | None:
        if self._faults:
            return self._faults.popleft()
        if self._always is None and self._rng.random() < self._fault_rate:
            return self._rng.choice(self._fault_kinds)
        return self._always

    async def _respond(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection is good for another request."""
        fault = self._next_fault()
        self.did[fault] += 1
        await asyncio.sleep(self._latency_seconds)
        if fault is Fault.CUT:
            return False
        if fault is Fault.HANG:
            await asyncio.sleep(3600)
        told = self._reply(asked.body["messages"])
        if told is None:
            told = Said(None, refusal="nothing is recorded for this conversation")
        said = Said(told) if isinstance(told, str) else told
        response = answer(asked, said) if fault is None else faulty(fault, asked, said)
        writer.write(response.head())
        while fault is Fault.TRICKLE:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)
        writer.write(response.body[: len(response.body) // 2] if fault is Fault.TRUNCATED else response.body)
        await writer.drain()
        return fault is not Fault.TRUNCATED


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    return Asked(headers, json.loads(await reader.readexactly(int(headers["content-length"]))))


def recorded(directory: Path) -> Reply:
    """Replies from DIRECTORY/TASK.TURN.md; a conversation of an unknown kind, or not recorded, is refused."""
    from synth.complete import Transcript

    proposals: dict[str, list[Conversation]] = {}

    def reply(messages: Conversation) -> Said | None:
        name = _task_and_turn(messages, proposals)
        try:
            kept = Transcript.read(directory / f"{name}.md")
        except FileNotFoundError:
            return None
        return Said(kept.reply, kept.finish, kept.prompt_tokens, kept.completion_tokens)

    return reply


def _task_and_turn(messages: Conversation, proposals: dict[str, list[Conversation]]) -> str:
    """`NAME.TURN`. Which round a proposal belongs to no prompt tells: they count in the order of being asked first."""
    asked = next((message["content"] for message in messages if message["role"] == "user"), "")
    turn = 1 + sum(message["role"] == "assistant" for message in messages)
    if task := re.search(r"^# Your task: (\w+) \(\w+\)$", asked, re.MULTILINE):
        return f"{task[1]}.{turn}"
    if topic := re.match(r"Topic: (\w+)\.", asked):
        rounds = proposals.setdefault(topic[1], [])
        if messages not in rounds:
            rounds.append(messages)
        return f"propose.{topic[1]}.{1 + rounds.index(messages)}.{turn}"
    return "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(description="A Chat Completions server that answers with recordings.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--recorded", type=Path, help="a directory of TASK.TURN.md; without it, every reply is `pong`")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--fault-rate", type=float, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    endpoint = Endpoint(
        recorded(options.recorded) if options.recorded else lambda messages: "pong",
        latency_ms=options.latency_ms,
        fault_rate=options.fault_rate,
        seed=options.seed,
        port=options.port,
    )
    endpoint.serve_forever(started=lambda: print(endpoint.port, flush=True))  # noqa: T201  # this is its interface


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
