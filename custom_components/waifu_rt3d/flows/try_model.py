"""Try a language model before it is accepted: reach, login, model, tools, streaming, speed."""

from dataclasses import dataclass, replace
from time import monotonic

from homeassistant.core import HomeAssistant

from ..model_servers import OLLAMA, Address, async_open, default_context
from ..providers.base import (
    Capabilities,
    Message,
    Provider,
    Request,
    Role,
    TextDelta,
    ToolSpec,
    UsageDelta,
)
from ..providers.errors import NoToolsError, ProviderError
from ..providers.patience import Deadlines, Patience, answered

_QUESTION = "Say hello in one short sentence."
_ANSWER_TOKENS = 200
"""Enough for a model that thinks aloud first."""
_PATIENCE = Patience(deadlines=Deadlines(first_s=60, between_s=20, total_s=90))
_A_TOOL = ToolSpec(
    name="nothing_to_do",
    description="Does nothing; it is never needed.",
    parameters={"type": "object", "properties": {}},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a model did."""

    answer: str
    first_word_s: float
    words_per_s: float
    tools: bool
    context_tokens: int


async def async_models(hass: HomeAssistant, address: Address) -> list[str]:
    """Return the models of a server; raise a `ProviderError` when it can't be asked."""
    return await (await async_open(hass, address)).models()


async def async_try(
    hass: HomeAssistant, address: Address, model: str, context_tokens: int | None
) -> Tried:
    """Let a model answer once; raise a `ProviderError` when it can't."""
    provider = await async_open(hass, address)
    can = await provider.probe(model)
    context = context_tokens or _context(address, can)
    request = Request(
        model=model,
        system="You are a friendly voice in a house.",
        messages=(Message(role=Role.USER, text=_QUESTION),),
        tools=() if can.tools is False else (_A_TOOL,),
        max_tokens=_ANSWER_TOKENS,
        options={"num_ctx": context} if address.kind == OLLAMA else {},
    )
    try:
        return await _measured(provider, request, context)
    except NoToolsError:
        return await _measured(provider, replace(request, tools=()), context)


def _context(address: Address, can: Capabilities) -> int:
    """Return how much of the model's context is used; a local server pays for each token."""
    usual = default_context(address.kind)
    return min(can.context_tokens, usual) if can.context_tokens else usual


async def _measured(provider: Provider, request: Request, context_tokens: int) -> Tried:
    """Return the answer and how fast it came."""
    began_s = monotonic()
    first_s: float | None = None
    pieces: list[str] = []
    tokens = 0
    deltas = answered([lambda: provider.stream(request)], _PATIENCE)
    try:
        async for delta in deltas:
            if isinstance(delta, TextDelta):
                first_s = first_s or monotonic()
                pieces.append(delta.text)
            elif isinstance(delta, UsageDelta):
                tokens = delta.output
    finally:
        await deltas.aclose()
    ended_s = monotonic()
    spoken_s = max(0.001, ended_s - (first_s or began_s))
    return Tried(
        answer="".join(pieces).strip(),
        first_word_s=round((first_s or ended_s) - began_s, 1),
        words_per_s=round((tokens or len(pieces)) / spoken_s, 1),
        tools=bool(request.tools),
        context_tokens=context_tokens,
    )


__all__ = ["ProviderError", "Tried", "async_models", "async_try"]
