"""The component's own data as one file that another Home Assistant can read."""

from contextlib import closing
from dataclasses import dataclass
import json
from pathlib import Path
import shutil
import sqlite3
import tempfile
from types import MappingProxyType
from typing import Any
import zipfile

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..cast.avatar_files import AVATARS
from ..const import (
    CONF_KIND,
    CONF_PIPELINE,
    DOMAIN,
    KIND_COMPANION,
    LOGGER,
    SUBENTRY_CHARACTER,
    VERSION,
)
from ..house import HOUSE
from ..memory import StoreError
from ..memory.database import Database
from .care import DATABASE, async_open_memory, database_path
from .rights import MemoryRefusal, key_of, store_of

BUNDLE_VERSION = 1
SETTINGS = "settings.json"
LIBRARY = "library/"
"""Prefix in the file for what else is in our folder: cards, avatars, pictures."""
FOLDER = "backups"
MAX_BYTES = 8 * 1024**3
"""Unpacked; a larger one is a mistake or an attack."""
_LEFT_OUT = {FOLDER, "exports"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A written backup."""

    path: Path
    size_bytes: int


async def async_backup(hass: HomeAssistant) -> Bundle:
    """Write conversations, characters and settings into one file below our folder."""
    store = store_of(hass)
    folder = Path(hass.config.path(DOMAIN))
    target = folder / FOLDER / f"waifu-rt3d-{dt_util.now():%Y-%m-%d-%H%M%S}.zip"
    copy = folder / f"{DATABASE}.bundle"
    await hass.async_add_executor_job(lambda: target.parent.mkdir(parents=True, exist_ok=True))
    try:
        await store.copy_to(copy)
        size_bytes = await hass.async_add_executor_job(
            _write, folder, copy, target, await _async_settings(hass)
        )
    except StoreError as err:
        raise MemoryRefusal(key_of(err), str(err)) from err
    except OSError as err:
        raise MemoryRefusal("bundle_not_written", str(err)) from err
    finally:
        await hass.async_add_executor_job(lambda: copy.unlink(missing_ok=True))
    return Bundle(path=target, size_bytes=size_bytes)


async def async_restore(hass: HomeAssistant, path: Path) -> list[str]:
    """Put a backup in place of what is here; return the characters that came with it.

    What was here is backed up first. A file that is not sound changes nothing.
    """
    house, folder = hass.data[HOUSE], Path(hass.config.path(DOMAIN))
    try:
        settings, unpacked = await hass.async_add_executor_job(_unpack, path, folder)
    except (OSError, ValueError, zipfile.BadZipFile, sqlite3.Error, StoreError) as err:
        raise MemoryRefusal("bundle_unreadable", str(err)) from err
    persons = await _async_same_persons(hass, settings)
    await hass.async_add_executor_job(_rename_persons, unpacked / DATABASE, persons)
    if house.store is not None:
        await async_backup(hass)
        store, house.store = house.store, None
        await store.close()
    try:
        await hass.async_add_executor_job(_put_in_place, unpacked, folder, database_path(hass))
    finally:
        await async_open_memory(hass)
        await hass.async_add_executor_job(hass.data[AVATARS].load)
    return _add_characters(hass, settings)


async def _async_settings(hass: HomeAssistant) -> dict[str, Any]:
    """Return persons and characters; addresses and keys belong to this house only."""
    entry = _companion(hass)
    users = [one for one in await hass.auth.async_get_users() if not one.system_generated]
    return {
        "v": BUNDLE_VERSION,
        "version": VERSION,
        "created": dt_util.utcnow().isoformat(),
        "persons": [{"id": user.id, "name": user.name or ""} for user in users],
        "characters": [
            {
                "id": subentry.unique_id,
                "name": subentry.title,
                "data": {k: v for k, v in subentry.data.items() if k != CONF_PIPELINE},
            }
            for subentry in (entry.subentries.values() if entry else ())
            if subentry.subentry_type == SUBENTRY_CHARACTER
        ],
    }


async def _async_same_persons(hass: HomeAssistant, settings: dict[str, Any]) -> dict[str, str]:
    """Return who of another house is who of this one: the users of one name, where it is one each.

    Ids of users are made anew in each Home Assistant. Whom nobody here is called after stays
    unseen until there is such a user and the file is restored again.
    """
    users = [one for one in await hass.auth.async_get_users() if not one.system_generated]
    known = {user.id for user in users}
    here = [(_folded(user.name), user.id) for user in users]
    named = settings.get("persons") or []
    there = [(_folded(one.get("name")), str(one.get("id"))) for one in named]
    found = {}
    for name, old in there:
        alike = [new for other, new in here if other == name]
        if old in known or not name or [other for other, _ in there].count(name) > 1:
            continue
        if len(alike) == 1:
            found[old] = alike[0]
    return found


def _folded(name: object) -> str:
    """Return a name as two are compared."""
    return str(name or "").strip().casefold()


def _rename_persons(database: Path, persons: dict[str, str]) -> None:
    """Give persons of a backup the ids they have here; blocks."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for old, new in persons.items():
            for table, key in (("person", "{}"), ("setting", "retention:{}")):
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET key = ? WHERE key = ?",  # noqa: S608 - names of our own
                    (key.format(new), key.format(old)),
                )


