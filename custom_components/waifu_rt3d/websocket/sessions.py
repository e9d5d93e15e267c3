"""List, make and change sessions, and read them."""

from homeassistant.components import websocket_api
import probatio as vol

from ..const import LONGEST_QUERY
from ..memory import HOUSEHOLD, NotFound, SessionFilter
from ..remembering.shown import shown_details, shown_knot, shown_message, shown_session
from .asked import ID, MESSAGE_ID, OFFSET, TIME_MS, Answer, Request, asks_memory

LONGEST_PAGE = 500
NEVER_MS = -1
"""No session goes on, whatever its age: a new one is made."""

_SESSION = {vol.Required("session_id"): ID}
_PAGE = {
    vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=LONGEST_PAGE)),
    vol.Optional("offset", default=0): OFFSET,
}


@asks_memory(
    "session/list",
    {
        vol.Optional("character"): str,
        vol.Optional("audience"): str,
        vol.Optional("words"): vol.All(str, vol.Length(max=LONGEST_QUERY)),
        vol.Optional("pinned"): bool,
        vol.Optional("archived"): bool,
        vol.Optional("deleted"): bool,
        vol.Optional("empty"): bool,
        vol.Optional("since_ms"): TIME_MS,
        vol.Optional("until_ms"): TIME_MS,
        **_PAGE,
    },
)
async def list_sessions(request: Request) -> Answer:
    """Return the sessions that the user may see: pinned ones first, then the newest."""
    wanted = SessionFilter(
        **request.given(
            "character",
            "audience",
            "words",
            "pinned",
            "archived",
            "deleted",
            "empty",
            "since_ms",
            "until_ms",
        )
    )
    limit = request.msg["limit"]
    found = await request.store.sessions(
        request.scope, wanted, limit=limit + 1, offset=request.msg["offset"]
    )
    return {"sessions": [shown_session(one) for one in found[:limit]], "more": len(found) > limit}


@asks_memory("session/get", _SESSION)
async def get_session(request: Request) -> Answer:
    """Return one session."""
    return shown_session(await request.store.session(request.scope, request.msg["session_id"]))


@asks_memory(
    "session/create",
    {
        vol.Optional("character"): str,
        vol.Optional("title", default=""): str,
        vol.Optional("household", default=False): bool,
        vol.Optional("private", default=False): bool,
    },
)
async def create_session(request: Request) -> Answer:
    """Make a session; a private one is never on a disk and ends with Home Assistant."""
    character, scope = _character_id(request), request.scope
    if request.msg["private"]:
        session = await request.store.session_for(
            audience=scope.person, character=character, private=True, resume_ms=NEVER_MS
        )
    else:
        session = await request.store.create_session(
            scope,
            character=character,
            audience=HOUSEHOLD if request.msg["household"] else None,
            title=request.msg["title"],
        )
    return shown_session(session)


@asks_memory("session/continue", {vol.Optional("character"): str})
async def continue_session(request: Request) -> Answer:
    """Return the session in which the user and a character stopped last, or a new one."""
    session = await request.store.session_for(
        audience=request.scope.person, character=_character_id(request)
    )
    return shown_session(session)


@asks_memory(
    "session/switch",
    {**_SESSION, vol.Required("conversation_id"): ID, vol.Optional("device"): str},
)
async def switch_session(request: Request) -> Answer:
    """Let a conversation of Assist go on in another session."""
    return shown_session(
        await request.store.switch_session(
            request.scope,
            request.msg["session_id"],
            request.msg["conversation_id"],
            request.msg.get("device"),
        )
    )


@asks_memory("session/rename", {**_SESSION, vol.Required("title"): str})
async def rename_session(request: Request) -> Answer:
    """Give a session a title; an empty one brings the automatic title back."""
    await request.store.rename_session(
        request.scope, request.msg["session_id"], request.msg["title"]
    )
    return await _changed(request)


@asks_memory("session/pin", {**_SESSION, vol.Required("pinned"): bool})
async def pin_session(request: Request) -> Answer:
    """Keep a session at the top of the list, or no longer."""
    await request.store.pin_session(
        request.scope, request.msg["session_id"], pinned=request.msg["pinned"]
    )
    return await _changed(request)


@asks_memory("session/archive", {**_SESSION, vol.Required("archived"): bool})
async def archive_session(request: Request) -> Answer:
    """Take a session out of the list without deleting it, or bring it back."""
    await request.store.archive_session(
        request.scope, request.msg["session_id"], archived=request.msg["archived"]
    )
    return await _changed(request)


@asks_memory(
    "session/history",
    {
        **_SESSION,
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=LONGEST_PAGE)),
        vol.Optional("before"): MESSAGE_ID,
    },
)
async def history(request: Request) -> Answer:
    """Return the newest messages of the way a session stands on, the oldest of them first."""
    found = await request.store.history(
        request.scope,
        request.msg["session_id"],
        limit=request.msg["limit"],
        before=request.msg.get("before"),
    )
    return {"messages": [shown_message(one) for one in found]}


@asks_memory("session/tree", _SESSION)
async def tree(request: Request) -> Answer:
    """Return every message of a session's tree, parents first, each with a preview."""
    found = await request.store.tree(request.scope, request.msg["session_id"])
    return {"messages": [shown_knot(one) for one in found]}


@asks_memory("message/get", {vol.Required("message_id"): MESSAGE_ID})
async def get_message(request: Request) -> Answer:
    """Return one message with everything that belongs to it."""
    return shown_details(await request.store.message(request.scope, request.msg["message_id"]))


async def _changed(request: Request) -> Answer:
    """Return the session as it is now."""
    return shown_session(await request.store.session(request.scope, request.msg["session_id"]))


def _character_id(request: Request) -> str:
    """Return the character that is named, or the house's first."""
    character = request.house.character_or_default(request.msg.get("character"))
    if character is None:
        raise NotFound("There is no such character")
    return character.id


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    list_sessions,
    get_session,
    create_session,
    continue_session,
    switch_session,
    rename_session,
    pin_session,
    archive_session,
    history,
    tree,
    get_message,
)
