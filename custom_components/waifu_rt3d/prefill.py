"""Let a server at home read the beginning of a talk while the person still speaks.

From the wake word on, the model is loaded and has read everything that the next request begins
with, so that the first word waits for the question alone.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .house import HOUSE
from .model_servers import MODEL_SERVERS, ModelServer
from .providers.base import Message, Request, Role
from .providers.errors import ProviderError
from .talks import TALKS
from .turn import Turn

PREFILLS: HassKey[Prefills] = HassKey(f"{DOMAIN}_prefills")

_NOTHING = "…"
"""Many templates want a question at the end; it is the only part that is read in vain."""


@dataclass(slots=True)
class Prefills:
    """What every character's requests begin with, and who is reading it now."""

    beginnings: dict[str, Request] = field(default_factory=dict)
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def learn(self, character_id: str, request: Request) -> None:
        """Keep the beginning of a request: character, rules and tools."""
        self.beginnings[character_id] = replace(request, messages=())

    async def stop(self, turn_id: str) -> None:
        """End the reading, so that the question does not wait behind it."""
        if task := self.running.pop(turn_id, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@callback
def prefill(hass: HomeAssistant, turn: Turn) -> None:
    """Begin to read for a turn in which somebody has begun to speak."""
    character = hass.data[HOUSE].characters.get(turn.start.character_id)
    servers, prefills = hass.data.get(MODEL_SERVERS), hass.data.get(PREFILLS)
    server = servers.get(character.model) if character and servers else None
    if server is None or prefills is None or not server.address.about.local:
        return
    request = _request(hass, turn, server)
    task = hass.async_create_background_task(
        _async_read(hass, server, request), f"{DOMAIN} prefill {turn.id}"
    )
    prefills.running[turn.id] = task
    task.add_done_callback(lambda _: prefills.running.pop(turn.id, None))


def _request(hass: HomeAssistant, turn: Turn, server: ModelServer) -> Request:
    """Return what the next request will begin with; nothing but the model where that is not known yet."""
    beginning = hass.data[PREFILLS].beginnings.get(turn.start.character_id)
    history = hass.data[TALKS].known(turn.start.session_id) if beginning else ()
    return Request(
        model=server.model,
        system=beginning.system if beginning else "",
        tools=beginning.tools if beginning and server.tools else (),
        messages=(*history, Message(role=Role.USER, text=_NOTHING)),
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
