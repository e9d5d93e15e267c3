"""Try a language model before it is accepted: reach, login, model, tools, streaming, speed."""

from dataclasses import dataclass, replace
from time import monotonic

from homeassistant.core import HomeAssistant
from homeassistant.util.ulid import ulid_now

from ..characters.tokens import estimated_tokens
from ..const import LOGGER
from ..minds.model_servers import Address, async_open
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
_OTHER_QUESTION = "Say good night in one short sentence."
_LONG = "{mark}: you are a friendly voice in a house. " + "The lamp in the hall is off. " * 90
"""About as long as the beginning of a talk with the tools of a house; its first word is always new."""
_MEASURED_TOKENS = 60
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
    prompt_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a turn will be like: speeds in tokens per second, times in seconds."""

    first_word_s: float
    """Of a question in the middle of a talk, whose beginning the server knows."""
    load_s: float
    """How much longer the very first word took: a cold model is loaded."""
    prompt_per_s: float
    output_per_s: float


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
        options=address.options(context),
    )
    try:
        return await _measured(provider, request, context)
    except NoToolsError:
        return await _measured(provider, replace(request, tools=()), context)


async def async_measure(hass: HomeAssistant, address: Address, model: str, cold: Tried) -> Measured:
    """Ask twice more, with a long beginning that is new and then known; a failure costs the figures only.

    Servers that keep what they have read answer the second much faster, as in a talk.
    """
    provider = await async_open(hass, address)
    system = _LONG.format(mark=ulid_now())
    request = Request(
        model=model,
        system=system,
        messages=(Message(role=Role.USER, text=_QUESTION),),
        max_tokens=_MEASURED_TOKENS,
        options=address.options(cold.context_tokens),
    )
    again = replace(request, messages=(Message(role=Role.USER, text=_OTHER_QUESTION),))
    try:
        read = await _measured(provider, request, cold.context_tokens)
        talk = await _measured(provider, again, cold.context_tokens)
    except ProviderError as err:
        LOGGER.debug("The model could not be measured: %s", err)
        read = talk = cold
    tokens = read.prompt_tokens or estimated_tokens(system)
    return Measured(
        first_word_s=talk.first_word_s,
        load_s=round(max(0.0, cold.first_word_s - read.first_word_s), 1),
        prompt_per_s=round(tokens / max(0.01, read.first_word_s)),
        output_per_s=talk.words_per_s,
    )


def _context(address: Address, can: Capabilities) -> int:
    """Return how much of the model's context is used; a local server pays for each token."""
    usual = address.about.usual_context
    return min(can.context_tokens, usual) if can.context_tokens else usual


async def _measured(provider: Provider, request: Request, context_tokens: int) -> Tried:
    """Return the answer and how fast it came."""
    began_s = monotonic()
    first_s: float | None = None
    pieces: list[str] = []
    tokens = prompt = 0
    deltas = answered([lambda: provider.stream(request)], _PATIENCE)
    try:
        async for delta in deltas:
            if isinstance(delta, TextDelta):
                first_s = first_s or monotonic()
                pieces.append(delta.text)
            elif isinstance(delta, UsageDelta):
                tokens, prompt = delta.output, delta.prompt
    finally:
        await deltas.aclose()
    ended_s = monotonic()
    spoken_s = max(0.001, ended_s - (first_s or began_s))
    return Tried(
        answer="".join(pieces).strip(),
        first_word_s=round((first_s or ended_s) - began_s, 2),
        words_per_s=round((tokens or len(pieces)) / spoken_s, 1),
        tools=bool(request.tools),
        context_tokens=context_tokens,
        prompt_tokens=prompt,
    )


__all__ = ["Measured", "ProviderError", "Tried", "async_measure", "async_models", "async_try"]
