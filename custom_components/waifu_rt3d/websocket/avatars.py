"""Bring, name, choose and delete avatars (contract `websocket-avatars`)."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
import probatio as vol

from ..actions.uploads import uploaded
from ..avatars import AvatarFile, FileKind, Problem
from ..avatars.container import MAX_BYTES
from ..avatars.library import LONGEST_NAME
from ..cast.avatar_choice import async_choose_avatar, async_take_off, wearers
from ..cast.avatar_files import (
    AVATARS,
    OWN_LICENCE,
    AvatarRefusal,
    async_add_avatar,
    async_remove_avatar,
    async_rename_avatar,
    check_right,
    file_url,
    may_change_avatars,
    own_url,
)
from ..cast.character import COLOUR_GROUPS, OWN_AVATARS
from ..const import DOMAIN

type Message = dict[str, Any]
type Answer = Mapping[str, Any]
type Handler = Callable[[HomeAssistant, websocket_api.ActiveConnection, Message], Awaitable[Answer]]

AVATAR_ID = vol.All(str, vol.Length(min=1, max=32))
NAME = vol.All(str, vol.Length(max=4 * LONGEST_NAME))
COLOUR = vol.All(str, vol.Match(r"#[0-9a-fA-F]{6}$"))
_REFUSED = {
    f"avatar_{Problem.NOT_FOUND}": websocket_api.ERR_NOT_FOUND,
    "avatar_not_allowed": websocket_api.ERR_UNAUTHORIZED,
}


def asks_avatars(
    command: str, fields: Mapping[Any, Any], *, changes: bool = True
) -> Callable[[Handler], websocket_api.const.WebSocketCommandHandler]:
    """Make a websocket command of a coroutine; one that changes something asks for the right."""

    def decorate(handler: Handler) -> websocket_api.const.WebSocketCommandHandler:
        schema = {vol.Required("type"): f"{DOMAIN}/avatar/{command}", **fields}

        @websocket_api.websocket_command(schema)
        @websocket_api.async_response
        @wraps(handler)
        async def answer(
            hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
        ) -> None:
            try:
                if changes:
                    check_right(hass, connection.user)
                result = await handler(hass, connection, msg)
            except AvatarRefusal as err:
                connection.send_error(
                    msg["id"],
                    _REFUSED.get(err.translation_key or "", websocket_api.ERR_HOME_ASSISTANT_ERROR),
                    str(err),
                    translation_domain=err.translation_domain,
                    translation_key=err.translation_key,
                    translation_placeholders=err.translation_placeholders,
                )
            else:
                connection.send_result(msg["id"], result)

        return answer

    return decorate


@asks_avatars("list", {}, changes=False)
async def list_all(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Answer:
    """Return our figures and the users' files, and whether this user may change them."""
    return {
        "avatars": [
            *(_own(hass, figure, name) for figure, name in OWN_AVATARS.items()),
            *(shown(hass, file) for file in hass.data[AVATARS].all()),
        ],
        "may_change": may_change_avatars(hass, connection.user),
        "max_bytes": MAX_BYTES,
    }


@asks_avatars("add", {vol.Required("file_id"): AVATAR_ID, vol.Optional("name", default=""): NAME})
async def add(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Answer:
    """Keep a file that was sent to core's `/api/file_upload`; one that is refused is gone."""
    async with uploaded(hass, msg["file_id"]) as path:
        return shown(hass, await async_add_avatar(hass, path, name=msg["name"]))


@asks_avatars("rename", {vol.Required("avatar_id"): AVATAR_ID, vol.Required("name"): NAME})
async def rename(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Answer:
    """Give a file another name."""
    return shown(hass, await async_rename_avatar(hass, msg["avatar_id"], msg["name"]))


@asks_avatars("delete", {vol.Required("avatar_id"): AVATAR_ID})
async def delete(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Answer:
    """Delete a file for good; characters that wore it get our own figure."""
    await async_remove_avatar(hass, msg["avatar_id"])
    async_take_off(hass, msg["avatar_id"])
    return {}


@asks_avatars(
    "choose",
    {
        vol.Required("character"): str,
        vol.Optional("avatar_id"): AVATAR_ID,
        vol.Optional("colours"): {vol.In(COLOUR_GROUPS): COLOUR},
    },
)
async def choose(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Answer:
    """Give a character another figure or other colours; every card shows it at once."""
    async_choose_avatar(hass, msg["character"], msg.get("avatar_id"), msg.get("colours"))
    return {}


@callback
def shown(hass: HomeAssistant, file: AvatarFile) -> dict[str, Any]:
    """Return a user's file as the contract writes it."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind.value,
        "own": False,
        "url": file_url(file.id),
        "size_bytes": file.size_bytes,
        "triangles": file.triangles,
        "added_ms": file.added_ms,
        "licence": file.licence.as_dict(),
        "worn_by": wearers(hass, file.id),
    }


@callback
def _own(hass: HomeAssistant, figure: str, name: str) -> dict[str, Any]:
    """Return one of our own figures."""
    return {
        "id": figure,
        "name": name,
        "kind": FileKind.VRM_1.value,
        "own": True,
        "url": own_url(figure),
        "licence": {**OWN_LICENCE.as_dict(), "title": name},
        "worn_by": wearers(hass, figure),
    }


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    list_all,
    add,
    rename,
    delete,
    choose,
)
