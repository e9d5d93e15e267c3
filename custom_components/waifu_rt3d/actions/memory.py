"""The actions: what the card can do with the memory, also for automations and scripts.

Rights are those of the user behind the action; an automation acts for the household.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import probatio as vol

from ..cast.imported import async_make_characters
from ..const import DOMAIN, LONGEST_QUERY
from ..memory import HOUSEHOLD, Scope
from ..memory.exchange.export import Format, ending
from ..memory.search import SearchFilter
from ..preflight import State, async_run
from ..preflight.words import Words
from ..remembering.bundle import FOLDER, async_backup, async_restore
from ..remembering.exchange_files import async_export
from ..remembering.forgetting import FILES, async_forget_me, async_forget_session
from ..remembering.rights import MemoryRefusal, async_scope_of, store_of, told
from ..remembering.shown import shown_hit, shown_import, shown_note, shown_session
from .allowed_paths import allowed_path, async_allowed_path
from .sessions import SESSION, SESSION_ACTIONS, Action, Handler, character_id, time_ms

_PATH = {vol.Required("path"): cv.string}
_CONFIRM = {vol.Required("confirm"): vol.All(cv.boolean, True)}


async def _new_session(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Begin a new session."""
    session = await store_of(hass).create_session(
        scope,
        character=character_id(hass, call),
        audience=HOUSEHOLD if call.data["household"] else None,
        title=call.data["title"],
    )
    return shown_session(session)


async def _rename_session(
    hass: HomeAssistant, call: ServiceCall, scope: Scope
) -> Mapping[str, Any]:
    """Give a session a title."""
    store, session_id = store_of(hass), call.data["session_id"]
    await store.rename_session(scope, session_id, call.data["title"])
    return shown_session(await store.session(scope, session_id))


async def _delete_session(
    hass: HomeAssistant, call: ServiceCall, scope: Scope
) -> Mapping[str, Any]:
    """Delete a session."""
    await async_forget_session(hass, scope, call.data["session_id"])
    return {}


async def _restore_session(
    hass: HomeAssistant, call: ServiceCall, scope: Scope
) -> Mapping[str, Any]:
    """Bring back a session deleted less than a minute ago."""
    store, session_id = store_of(hass), call.data["session_id"]
    await store.restore_session(scope, session_id)
    return shown_session(await store.session(scope, session_id))


