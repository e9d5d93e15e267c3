"""Run the checks one after the other, because two models at once would measure each other."""

import asyncio
from collections.abc import Callable, Iterable

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..house import HOUSE
from .devices import device_checks
from .finding import Check, Finding
from .foundation import foundation_checks
from .minds import mind_checks
from .problems import report
from .speech import speech_check

type Progress = Callable[[int, int, list[Finding]], None]
"""Called with how many checks are done, of how many, and what the last one found."""


def all_checks(hass: HomeAssistant) -> list[Check]:
    """Return every check of the house, what all else stands on first."""
    checks = foundation_checks(hass) + device_checks(hass)
    for character in hass.data[HOUSE].characters.values():
        checks.append(speech_check(hass, character))
        checks.extend(mind_checks(hass, character))
    return checks


async def async_run(
    hass: HomeAssistant,
    checks: Iterable[Check] | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """Run checks, all of them where none are named; what is open becomes a repair."""
    whole = checks is None
    wanted = all_checks(hass) if checks is None else list(checks)
    found: list[Finding] = []
    for done, check in enumerate(wanted, start=1):
        lights = await _try(check)
        found += lights
        if progress is not None:
            progress(done, len(wanted), lights)
    report(hass, found, whole=whole)
    return found


async def _try(check: Check) -> list[Finding]:
    """Run one check; a fault of ours lights its own parts and no more."""
    try:
        async with asyncio.timeout(check.limit_s):
            return await check.run()
    except TimeoutError:
        return check.gave_up()
    except Exception:  # noqa: BLE001 - a check must not end the others
        LOGGER.exception("A check of the preflight failed")
        return check.broke()
