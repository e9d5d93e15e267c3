"""Conversations as files: written to be fetched once, read from what was uploaded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
import secrets
import shutil

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..actions.uploads import uploaded
from ..const import DOMAIN
from ..house import HOUSE
from ..memory import Scope, Store
from ..memory.api.exchanging import Imported
from ..memory.exchange.export import Format, ending
from .rights import store_of

EXPORTS: HassKey[dict[str, Export]] = HassKey(f"{DOMAIN}_exports")
EXPORT_URL = f"/api/{DOMAIN}/export"
EXPORT_LIFE = timedelta(minutes=10)
"""How long an export waits to be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that waits for the one who asked for it."""

    path: Path
    name: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Where an export can be fetched, and what is in it."""

    url: str
    name: str
    sessions: int = 0


async def async_serve_exports(hass: HomeAssistant) -> None:
    """Let people fetch what they exported, and nobody else's; old files go."""
    folder = _folder(hass)
    await hass.async_add_executor_job(lambda: shutil.rmtree(folder, ignore_errors=True))
    hass.data[EXPORTS] = {}
    hass.http.register_view(ExportView)


class ExportView(HomeAssistantView):
    """Give an export to the user who asked for it."""

    url = f"{EXPORT_URL}/{{key}}"
    name = f"api:{DOMAIN}:export"

    async def get(self, request: web.Request, key: str) -> web.StreamResponse:
        """Return the file; another user's looks like none."""
        hass = request.app[KEY_HASS]
        export = hass.data[EXPORTS].get(key)
        user = request.get(KEY_HASS_USER)
        if export is None or user is None or export.user_id != user.id:
            return web.Response(status=404)
        headers = {
            "Content-Disposition": f'attachment; filename="{export.name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(export.path, headers=headers)


async def async_offer_export(
    hass: HomeAssistant,
    scope: Scope,
    kind: Format,
    *,
    session_id: str | None = None,
    character: str | None = None,
) -> Offered:
    """Write what the scope may see to a file that its user may fetch for some minutes."""
    key = secrets.token_urlsafe(16)
    path = _folder(hass) / key
    name = f"waifu-rt3d-{dt_util.now():%Y-%m-%d}{ending(kind, session_id)}"
    count = await async_export(hass, scope, path, kind, session_id=session_id, character=character)
    url = _offer(hass, key, Export(path=path, name=name, user_id=scope.person))
    return Offered(url=url, name=name, sessions=count)


async def async_offer_bytes(
    hass: HomeAssistant, user_id: str, data: bytes, *, name: str
) -> Offered:
    """Offer a file that is already made to a user for some minutes."""
    key = secrets.token_urlsafe(16)
    path = _folder(hass) / key

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    await hass.async_add_executor_job(write)
    url = _offer(hass, key, Export(path=path, name=name, user_id=user_id))
    return Offered(url=url, name=name)


def _offer(hass: HomeAssistant, key: str, export: Export) -> str:
    """Keep a file for its user until it expires; return where it can be fetched."""
    hass.data[EXPORTS][key] = export

    async def expire(_now: datetime) -> None:
        await _async_remove(hass, key)

    job = HassJob(expire, f"{DOMAIN} export", cancel_on_shutdown=True)
    async_call_later(hass, EXPORT_LIFE, job)
    return async_sign_path(hass, f"{EXPORT_URL}/{key}", EXPORT_LIFE)


async def async_forget_exports(hass: HomeAssistant, user_id: str) -> None:
    """Remove the exports that wait for a user."""
    for key in [key for key, one in hass.data[EXPORTS].items() if one.user_id == user_id]:
        await _async_remove(hass, key)


async def async_export(
    hass: HomeAssistant,
    scope: Scope,
    path: Path,
    kind: Format,
    *,
    session_id: str | None = None,
    character: str | None = None,
) -> int:
    """Write what the scope may see to a file; return how many sessions."""
    store = store_of(hass)
    await _async_name_all(hass, store, scope)
    narrowed = Scope(person=scope.person, household=scope.household, character=character)
    await hass.async_add_executor_job(lambda: path.parent.mkdir(parents=True, exist_ok=True))
    zone = dt_util.get_default_time_zone()
    return await store.export(narrowed, path, kind, session_id=session_id, zone=zone)


async def async_import_upload(
    hass: HomeAssistant,
    scope: Scope,
    file_id: str,
    *,
    character: str,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Bring an uploaded file's conversations to the scope's person, all of them or none."""
    async with uploaded(hass, file_id) as path:
        return await store_of(hass).import_file(
            scope,
            path,
            character=character,
            progress=progress,
            zone=dt_util.get_default_time_zone(),
        )


async def _async_remove(hass: HomeAssistant, key: str) -> None:
    """Remove an export, if it is still there."""
    if export := hass.data[EXPORTS].pop(key, None):
        await hass.async_add_executor_job(lambda: export.path.unlink(missing_ok=True))


def _folder(hass: HomeAssistant) -> Path:
    """Return where exports wait."""
    return Path(hass.config.path(DOMAIN, "exports"))


async def _async_name_all(hass: HomeAssistant, store: Store, scope: Scope) -> None:
    """Tell the memory what person and characters are called now, for whoever reads the export."""
    user = await hass.auth.async_get_user(scope.person)
    if user is not None and user.name:
        await store.name_person(user.id, user.name)
    for character in hass.data[HOUSE].characters.values():
        await store.name_character(character.id, character.name)
