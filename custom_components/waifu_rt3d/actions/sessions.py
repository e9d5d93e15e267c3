"""Actions on sessions and their branches, as the card has them as commands."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from ..companion import named_character
from ..const import LARGEST_INTEGER, LONGEST_QUERY
from ..house import HOUSE
from ..memory import Message, NotFound, Role, Scope, SessionFilter
from ..memory.forget import Retention
from ..remembering.forgetting import async_forget_copies
from ..remembering.rights import MemoryRefusal, store_of
from ..remembering.shown import (
    shown_knot,
    shown_message,
    shown_retention,
    shown_session,
    shown_statistics,
)
from ..remembering.turns import Place
from ..turns.turn import Person
from ..turns.typed import Typed, async_type

type Shown = Mapping[str, Any]
type Handler = Callable[[HomeAssistant, ServiceCall, Scope], Awaitable[Shown]]
type Action = tuple[Handler, dict[Any, Any], SupportsResponse]

SESSION = {vol.Required("session_id"): cv.string}
_MESSAGE = {
    vol.Required("message_id"): vol.All(vol.Coerce(int), vol.Range(min=1, max=LARGEST_INTEGER))
}
_SPEAK = {vol.Optional("speak", default=True): cv.boolean}
_LIMIT = vol.All(vol.Coerce(int), vol.Range(min=1, max=500))
_OFFSET = vol.All(vol.Coerce(int), vol.Range(min=0, max=LARGEST_INTEGER))
_KEPT = vol.Any(None, vol.All(vol.Coerce(int), vol.Range(min=1, max=1_000_000)))
_LONGEST_TEXT = 8000


def character_id(hass: HomeAssistant, call: ServiceCall) -> str:
    """Return the character that is named, or the house's first."""
    character = named_character(hass.data[HOUSE], call.data.get("character"))
    if character is None:
        raise MemoryRefusal("character_missing")
    return character.id


def time_ms(given: Any) -> int | None:
    """Return a time as the memory counts it."""
    return None if given is None else round(dt_util.as_utc(given).timestamp() * 1000)


