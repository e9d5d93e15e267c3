"""Delete sessions and messages, set how long talk is kept, and delete everything about oneself."""

from homeassistant.components import websocket_api
import probatio as vol

from ..memory.forget import Retention
from ..remembering.forgetting import async_forget_copies, async_forget_me, async_forget_session
from ..remembering.shown import shown_retention, shown_session
from .asked import ID, MESSAGE_ID, Answer, Request, asks_memory

_SESSION = {vol.Required("session_id"): ID}
_COUNT = vol.Any(None, vol.All(int, vol.Range(min=1, max=1_000_000)))


@asks_memory("session/delete", _SESSION)
async def delete_session(request: Request) -> Answer:
    """Delete a session; within a minute it can be restored."""
    await async_forget_session(request.hass, request.scope, request.msg["session_id"])
    return {}


@asks_memory("session/restore", _SESSION)
async def restore_session(request: Request) -> Answer:
    """Bring back a session deleted less than a minute ago."""
    await request.store.restore_session(request.scope, request.msg["session_id"])
    return shown_session(await request.store.session(request.scope, request.msg["session_id"]))


@asks_memory("message/forget", {vol.Required("message_id"): MESSAGE_ID})
async def forget_message(request: Request) -> Answer:
    """Forget a message and the replies to it."""
    found = await request.store.message(request.scope, request.msg["message_id"])
    forgotten = await request.store.forget_message(request.scope, found.id)
    await async_forget_copies(request.hass, forgotten, {found.session_id})
    return {"messages": forgotten.messages}


@asks_memory("retention/get")
async def get_retention(request: Request) -> Answer:
    """Return how long the user's sessions are kept."""
    return shown_retention(await request.store.retention(request.scope))


@asks_memory(
    "retention/set",
    {vol.Required("days"): _COUNT, vol.Required("messages"): _COUNT},
)
async def set_retention(request: Request) -> Answer:
    """Set how long the user's sessions are kept; nulls keep them for ever."""
    rule = Retention(days=request.msg["days"], messages=request.msg["messages"])
    await request.store.set_retention(request.scope, rule)
    return shown_retention(rule)


@asks_memory("forget_me", {vol.Required("confirm"): True})
async def forget_me(request: Request) -> Answer:
    """Delete everything about the user who is logged in; there is no undo."""
    forgotten = await async_forget_me(request.hass, request.scope)
    return {"sessions": forgotten.sessions, "messages": forgotten.messages}


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    delete_session,
    restore_session,
    forget_message,
    get_retention,
    set_retention,
    forget_me,
)