def _companion(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the companion's entry, where it is set up."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return next((entry for entry in entries if entry.data[CONF_KIND] == KIND_COMPANION), None)


def _add_characters(hass: HomeAssistant, settings: dict[str, Any]) -> list[str]:
    """Make the characters of a backup that are not here."""
    entry = _companion(hass)
    if entry is None:
        LOGGER.warning("There is no companion yet: the characters of the backup were left out")
        return []
    known = {subentry.unique_id for subentry in entry.subentries.values()}
    added = []
    for character in settings["characters"]:
        if character["id"] in known:
            continue
        hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType(dict(character["data"])),
                subentry_type=SUBENTRY_CHARACTER,
                title=str(character["name"]),
                unique_id=str(character["id"]),
            ),
        )
        added.append(str(character["name"]))
    return added


def _write(folder: Path, copy: Path, target: Path, settings: dict[str, Any]) -> int:
    """Write the file, which appears only when it is complete; return its bytes; blocks."""
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SETTINGS, json.dumps(settings, ensure_ascii=False, indent=1))
        archive.write(copy, DATABASE)
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and name.parts[0] not in _LEFT_OUT and len(name.parts) > 1:
                archive.write(path, f"{LIBRARY}{name.as_posix()}")
    part.replace(target)
    return target.stat().st_size


def _unpack(path: Path, folder: Path) -> tuple[dict[str, Any], Path]:
    """Take a file apart beside what is here and look at every part; blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(prefix="restore-", dir=folder))
    try:
        return _extracted(path, unpacked), unpacked
    except BaseException:
        shutil.rmtree(unpacked)
        raise


def _extracted(path: Path, unpacked: Path) -> dict[str, Any]:
    """Take a file apart and return its settings, if every part is as it should be; blocks."""
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
            raise ValueError("it is too large")
        names = set(archive.namelist())
        if not {SETTINGS, DATABASE} <= names:
            raise ValueError("it is no backup of waifu-rt3d")
        for name in names:
            if not (unpacked / name).resolve().is_relative_to(unpacked):
                raise ValueError(f"a name leads out of it: {name}")
        archive.extractall(unpacked)
    settings = json.loads((unpacked / SETTINGS).read_text("utf-8"))
    if not isinstance(settings, dict) or settings.get("v") != BUNDLE_VERSION:
        raise ValueError("another version of waifu-rt3d wrote it")
    # The memory itself is looked at as at every start: migrated, or refused when it is newer.
    check_file(unpacked / DATABASE)
    return settings


def check_file(path: Path) -> None:
    """Refuse a database that could not be opened; blocks."""
    Database.open_file(path).close()
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        connection.close()
    if found != "ok":
        raise ValueError(f"its database is damaged: {found}")
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _put_in_place(unpacked: Path, folder: Path, database: Path) -> None:
    """Move the parts of a backup to where they belong; blocks."""
    for ending in ("-wal", "-shm", ".good"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    (unpacked / DATABASE).replace(database)
    library = unpacked / LIBRARY.rstrip("/")
    for path in sorted(library.rglob("*")) if library.exists() else ():
        if path.is_file():
            target = folder / path.relative_to(library)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    shutil.rmtree(unpacked)
