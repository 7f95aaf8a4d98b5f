"""What an endpoint may cost: prices, a hard budget, and an HTTP client that counts what was sent and lost.

Not a bill. It errs upwards: an attempt that was sent and never answered counts at its worst case, since it may
well be billed.
"""

import asyncio
import math
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synth.complete import BudgetSpent, CompleterError

if TYPE_CHECKING:
    import httpx2

BYTES_PER_TOKEN_AT_WORST = 2  # a reservation must not be too small: dense code and other scripts reach this
ROUNDING_USD = 1e-9  # sums of dollars are floats
CONNECT_SECONDS = 10.0  # a server that is there takes a connection at once, however long it then thinks


@dataclass(frozen=True)
class Prices:
    prompt_usd_per_million: float
    completion_usd_per_million: float

    def __post_init__(self) -> None:
        if not (0 <= self.prompt_usd_per_million < math.inf and 0 <= self.completion_usd_per_million < math.inf):
            raise ValueError(f"{self}: a price is 0 or more dollars for a million tokens")

    @classmethod
    def parse(cls, text: str) -> "Prices":
        """Raises CompleterError.

        >>> Prices.parse("1.25,10")
        Prices(prompt_usd_per_million=1.25, completion_usd_per_million=10.0)
        """
        try:
            prompt, completion = map(float, text.split(","))
            return cls(prompt, completion)
        except ValueError:
            wanted = "PROMPT,COMPLETION in USD per million tokens, as in 1.25,10"
            raise CompleterError(f"prices {text!r} cannot be read: write {wanted}") from None

    def cost(self, prompt_tokens: float, completion_tokens: float) -> float:
        """US dollars.

        >>> Prices(1.0, 10.0).cost(2_000, 500)
        0.007
        """
        prompt_usd = prompt_tokens * self.prompt_usd_per_million
        return (prompt_usd + completion_tokens * self.completion_usd_per_million) / 1e6


class Budget:
    """Dollars spent, and dollars held for calls in flight; their sum never passes the limit."""

    def __init__(self, prices: Prices | None, limit_usd: float | None, max_tokens: int) -> None:
        self.limit_usd = math.inf if limit_usd is None else limit_usd
        if not self.limit_usd >= 0:
            raise CompleterError(f"budget of ${limit_usd}: give 0 or more dollars")
        if limit_usd is not None and prices is None:
            how = "add --prices PROMPT,COMPLETION, in USD per million tokens"
            raise CompleterError(f"a budget of ${limit_usd:g} cannot be kept without prices: {how}")
        self.prices = prices or Prices(0.0, 0.0)
        self.max_tokens = max_tokens
        self.spent_usd = 0.0
        self._held_usd = 0.0
        self._released = asyncio.Event()

    def worst_usd(self, prompt_bytes: int) -> float:
        return self.prices.cost(prompt_bytes / BYTES_PER_TOKEN_AT_WORST, self.max_tokens)

    @asynccontextmanager
    async def held(self, usd: float) -> AsyncIterator[None]:
        """Reserve; wait while calls in flight might still turn out cheap enough to make room."""
        while not self._fits(usd):
            if self.spent_usd + usd > self.limit_usd:
                raise self._refusal(f"the next call could cost ${usd:.4f}")
            self._released.clear()
            await self._released.wait()
        self._held_usd += usd
        try:
            yield
        finally:
            self._held_usd -= usd
            self._released.set()

    def check(self) -> None:
        """Before an attempt: others may have been lost since this one was reserved."""
        if not self._fits(0):
            raise self._refusal("attempts that were never answered count at their worst case")

    def _fits(self, more_usd: float) -> bool:
        return self.spent_usd + self._held_usd + more_usd <= self.limit_usd + ROUNDING_USD

    def _refusal(self, why: str) -> BudgetSpent:
        return BudgetSpent(f"budget of ${self.limit_usd:g}: ${self.spent_usd:.4f} is spent and {why}; raise the budget")


def metered_client(budget: Budget, request_seconds: float, connections: int) -> "httpx2.AsyncClient":
    """An HTTP client that checks the budget before every attempt, and counts those that were sent and lost."""
    import httpx2
    from openai import DefaultAsyncHttpxClient

    class Metered(DefaultAsyncHttpxClient):
        async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            budget.check()
            try:
                return await super().send(request, **options)
            except BaseException as error:
                if reached(error):
                    budget.spent_usd += budget.worst_usd(len(request.content))
                raise

    return Metered(
        timeout=httpx2.Timeout(request_seconds, connect=CONNECT_SECONDS),
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
    )


def reached(error: BaseException | None) -> bool:
    """Whether an attempt that failed so may have come as far as the endpoint."""
    import httpx2 as http

    never = http.ConnectError | http.ConnectTimeout | http.PoolTimeout | http.ProxyError | http.UnsupportedProtocol
    return not isinstance(error, never | http.LocalProtocolError | ssl.SSLCertVerificationError)
