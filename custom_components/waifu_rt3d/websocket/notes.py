"""Keep, change and forget what a person asked to remember."""

from homeassistant.components import websocket_api
import probatio as vol

from ..memory import HOUSEHOLD, Scope
from ..remembering.shown import shown_note
from .asked import ID, MESSAGE_ID, TEXT, Answer, Request, asks_memory

_NOTE = {vol.Required("note_id"): ID}


@asks_memory("notes/list", {vol.Optional("character"): str})
async def list_notes(request: Request) -> Answer:
    """Return the notes that the user may see, pinned ones first."""
    found = await request.store.notes(_scope(request))
    return {"notes": [shown_note(one) for one in found]}


@asks_memory(
    "notes/add",
    {
        vol.Required("text"): TEXT,
        vol.Optional("character"): str,
        vol.Optional("household", default=False): bool,
        vol.Optional("source_id"): MESSAGE_ID,
        vol.Optional("pinned", default=False): bool,
    },
)
async def add_note(request: Request) -> Answer:
    """Remember something; without a character every character knows it."""
    note_id = await request.store.add_note(
        _scope(request),
        request.msg["text"],
        audience=HOUSEHOLD if request.msg["household"] else None,
        **request.given("source_id", "pinned"),
    )
    return {"note_id": note_id}


@asks_memory("notes/change", {**_NOTE, vol.Optional("text"): TEXT, vol.Optional("pinned"): bool})
async def change_note(request: Request) -> Answer:
    """Change a note's words or its pin."""
    await request.store.change_note(
        request.scope, request.msg["note_id"], **request.given("text", "pinned")
    )
    return {}


@asks_memory("notes/forget", {**_NOTE, vol.Optional("with_source", default=False): bool})
async def forget_note(request: Request) -> Answer:
    """Forget a note, and where wanted what was said when it was made."""
    await request.store.forget_note(
        request.scope, request.msg["note_id"], with_source=request.msg["with_source"]
    )
    return {}


def _scope(request: Request) -> Scope:
    """Return the user's scope, narrowed to a character where one is named."""
    scope = request.scope
    return Scope(
        person=scope.person, household=scope.household, character=request.msg.get("character")
    )


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    list_notes,
    add_note,
    change_note,
    forget_note,
)