async def _list_sessions(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Return the sessions, pinned ones first, then the newest."""
    data = call.data
    wanted = SessionFilter(
        character=data.get("character"),
        words=data.get("words"),
        pinned=data.get("pinned"),
        archived=data["archived"],
        since_ms=time_ms(data.get("since")),
        until_ms=time_ms(data.get("until")),
    )
    found = await store_of(hass).sessions(
        scope, wanted, limit=data["limit"] + 1, offset=data["offset"]
    )
    limit = data["limit"]
    return {"sessions": [shown_session(one) for one in found[:limit]], "more": len(found) > limit}


async def _get_history(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Return the newest messages of the way a session stands on."""
    found = await store_of(hass).history(
        scope, call.data["session_id"], limit=call.data["limit"], before=call.data.get("before")
    )
    return {"messages": [shown_message(one) for one in found]}


async def _get_branches(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Return every message of a session's tree."""
    found = await store_of(hass).tree(scope, call.data["session_id"])
    return {"messages": [shown_knot(one) for one in found]}


async def _continue_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Return the session in which one stopped last, or a new one."""
    session = await store_of(hass).session_for(
        audience=scope.person, character=character_id(hass, call)
    )
    return shown_session(session)


async def _switch_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Let a conversation of Assist go on in another session."""
    data = call.data
    session = await store_of(hass).switch_session(
        scope, data["session_id"], data["conversation_id"], data.get("device")
    )
    return shown_session(session)


async def _pin_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Keep a session at the top of the list, or no longer."""
    store, session_id = store_of(hass), call.data["session_id"]
    await store.pin_session(scope, session_id, pinned=call.data["pinned"])
    return shown_session(await store.session(scope, session_id))


async def _archive_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Take a session out of the list, or bring it back."""
    store, session_id = store_of(hass), call.data["session_id"]
    await store.archive_session(scope, session_id, archived=call.data["archived"])
    return shown_session(await store.session(scope, session_id))


async def _branch_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Copy the way down to a message into a session of its own."""
    return shown_session(await store_of(hass).branch_session(scope, call.data["message_id"]))


async def _walk_branch(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Stand on the branch of a message."""
    store, message_id = store_of(hass), call.data["message_id"]
    await store.walk(scope, message_id)
    found = await store.message(scope, message_id)
    hass.data[HOUSE].rewound.add(found.session_id)
    return shown_session(await store.session(scope, found.session_id))


async def _regenerate(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Answer a question anew."""
    question = await store_of(hass).regenerate(scope, call.data["message_id"])
    return await _async_answer(hass, call, scope, question)


async def _edit_message(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Put a changed message beside the old one; a changed question is answered."""
    store, text = store_of(hass), call.data["text"].strip()
    message_id = await store.edit_message(scope, call.data["message_id"], text)
    changed = await store.message(scope, message_id)
    hass.data[HOUSE].rewound.add(changed.session_id)
    shown = {"message_id": message_id, "session_id": changed.session_id}
    if changed.role is not Role.USER:
        return shown
    return shown | await _async_answer(hass, call, scope, changed)


async def _async_answer(
    hass: HomeAssistant, call: ServiceCall, scope: Scope, question: Message
) -> dict[str, Any]:
    """Begin a turn that answers a stored question."""
    session = await store_of(hass).session(scope, question.session_id)
    character = hass.data[HOUSE].characters.get(session.character)
    if character is None or character.pipeline is None:
        raise NotFound("The character of this conversation is not there any more")
    user_id = call.context.user_id
    user = await hass.auth.async_get_user(user_id) if user_id else None
    person = Person(user_id=user.id, name=user.name) if user else Person()
    place = Place(session_id=session.id, question_id=question.id)
    typed = Typed(text=question.text, character=character, place=place, speak=call.data["speak"])
    turn = await async_type(hass, person, None, call.context, typed)
    return {"turn_id": turn.id, "session_id": session.id}


async def _forget_message(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Forget a message and the replies to it."""
    store = store_of(hass)
    found = await store.message(scope, call.data["message_id"])
    forgotten = await store.forget_message(scope, found.id)
    await async_forget_copies(hass, forgotten, {found.session_id})
    return {"messages": forgotten.messages}


async def _get_statistics(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Return counts per day and character, waiting times, and the words used most."""
    store, offset = store_of(hass), dt_util.now().utcoffset()
    since_ms = time_ms(call.data.get("since"))
    found = await store.statistics(
        scope,
        since_ms=since_ms,
        until_ms=time_ms(call.data.get("until")),
        utc_offset_s=round(offset.total_seconds()) if offset else 0,
    )
    words = await store.top_words(scope, since_ms=since_ms, limit=call.data["words"])
    return shown_statistics(found, words)


async def _set_retention(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Shown:
    """Set how long sessions are kept; without limits, for ever."""
    rule = Retention(days=call.data.get("days"), messages=call.data.get("messages"))
    await store_of(hass).set_retention(scope, rule)
    return shown_retention(rule)


SESSION_ACTIONS: dict[str, Action] = {
    "list_sessions": (
        _list_sessions,
        {
            vol.Optional("character"): cv.string,
            vol.Optional("words"): vol.All(cv.string, vol.Length(max=LONGEST_QUERY)),
            vol.Optional("pinned"): cv.boolean,
            vol.Optional("archived", default=False): cv.boolean,
            vol.Optional("since"): cv.datetime,
            vol.Optional("until"): cv.datetime,
            vol.Optional("limit", default=50): _LIMIT,
            vol.Optional("offset", default=0): _OFFSET,
        },
        SupportsResponse.ONLY,
    ),
    "get_history": (
        _get_history,
        {
            **SESSION,
            vol.Optional("limit", default=50): _LIMIT,
            vol.Optional("before"): vol.All(vol.Coerce(int), vol.Range(min=1, max=LARGEST_INTEGER)),
        },
        SupportsResponse.ONLY,
    ),
    "get_branches": (_get_branches, SESSION, SupportsResponse.ONLY),
    "continue_session": (
        _continue_session,
        {vol.Optional("character"): cv.string},
        SupportsResponse.ONLY,
    ),
    "switch_session": (
        _switch_session,
        {
            **SESSION,
            vol.Required("conversation_id"): cv.string,
            vol.Optional("device"): cv.string,
        },
        SupportsResponse.OPTIONAL,
    ),
    "pin_session": (
        _pin_session,
        {**SESSION, vol.Optional("pinned", default=True): cv.boolean},
        SupportsResponse.OPTIONAL,
    ),
    "archive_session": (
        _archive_session,
        {**SESSION, vol.Optional("archived", default=True): cv.boolean},
        SupportsResponse.OPTIONAL,
    ),
    "branch_session": (_branch_session, _MESSAGE, SupportsResponse.OPTIONAL),
    "walk_branch": (_walk_branch, _MESSAGE, SupportsResponse.OPTIONAL),
    "regenerate": (_regenerate, {**_MESSAGE, **_SPEAK}, SupportsResponse.OPTIONAL),
    "edit_message": (
        _edit_message,
        {
            **_MESSAGE,
            **_SPEAK,
            vol.Required("text"): vol.All(cv.string, vol.Length(min=1, max=_LONGEST_TEXT)),
        },
        SupportsResponse.OPTIONAL,
    ),
    "forget_message": (_forget_message, _MESSAGE, SupportsResponse.OPTIONAL),
    "get_statistics": (
        _get_statistics,
        {
            vol.Optional("since"): cv.datetime,
            vol.Optional("until"): cv.datetime,
            vol.Optional("words", default=50): vol.All(vol.Coerce(int), vol.Range(min=0, max=500)),
        },
        SupportsResponse.ONLY,
    ),
    "set_retention": (
        _set_retention,
        {vol.Optional("days"): _KEPT, vol.Optional("messages"): _KEPT},
        SupportsResponse.OPTIONAL,
    ),
}
