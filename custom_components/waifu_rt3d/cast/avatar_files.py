"""Avatars inside Home Assistant: kept in our folder, given to those who are logged in."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
import time

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_now

from ..avatars import AvatarFile, AvatarLibrary, BadAvatar, FileKind, Licence, Problem
from ..const import CONF_AVATARS_BY_ALL, CONF_KIND, DOMAIN, KIND_COMPANION, URL_BASE
from ..remembering.rights import is_household
from .character import DEFAULT_AVATAR, OWN_AVATARS, Character

AVATARS: HassKey[AvatarLibrary] = HassKey(f"{DOMAIN}_avatars")
AVATAR_URL = f"/api/{DOMAIN}/avatar"
FOLDER = "avatars"
_KEPT_S = 3600
"""A file never changes under its id; browsers may keep it, others on the way may not."""

OWN_LICENCE = Licence(
    authors=("waifu-rt3d",),
    licence="Apache-2.0",
    who_may_use="everyone",
    commercial="corporation",
    violence=True,
    sexual=True,
    politics_and_religion=True,
    hate=True,
    passing_on=True,
    changing="allowModificationRedistribution",
    credit="required",
)
"""Apache-2.0 limits no use; the files of our figures say the same."""


class AvatarRefusal(HomeAssistantError):
    """Say in the person's language why a file, or a wish about one, was refused."""

    def __init__(self, problem: Problem | str, reason: str = "") -> None:
        """Name the sentence; `reason` is what it says further."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=f"avatar_{problem}",
            translation_placeholders={"reason": reason},
        )


async def async_open_avatars(hass: HomeAssistant) -> None:
    """Read what is in the folder and serve it."""
    library = hass.data[AVATARS] = AvatarLibrary(Path(hass.config.path(DOMAIN, FOLDER)))
    await hass.async_add_executor_job(library.load)
    hass.http.register_view(AvatarView)


class AvatarView(HomeAssistantView):
    """Give an avatar to everybody who is logged in, by header or by a signed address."""

    url = f"{AVATAR_URL}/{{avatar_id}}"
    name = f"api:{DOMAIN}:avatar"

    async def get(self, request: web.Request, avatar_id: str) -> web.StreamResponse:
        """Return the file as plain bytes, whatever stands in it."""
        if request.get(KEY_HASS_USER) is None:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            path = request.app[KEY_HASS].data[AVATARS].path(avatar_id)
        except BadAvatar:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {
            "Content-Type": "model/gltf+json" if path.suffix == ".gltf" else "model/gltf-binary",
            "Content-Disposition": f'attachment; filename="{avatar_id}{path.suffix}"',
            "Cache-Control": f"private, max-age={_KEPT_S}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)


async def async_add_avatar(
    hass: HomeAssistant, source: Path | bytes, *, name: str = ""
) -> AvatarFile:
    """Look through a file and keep it; raise `AvatarRefusal` with a sentence when it is not taken.

    For uploads and for figures that come inside of other files, such as character cards.
    """
    library = hass.data[AVATARS]
    return await _async_told(
        hass,
        lambda: library.add(
            source, avatar_id=ulid_now().lower(), name=name, now_ms=int(time.time() * 1000)
        ),
    )


async def async_rename_avatar(hass: HomeAssistant, avatar_id: str, name: str) -> AvatarFile:
    """Give a file another name."""
    return await _async_told(hass, lambda: hass.data[AVATARS].rename(avatar_id, name))


async def async_remove_avatar(hass: HomeAssistant, avatar_id: str) -> AvatarFile:
    """Delete a file for good."""
    return await _async_told(hass, lambda: hass.data[AVATARS].remove(avatar_id))


async def _async_told(hass: HomeAssistant, work: Callable[[], AvatarFile]) -> AvatarFile:
    """Do something with the library off the loop; its refusals become translated sentences."""
    try:
        return await hass.async_add_executor_job(work)
    except BadAvatar as err:
        raise AvatarRefusal(err.problem, err.reason) from err


@callback
def avatar_url(hass: HomeAssistant, character: Character) -> str:
    """Return where the card loads a character's figure from; a lost file is replaced by ours.

    Addresses below `/api/` need a login: the card has them signed (`auth/sign_path`).
    """
    avatar = character.avatar
    if avatar in hass.data[AVATARS] and hass.data[AVATARS].find(avatar).kind.is_figure:
        return file_url(avatar)
    return own_url(avatar if avatar in OWN_AVATARS else DEFAULT_AVATAR)


def file_url(avatar_id: str) -> str:
    """Return the address of a user's file."""
    return f"{AVATAR_URL}/{avatar_id}"


def own_url(figure: str) -> str:
    """Return the address of one of our own figures."""
    return f"{URL_BASE}/avatars/{figure}.vrm"


@callback
def animations(hass: HomeAssistant) -> list[AvatarFile]:
    """Return the users' animation files."""
    return [file for file in hass.data[AVATARS].all() if file.kind is FileKind.ANIMATION]


@callback
def may_change_avatars(hass: HomeAssistant, user: User) -> bool:
    """Return whether a user may bring, rename and delete avatars: admins, or all who live here."""
    if user.is_admin:
        return True
    entries = hass.config_entries.async_entries(DOMAIN)
    allowed = any(
        entry.options.get(CONF_AVATARS_BY_ALL)
        for entry in entries
        if entry.data.get(CONF_KIND) == KIND_COMPANION
    )
    return allowed and is_household(user)


@callback
def check_right(hass: HomeAssistant, user: User) -> None:
    """Refuse a user who may not change avatars."""
    if not may_change_avatars(hass, user):
        raise AvatarRefusal("not_allowed")
