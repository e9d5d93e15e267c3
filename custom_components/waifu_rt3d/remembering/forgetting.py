"""Forget everywhere: beside the memory there are cached voices, chat logs and kept envelopes."""

from collections.abc import Iterable
from functools import partial
import hashlib
from pathlib import Path
import shutil

from homeassistant.components.conversation.chat_log import DATA_CHAT_LOGS, ChatLog
from homeassistant.components.tts.const import DATA_TTS_MANAGER
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..house import HOUSE
from ..memory import NotFound, Scope
from ..memory.forget import Forgotten
from ..memory.sessions import PRIVATE_PREFIX
from ..minds.talks import TALKS
from ..turns.turn import CancelReason
from .exchange_files import async_forget_exports
from .rights import store_of

FILES = "files"
"""Folder below ours with what messages refer to, and one for each person's exports."""


async def async_forget_session(hass: HomeAssistant, scope: Scope, session_id: str) -> None:
    """Delete a session, whose undo lasts a minute; one that runs is stopped."""
    house = hass.data[HOUSE]
    await store_of(hass).delete_session(scope, session_id)
    private = session_id.startswith(PRIVATE_PREFIX)
    for turn in [t for t in house.turns.values() if t.start.session_id == session_id]:
        turn.forgotten = True
        turn.cancel(CancelReason.USER)
    for turn_id in house.bus.turns_with("session_id", session_id):
        house.bus.forget(turn_id)
    _blank_chat_logs(hass, {session_id})
    if private:
        await async_clear_cached_voices(hass, (), everything=True)


async def async_forget_me(hass: HomeAssistant, scope: Scope) -> Forgotten:
    """Delete everything of and by a person; nothing that was derived from it stays."""
    house, store = hass.data[HOUSE], store_of(hass)
    for turn in list(house.turns.values()):
        if turn.start.person.user_id == scope.person:
            turn.forgotten = True
            turn.cancel(CancelReason.USER)
            turn.close()
    house.unsaved.forget(scope.person)
    await async_forget_exports(hass, scope.person)
    turns = house.bus.turns_with("person", scope.person)
    session_ids = house.bus.sessions_of(scope.person)
    try:
        forgotten = await store.forget_person(scope)
    except NotFound:
        forgotten = Forgotten()  # somebody who never spoke: their wish is already fulfilled
    for turn_id in turns:
        house.bus.forget(turn_id)
    await async_forget_copies(hass, forgotten, session_ids, everything=True)
    if await hass.auth.async_get_user(scope.person):
        own = Path(hass.config.path(DOMAIN, FILES, scope.person))
        await hass.async_add_executor_job(partial(shutil.rmtree, own, ignore_errors=True))
    return forgotten


async def async_forget_copies(
    hass: HomeAssistant,
    forgotten: Forgotten,
    session_ids: Iterable[str] = (),
    *,
    everything: bool = False,
) -> None:
    """Remove what others keep of forgotten messages: files, sounds, mouths, chat logs."""
    house = hass.data[HOUSE]
    house.known_marks.forget(forgotten.spoken)
    await async_clear_cached_voices(hass, forgotten.spoken, everything=everything)
    _blank_chat_logs(hass, set(session_ids), everything=everything)
    if forgotten.attachments:
        folder = Path(hass.config.path(DOMAIN, FILES))
        await hass.async_add_executor_job(_remove_files, folder, forgotten.attachments)


async def async_clear_cached_voices(
    hass: HomeAssistant, spoken: Iterable[str], *, everything: bool = False
) -> None:
    """Remove the sound of these texts from core's caches on the disk and in memory.

    Streams in memory don't tell their text and live for minutes only: with `everything` they go too.
    A sound that is being heard is not cut, its stream has a hold of its own.
    """
    manager = hass.data.get(DATA_TTS_MANAGER)
    if manager is None:
        return
    # core/tts: a key begins with the SHA-1 of the text
    hashes = tuple(hashlib.sha1(text.encode()).hexdigest() for text in spoken)
    for key in [k for k in manager.mem_cache if everything or k.startswith(hashes)]:
        del manager.mem_cache[key]
    keys = [key for key in manager.file_cache if key.startswith(hashes)]
    names = [manager.file_cache.pop(key) for key in keys]
    if names:
        await hass.async_add_executor_job(_remove_files, Path(manager.cache_dir), names)


@callback
def _blank_chat_logs(
    hass: HomeAssistant, session_ids: set[str], *, everything: bool = False
) -> None:
    """Empty the chat logs that core keeps of our sessions for some minutes."""
    if talks := hass.data.get(TALKS):
        for session_id in session_ids:
            talks.forget(session_id)
        if everything:
            talks.forget_all()
    ours = {
        character.entity_id(hass, Platform.CONVERSATION)
        for character in hass.data[HOUSE].characters.values()
    }
    logs: dict[str, ChatLog] = hass.data.get(DATA_CHAT_LOGS) or {}
    for conversation_id, log in logs.items():
        of_session = any(conversation_id.endswith(session_id) for session_id in session_ids)
        of_ours = any(getattr(content, "agent_id", None) in ours for content in log.content)
        if of_session or (everything and (of_ours or conversation_id.startswith("waifu-"))):
            # core itself removes the entry later, so it has to stay
            logs[conversation_id] = ChatLog(hass, conversation_id)


def _remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a folder; a name that leads out of it is left alone; blocks."""
    root = folder.resolve()
    for name in names:
        path = (root / name).resolve()
        if path.is_relative_to(root):
            path.unlink(missing_ok=True)
