"""Ask the language model of each character for one short sentence."""

from time import monotonic

from homeassistant.components import conversation
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from ..cast.character import Character
from ..flows.try_model import Tried, async_try
from ..minds.commands import spoken
from ..minds.model_servers import MODEL_SERVERS, ModelServer
from ..providers.errors import ProviderError
from .finding import Check, Finding, Part, Run, State

HOME_ASSISTANT_AGENT = "conversation.home_assistant"
SLOW_S = 3.0
"""A first word that comes later feels like no answer."""
LIMIT_S = 95.0
_QUESTIONS = {"de": "Sag mit einem kurzen Satz hallo.", "en": "Say hello in one short sentence."}


def mind_checks(hass: HomeAssistant, character: Character) -> list[Check]:
    """Return the checks of a character's model and of the one that stands in for it."""
    servers = hass.data.get(MODEL_SERVERS)
    first = servers.get(character.model) if servers else None
    second = servers.get(character.fallback) if servers else None
    checks = [_of_server(hass, character, first) if first else _of_agent(hass, character)]
    if second is not None:
        checks.append(_of_server(hass, character, second, spare=True))
    return checks


def _of_agent(hass: HomeAssistant, character: Character) -> Check:
    """Return the check of a conversation agent of Home Assistant."""

    async def run() -> list[Finding]:
        state, key, values = await _ask_agent(hass, character.model)
        return [_finding(character.id, character.name, state, key, values)]

    return _check(character.id, character.name, run)


def _of_server(
    hass: HomeAssistant, character: Character, server: ModelServer, *, spare: bool = False
) -> Check:
    """Return the check of one of the owner's own models."""
    subject = f"{character.id}_fallback" if spare else character.id

    async def run() -> list[Finding]:
        try:
            tried = await async_try(hass, server.address, server.model, server.context_tokens)
        except ProviderError as err:
            values = {"model": server.model, "server": server.name}
            return [_finding(subject, character.name, State.RED, f"mind_{err.key}", values)]
        state, key, values = _judge(character, server, tried)
        return [_finding(subject, character.name, state, key, values)]

    return _check(subject, character.name, run)


def _judge(
    character: Character, server: ModelServer, tried: Tried
) -> tuple[State, str, dict[str, str]]:
    """Return what a model's answer is worth."""
    values = {
        "model": server.model,
        "seconds": f"{tried.first_word_s:.1f}",
        "words": f"{tried.words_per_s:.0f}",
    }
    if not tried.answer:
        return State.RED, "mind_silent", values
    if server.tools and character.house_tools and not tried.tools:
        return State.AMBER, "mind_no_tools", values
    if tried.first_word_s > SLOW_S:
        return State.AMBER, "mind_slow", values
    return State.GREEN, "mind_answers", values


async def _ask_agent(hass: HomeAssistant, agent_id: str) -> tuple[State, str, dict[str, str]]:
    """Return how an agent answers; Home Assistant's own is known to do commands only."""
    if agent_id == HOME_ASSISTANT_AGENT:
        return State.AMBER, "mind_commands_only", {}
    values = {"model": agent_id}
    known = hass.states.get(agent_id)
    if known is None or known.state == STATE_UNAVAILABLE:
        return State.RED, "mind_agent_gone", values
    language, began_s = hass.config.language, monotonic()
    question = _QUESTIONS.get(language.partition("-")[0], _QUESTIONS["en"])
    try:
        result = await conversation.async_converse(
            hass, question, None, Context(), language=language, agent_id=agent_id
        )
    except HomeAssistantError as err:
        return State.RED, "mind_agent_failed", values | {"reason": str(err)}
    if result.response.response_type is intent.IntentResponseType.ERROR:
        return State.RED, "mind_agent_failed", values | {"reason": spoken(result.response)}
    seconds = monotonic() - began_s
    values |= {"seconds": f"{seconds:.1f}"}
    if not spoken(result.response).strip():
        return State.RED, "mind_silent", values
    return (
        (State.AMBER, "mind_slow", values)
        if seconds > SLOW_S
        else (State.GREEN, "mind_agent", values)
    )


def _finding(subject: str, name: str, state: State, key: str, values: dict[str, str]) -> Finding:
    """Return a light of a mind."""
    return Finding(
        part=Part.MIND,
        subject=subject,
        name=name,
        state=state,
        key=key,
        values={"name": name} | values,
    )


def _check(subject: str, name: str, run: Run) -> Check:
    """Return a check of one mind."""
    return Check(parts=frozenset({Part.MIND}), subject=subject, name=name, limit_s=LIMIT_S, run=run)