async def _remember(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Keep a note; without a character all know it."""
    named = character_id(hass, call) if call.data.get("character") else None
    narrowed = Scope(person=scope.person, household=scope.household, character=named)
    note_id = await store_of(hass).add_note(
        narrowed,
        call.data["text"],
        audience=HOUSEHOLD if call.data["household"] else None,
    )
    return {"note_id": note_id}


async def _forget(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Forget a note and, where wanted, what was said when it was made."""
    await store_of(hass).forget_note(
        scope, call.data["note_id"], with_source=call.data["with_source"]
    )
    return {}


async def _notes(hass: HomeAssistant, _call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Return the notes."""
    return {"notes": [shown_note(one) for one in await store_of(hass).notes(scope)]}


async def _search(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Return what was said with the given words."""
    wanted = SearchFilter(
        character=call.data.get("character"),
        since_ms=time_ms(call.data.get("since")),
        until_ms=time_ms(call.data.get("until")),
    )
    found = await store_of(hass).search(scope, call.data["words"], wanted, limit=call.data["limit"])
    return {"hits": [shown_hit(hit) for hit in found.hits], "more": found.more}


async def _export(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Write conversations to a file that this Home Assistant may write."""
    kind = Format(call.data["format"])
    path = await async_allowed_path(hass, call.data["path"], scope)
    wanted = ending(kind, call.data.get("session_id"))
    if path.suffix != wanted:
        raise MemoryRefusal("path_ending", wanted)
    try:
        count = await async_export(
            hass,
            scope,
            path,
            kind,
            session_id=call.data.get("session_id"),
            character=call.data.get("character"),
        )
    except OSError as err:
        raise MemoryRefusal("bundle_not_written", str(err)) from err
    return {"path": str(path), "sessions": count}


async def _import(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Read conversations from a file that this Home Assistant may read."""
    path = await async_allowed_path(hass, call.data["path"], scope)
    if not await hass.async_add_executor_job(path.is_file):
        raise MemoryRefusal("path_missing", str(path))
    imported = await store_of(hass).import_file(
        scope, path, character=character_id(hass, call), zone=dt_util.get_default_time_zone()
    )
    user = await hass.auth.async_get_user(scope.person)
    may_make = user is None or user.is_admin
    return shown_import(imported, await async_make_characters(hass, imported) if may_make else [])


async def _forget_me(hass: HomeAssistant, call: ServiceCall, scope: Scope) -> Mapping[str, Any]:
    """Delete everything about the user behind the action."""
    if call.context.user_id is None:
        raise MemoryRefusal("nobody_named")
    forgotten = await async_forget_me(hass, scope)
    return {"sessions": forgotten.sessions, "messages": forgotten.messages}


_ACTIONS: dict[str, Action] = {
    **SESSION_ACTIONS,
    "new_session": (
        _new_session,
        {
            vol.Optional("character"): cv.string,
            vol.Optional("title", default=""): cv.string,
            vol.Optional("household", default=False): cv.boolean,
        },
        SupportsResponse.OPTIONAL,
    ),
    "rename_session": (
        _rename_session,
        {**SESSION, vol.Required("title"): cv.string},
        SupportsResponse.OPTIONAL,
    ),
    "delete_session": (_delete_session, SESSION, SupportsResponse.NONE),
    "restore_session": (_restore_session, SESSION, SupportsResponse.OPTIONAL),
    "remember": (
        _remember,
        {
            vol.Required("text"): cv.string,
            vol.Optional("character"): cv.string,
            vol.Optional("household", default=False): cv.boolean,
        },
        SupportsResponse.OPTIONAL,
    ),
    "forget": (
        _forget,
        {
            vol.Required("note_id"): cv.string,
            vol.Optional("with_source", default=False): cv.boolean,
        },
        SupportsResponse.NONE,
    ),
    "get_notes": (_notes, {}, SupportsResponse.ONLY),
    "search": (
        _search,
        {
            vol.Required("words"): vol.All(cv.string, vol.Length(max=LONGEST_QUERY)),
            vol.Optional("character"): cv.string,
            vol.Optional("since"): cv.datetime,
            vol.Optional("until"): cv.datetime,
            vol.Optional("limit", default=20): vol.All(vol.Coerce(int), vol.Range(min=1, max=100)),
        },
        SupportsResponse.ONLY,
    ),
    "export": (
        _export,
        {
            **_PATH,
            vol.Optional("format", default=Format.JSON.value): vol.In([f.value for f in Format]),
            vol.Optional("session_id"): cv.string,
            vol.Optional("character"): cv.string,
        },
        SupportsResponse.OPTIONAL,
    ),
    "import": (
        _import,
        {**_PATH, vol.Optional("character"): cv.string},
        SupportsResponse.OPTIONAL,
    ),
    "delete_everything_about_me": (_forget_me, _CONFIRM, SupportsResponse.OPTIONAL),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, (handler, fields, response) in _ACTIONS.items():
        hass.services.async_register(
            DOMAIN, name, _asked(hass, handler), vol.Schema(fields), response
        )
    for name, admin, fields in (
        ("backup", _backup, {}),
        ("restore", _restore, _PATH),
        ("preflight", _preflight, {}),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, admin, vol.Schema(fields), SupportsResponse.OPTIONAL
        )


def _asked(
    hass: HomeAssistant, handler: Handler
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Call a handler with the rights of whoever is behind the action."""

    async def run(call: ServiceCall) -> ServiceResponse:
        scope = await async_scope_of(hass, call.context)
        with told():
            return cast("JsonObjectType", await handler(hass, call, scope))

    return run


async def _backup(call: ServiceCall) -> ServiceResponse:
    """Write everything of the component into one file."""
    bundle = await async_backup(call.hass)
    return cast("JsonObjectType", asdict(bundle) | {"path": str(bundle.path)})


async def _restore(call: ServiceCall) -> ServiceResponse:
    """Put a backup in place of what is here."""
    folder = Path(call.hass.config.path(DOMAIN))
    places = [folder / FILES, folder / FOLDER]
    path = allowed_path(call.hass, call.data["path"], places[0], places, everywhere=True)
    if not await call.hass.async_add_executor_job(path.is_file):
        raise MemoryRefusal("path_missing", str(path))
    return {"characters": cast("list[Any]", await async_restore(call.hass, path))}


async def _preflight(call: ServiceCall) -> ServiceResponse:
    """Try every part for real."""
    words = await Words.of(call.hass)
    found = [words.shown(light) for light in await async_run(call.hass)]
    worst = max((State(light["state"]) for light in found), key=list(State).index)
    return cast("JsonObjectType", {"state": worst.value, "findings": found})
