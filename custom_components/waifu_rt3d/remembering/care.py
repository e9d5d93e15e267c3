"""Look after the memory: purge each minute, rules and a good copy at night, repairs after damage."""

from datetime import datetime, timedelta
from pathlib import Path

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_change, async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import DOCUMENTS, DOMAIN, LOGGER
from ..house import HOUSE
from ..memory import Store, StoreDamaged, StoreError
from ..memory.care import Recovery
from .embedding import async_read_on
from .forgetting import async_forget_copies

DATABASE = "companion.db"
PURGE_EVERY = timedelta(minutes=1)
NIGHT_HOUR, NIGHT_MINUTE = 3, 40
"""Before core's own backup at a quarter to five, which then copies a checked file."""

ISSUE_CLOSED = "memory_not_opened"
ISSUE_MENDED = "memory_mended"
ISSUE_EMPTY = "memory_begun_anew"


def database_path(hass: HomeAssistant) -> Path:
    """Return where the memory is: HACS replaces the component's own folder on every update."""
    return Path(hass.config.path(DOMAIN, DATABASE))


async def async_open_memory(hass: HomeAssistant, *, thorough: bool = False) -> None:
    """Open the memory of the house; one that can't be opened leaves a house that still talks."""
    path = database_path(hass)
    try:
        store = await Store.open(path, thorough=thorough)
    except (StoreError, OSError) as err:
        LOGGER.error("The memory can't be opened, nothing is remembered: %s", err)
        _report(hass, ISSUE_CLOSED, ir.IssueSeverity.ERROR, reason=str(err))
        return
    hass.data[HOUSE].store = store
    ir.async_delete_issue(hass, DOMAIN, ISSUE_CLOSED)
    if store.recovery is not None:
        _report_recovery(hass, store.recovery)
    hass.async_create_background_task(_async_reindex(store), f"{DOMAIN} memory index")
    if store.unchecked:
        hass.async_create_background_task(_async_check(hass, store), f"{DOMAIN} memory check")


async def _async_check(hass: HomeAssistant, store: Store) -> None:
    """Read through a large memory while the house talks; put it aside where it is damaged."""
    try:
        await store.check()
    except StoreDamaged:
        if hass.data[HOUSE].store is store:
            await async_reopen_memory(hass)
    except StoreError as err:
        LOGGER.debug("The memory could not be checked: %s", err)


async def _async_reindex(store: Store) -> None:
    """Let what an older version stored be found as it is searched for now."""
    try:
        await store.reindex()
    except StoreError as err:
        LOGGER.debug("The memory could not be indexed anew, the next start goes on: %s", err)


@callback
def async_start_care(hass: HomeAssistant) -> CALLBACK_TYPE:
    """Look after the memory from now on; return how to stop."""

    async def minutely(_now: datetime) -> None:
        await _async_purge(hass)
        await _async_read_on(hass)

    async def nightly(_now: datetime) -> None:
        await async_night(hass)
        await _async_read_on(hass, anew=True)

    stops = (
        async_track_time_interval(hass, minutely, PURGE_EVERY, name=f"{DOMAIN} purge"),
        async_track_time_change(hass, nightly, hour=NIGHT_HOUR, minute=NIGHT_MINUTE, second=0),
    )

    @callback
    def stop() -> None:
        for one in stops:
            one()

    return stop


async def _async_purge(hass: HomeAssistant) -> None:
    """Remove what was deleted a minute ago, and store what waited for the disk."""
    house = hass.data[HOUSE]
    if house.store is None:
        return
    try:
        forgotten = await house.store.purge()
    except StoreError as err:
        LOGGER.debug("Nothing could be purged: %s", err)
        return
    if forgotten.messages:
        await async_forget_copies(hass, forgotten)
    if len(house.unsaved):
        await house.unsaved.async_retry(house.store)


async def _async_read_on(hass: HomeAssistant, *, anew: bool = False) -> None:
    """Let an embedding model of the owner's read on, where there is one."""
    try:
        await async_read_on(hass, anew=anew)
    except StoreError as err:
        LOGGER.debug("Nothing could be read for recall: %s", err)


async def async_night(hass: HomeAssistant) -> None:
    """Keep to the rules of retention, check the file and copy it; a damaged one is mended."""
    house = hass.data[HOUSE]
    if house.store is None:
        # After the last entry has left there may be no memory on purpose.
        if hass.config_entries.async_entries(DOMAIN):
            await async_open_memory(hass)
        return
    try:
        forgotten = await house.store.nightly()
    except StoreDamaged:
        await async_reopen_memory(hass)
    except StoreError as err:
        LOGGER.warning("The memory could not be looked after: %s", err)
    else:
        await async_forget_copies(hass, forgotten)


async def async_reopen_memory(hass: HomeAssistant) -> None:
    """Close the memory and open it again, which puts a damaged file aside."""
    house = hass.data[HOUSE]
    store, house.store = house.store, None
    if store is not None:
        await store.close()
    await async_open_memory(hass, thorough=True)


@callback
def _report_recovery(hass: HomeAssistant, recovery: Recovery) -> None:
    """Tell the owner what was damaged and what took its place."""
    moved_to, salvaged = recovery.moved_to.name, str(recovery.salvaged)
    if recovery.copied_ms is None:
        _report(hass, ISSUE_EMPTY, ir.IssueSeverity.ERROR, moved_to=moved_to, salvaged=salvaged)
        return
    copied = dt_util.as_local(dt_util.utc_from_timestamp(recovery.copied_ms / 1000))
    _report(
        hass,
        ISSUE_MENDED,
        ir.IssueSeverity.WARNING,
        moved_to=moved_to,
        salvaged=salvaged,
        copied=f"{copied:%Y-%m-%d %H:%M}",
    )


@callback
def _report(
    hass: HomeAssistant, issue: str, severity: ir.IssueSeverity, **placeholders: str
) -> None:
    """Show an issue in the repairs, until it is dismissed or solved."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        learn_more_url=f"{DOCUMENTS}/troubleshooting.md#repairs",
        is_persistent=issue != ISSUE_CLOSED,
        severity=severity,
        translation_key=issue,
        translation_placeholders=placeholders,
    )
