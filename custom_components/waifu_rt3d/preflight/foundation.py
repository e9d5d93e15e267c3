"""Look at what everything stands on: the memory, the versions, the built card."""

from pathlib import Path
import shutil
from time import monotonic

from homeassistant.const import __version__ as HOME_ASSISTANT_VERSION
from homeassistant.core import HomeAssistant

from ..const import VERSION
from ..house import HOUSE
from ..memory import StoreError
from ..remembering.care import database_path
from .finding import Check, Finding, Part, Run, State

LIMIT_S = 120.0
LOW_DISK_MB = 300
_MB = 1024 * 1024
CARD = Path(__file__).parents[1] / "frontend" / "waifu-rt3d-card.js"


def foundation_checks(hass: HomeAssistant) -> list[Check]:
    """Return the checks of memory, versions and card."""

    async def memory() -> list[Finding]:
        return [await _memory(hass)]

    async def version() -> list[Finding]:
        return _versions(hass)

    async def card() -> list[Finding]:
        built = await hass.async_add_executor_job(CARD.is_file)
        state, key = (State.GREEN, "card_built") if built else (State.RED, "card_not_built")
        return [_light(Part.CARD, state, key, {"version": VERSION})]

    return [
        _check(Part.MEMORY, memory),
        _check(Part.VERSION, version),
        _check(Part.CARD, card),
    ]


async def _memory(hass: HomeAssistant) -> Finding:
    """Read the whole database through, and look how much room the disk has."""
    store = hass.data[HOUSE].store
    if store is None:
        return _light(Part.MEMORY, State.RED, "memory_closed", {})
    began_s = monotonic()
    try:
        await store.check()
    except StoreError as err:
        return _light(Part.MEMORY, State.RED, "memory_damaged", {"reason": str(err)})
    took_ms = (monotonic() - began_s) * 1000
    path = database_path(hass)
    size_mb, free_mb = await hass.async_add_executor_job(_room, path)
    values = {
        "mb": f"{size_mb:.1f}",
        "free": f"{free_mb:.0f}",
        "free_gb": f"{free_mb / 1024:.1f}",
        "ms": f"{took_ms:.0f}",
    }
    if len(hass.data[HOUSE].unsaved):
        return _light(Part.MEMORY, State.RED, "memory_waits", values)
    if free_mb < LOW_DISK_MB:
        return _light(Part.MEMORY, State.AMBER, "memory_low_disk", values)
    return _light(Part.MEMORY, State.GREEN, "memory_sound", values)


def _room(path: Path) -> tuple[float, float]:
    """Return the size of the database and the free room of its disk, in MB."""
    size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*") if one.is_file())
    return size / _MB, shutil.disk_usage(path.parent).free / _MB


def _versions(hass: HomeAssistant) -> list[Finding]:
    """Compare our version with those of the speech servers."""
    here = {"version": VERSION, "core": HOME_ASSISTANT_VERSION}
    found = [_light(Part.VERSION, State.GREEN, "version_here", here)]
    for entry_id, server in hass.data[HOUSE].speech_servers.items():
        theirs = server.info.version
        if theirs is None or theirs == VERSION:
            continue
        entry = hass.config_entries.async_get_entry(entry_id)
        name = entry.title if entry else server.info.name
        values = {"name": name, "version": VERSION, "theirs": theirs}
        found.append(
            Finding(
                part=Part.VERSION,
                subject=entry_id,
                name=name,
                state=State.AMBER,
                key="version_differs",
                values=values,
            )
        )
    return found


def _light(part: Part, state: State, key: str, values: dict[str, str]) -> Finding:
    """Return a light of a part that there is once."""
    return Finding(part=part, subject="house", name="", state=state, key=key, values=values)


def _check(part: Part, run: Run) -> Check:
    """Return a check of a part that there is once."""
    return Check(parts=frozenset({part}), subject="house", name="", limit_s=LIMIT_S, run=run)
