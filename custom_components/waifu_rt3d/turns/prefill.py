"""Prepare an answer while the person still speaks; nothing of it is said or done.

From the wake word on, a server at home loads the model and reads everything that the next request
begins with. In each pause the memory is asked with the words so far, and the server reads them too,
so that the first word of the answer waits for little more than the end of the pause.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from homeassistant.components.conversation import HOME_ASSISTANT_AGENT, ChatLog, ConversationInput
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..cast.character import Character
from ..characters.distress import is_distress
from ..characters.prompt import Budget, user_text
from ..const import DOMAIN, LOGGER
from ..house import HOUSE
from ..minds.circumstances import circumstances_of, lore_of
from ..minds.model_servers import MODEL_SERVERS, ModelServer
from ..minds.talks import TALKS
from ..providers.base import Message, Request, Role
from ..providers.errors import ProviderError
from ..remembering.recalling import async_look_ahead
from .asked import Asked
from .turn import Turn

PREFILLS: HassKey[Prefills] = HassKey(f"{DOMAIN}_prefills")

_NOTHING = "…"
"""Many templates want a question at the end; it is the only part that is read in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFrom:
    """Whose microphone hears a question, as Home Assistant names it."""

    device_id: str | None = None
    satellite_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a request begins with, and how long one may be."""

    request: Request
    budget: Budget


@dataclass(slots=True)
class Prefills:
    """What every character's requests begin with, and who is reading it now."""

    beginnings: dict[tuple[str, str | None], Beginning] = field(default_factory=dict)
    """By character and device: what a room can do stands in its tools."""
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    hearing: WeakKeyDictionary[Turn, HeardFrom] = field(default_factory=WeakKeyDictionary)
    """Turns whose answer may be prepared while the question is still spoken."""

    def learn(
        self, character_id: str, device_id: str | None, request: Request, budget: Budget
    ) -> None:
        """Keep the beginning of a request (character, rules and tools), and how long one may be."""
        beginning = Beginning(request=replace(request, messages=()), budget=budget)
        self.beginnings[character_id, device_id] = self.beginnings[character_id, None] = beginning

    def known(self, turn: Turn) -> Beginning | None:
        """Return how the request of a turn will begin, as far as that is known."""
        character_id = turn.start.character_id
        heard_from = self.hearing.get(turn)
        device_id = heard_from.device_id if heard_from else None
        return self.beginnings.get(
            (character_id, device_id), self.beginnings.get((character_id, None))
        )

    async def stop(self, turn_id: str) -> None:
        """End the reading, so that the question does not wait behind it."""
        if task := self.running.pop(turn_id, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@callback
def prefill(hass: HomeAssistant, turn: Turn, heard_from: HeardFrom) -> None:
    """Begin to read for a turn in which somebody has begun to speak."""
    if (prefills := hass.data.get(PREFILLS)) is None:
        return
    prefills.hearing[turn] = heard_from
    character = hass.data[HOUSE].characters.get(turn.start.character_id)
    if character is not None and (server := _server_at_home(hass, character)) is not None:
        _begin(hass, turn, _async_read(hass, server, _request(hass, turn, server, _NOTHING)))


@callback
def rehearse(hass: HomeAssistant, turn: Turn, text: str, language: str) -> None:
    """Prepare the answer to words that may be all, while the pause behind them grows."""
    prefills = hass.data.get(PREFILLS)
    character = hass.data[HOUSE].characters.get(turn.start.character_id)
    if prefills is None or turn not in prefills.hearing or character is None:
        return
    # what the house answers by itself needs no model; distress is shown to none
    if not text.strip() or character.model == HOME_ASSISTANT_AGENT or is_distress(text):
        return
    _begin(hass, turn, _async_rehearse(hass, turn, character, text, language))


@callback
def _begin(hass: HomeAssistant, turn: Turn, work: Coroutine[None, None, None]) -> None:
    """Let a turn's preparation begin in place of the one before."""
    prefills = hass.data[PREFILLS]
    if before := prefills.running.pop(turn.id, None):
        before.cancel()
    task = hass.async_create_background_task(work, f"{DOMAIN} prefill {turn.id}")
    prefills.running[turn.id] = task

    def ended(_task: asyncio.Task[None]) -> None:
        if prefills.running.get(turn.id) is task:
            del prefills.running[turn.id]

    task.add_done_callback(ended)


@callback
def _server_at_home(hass: HomeAssistant, character: Character) -> ModelServer | None:
    """Return the owner's own model of a character where it runs in the house."""
    servers = hass.data.get(MODEL_SERVERS)
    server = servers.get(character.model) if servers else None
    return server if server is not None and server.address.about.local else None


async def _async_rehearse(
    hass: HomeAssistant, turn: Turn, character: Character, text: str, language: str
) -> None:
    """Ask the memory, and let a server at home read what the request would be."""
    memories = await async_look_ahead(hass, turn, character, text, language)
    server = _server_at_home(hass, character)
    beginning = hass.data[PREFILLS].known(turn)
    if server is None or beginning is None:
        return
    asked = _asked(hass, turn, character, text=text, language=language, memories=memories)
    words = user_text(
        text, circumstances_of(asked, lore_of(asked)), asked.persona(), beginning.budget
    )
    await _async_read(hass, server, _request(hass, turn, server, words))


def _asked(
    hass: HomeAssistant,
    turn: Turn,
    character: Character,
    *,
    text: str,
    language: str,
    memories: tuple[str, ...],
) -> Asked:
    """Return the question as it would be asked."""
    heard_from = hass.data[PREFILLS].hearing[turn]
    return Asked(
        hass=hass,
        turn=turn,
        character=character,
        words=hass.data[HOUSE].words,
        user_input=ConversationInput(
            text=text,
            context=Context(),
            conversation_id=None,
            device_id=heard_from.device_id,
            satellite_id=heard_from.satellite_id,
            language=language,
            agent_id=character.model,
        ),
        chat_log=ChatLog(hass, turn.id),
        memories=memories,
    )


def _request(hass: HomeAssistant, turn: Turn, server: ModelServer, words: str) -> Request:
    """Return what the next request will begin with; nothing but the model where that is not known yet."""
    known = hass.data[PREFILLS].known(turn)
    beginning = known.request if known else None
    history = hass.data[TALKS].known(turn.start.session_id) if beginning else ()
    return Request(
        model=server.model,
        system=beginning.system if beginning else "",
        tools=beginning.tools if beginning and server.tools else (),
        messages=(*history, Message(role=Role.USER, text=words)),
        max_tokens=1,
        options=server.options,
    )


async def _async_read(hass: HomeAssistant, server: ModelServer, request: Request) -> None:
    """Let the server read; whether it works shows when it is asked."""
    try:
        async with aclosing(hass.data[MODEL_SERVERS].stream(server, request)) as deltas:
            async for _ in deltas:
                pass
    except ProviderError as err:
        LOGGER.debug("The beginning of a talk could not be read: %s", err)
