"""Websocket commands that ask the memory on behalf of the user who is logged in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import probatio as vol

from ..const import DOMAIN, LARGEST_INTEGER
from ..house import HOUSE, House
from ..memory import NotAllowed, NotFound, Scope, Store, StoreError
from ..remembering.rights import key_of, scope_of, store_of

LONGEST_ID = 64
LONGEST_TEXT = 8000

type Message = dict[str, Any]
type Answer = Mapping[str, Any]
type Handler = Callable[[Request], Awaitable[Answer]]

ID = vol.All(str, vol.Length(min=1, max=LONGEST_ID))
TEXT = vol.All(str, vol.Length(min=1, max=LONGEST_TEXT))
# True is an int to Python and none to the database.
MESSAGE_ID = vol.All(int, vol.Range(min=1, max=LARGEST_INTEGER), vol.Coerce(int))
_NATURAL = vol.All(int, vol.Range(min=0, max=LARGEST_INTEGER), vol.Coerce(int))
TIME_MS = _NATURAL
OFFSET = _NATURAL
_CODES = {NotFound: websocket_api.ERR_NOT_FOUND, NotAllowed: websocket_api.ERR_UNAUTHORIZED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to the memory, and who asks."""

    hass: HomeAssistant
    connection: websocket_api.ActiveConnection
    msg: Message
    store: Store

    @property
    def house(self) -> House:
        """Return the house."""
        return self.hass.data[HOUSE]

    @property
    def user(self) -> User:
        """Return who is logged in."""
        return self.connection.user

    @property
    def scope(self) -> Scope:
        """Return what this user may see: nothing in the message can widen it."""
        return scope_of(self.user)

    def given(self, *names: str) -> dict[str, Any]:
        """Return those fields of the message that are there."""
        return {name: self.msg[name] for name in names if name in self.msg}


def asks_memory(
    command: str, fields: Mapping[Any, Any] | None = None
) -> Callable[[Handler], websocket_api.const.WebSocketCommandHandler]:
    """Make a websocket command of a coroutine that returns its result."""

    def decorate(handler: Handler) -> websocket_api.const.WebSocketCommandHandler:
        schema = {vol.Required("type"): f"{DOMAIN}/{command}", **(fields or {})}

        @websocket_api.websocket_command(schema)
        @websocket_api.async_response
        @wraps(handler)
        async def answer(
            hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
        ) -> None:
            request = Request(hass=hass, connection=connection, msg=msg, store=store_of(hass))
            try:
                result = await handler(request)
            except StoreError as err:
                _refuse(connection, msg["id"], err)
            else:
                connection.send_result(msg["id"], result)

        return answer

    return decorate


def _refuse(connection: websocket_api.ActiveConnection, msg_id: int, err: StoreError) -> None:
    """Answer with a sentence that the card can translate."""
    connection.send_error(
        msg_id,
        _CODES.get(type(err), websocket_api.ERR_HOME_ASSISTANT_ERROR),
        str(err),
        translation_domain=DOMAIN,
        translation_key=key_of(err),
        translation_placeholders={"reason": str(err)},
    )
