"""Read the many ways in which programs write a time.

Times without a zone are the clock on the wall where the program ran: `in_zone` says whose.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
import re
from typing import Any

# Larger numbers are milliseconds: as seconds they would be beyond the year 5000.
_LARGEST_SECONDS = 100_000_000_000
LATEST_MS = 253_402_214_400_000
"""The last time that can be shown in every zone: the end of the year 9999, less a day."""
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# "November 1, 2026 10:00am", with or without seconds and a space before the half of the day.
_SPOKEN = re.compile(
    r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))? ?(?P<half>[ap]m)?",
    re.IGNORECASE,
)
# "2026-11-01@10h00m00s", "2026-11-1 @10h 0m 0s 123ms"
_STAMPED = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2}) ?@ ?(?P<hour>\d{1,2})h ?"
    r"(?P<minute>\d{1,2})m ?(?P<second>\d{1,2})s(?: ?(?P<ms>\d{1,3})ms)?"
)

# Every reader asks for times, none is about zones: so it is not handed through all of them.
_ZONE: ContextVar[tzinfo] = ContextVar("zone of times without one", default=UTC)


@contextmanager
def in_zone(zone: tzinfo) -> Iterator[None]:
    """Take times without a zone as those of `zone` (UTC otherwise)."""
    before = _ZONE.set(zone)
    try:
        yield
    finally:
        _ZONE.reset(before)


def time_ms(value: Any) -> int | None:
    """Return milliseconds since 1970, or nothing for what is no time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _number(float(text))
    return _stamped(text) or _spoken(text) or _iso(text)


def _number(value: float) -> int | None:
    """Return milliseconds from seconds or milliseconds."""
    in_ms = value * 1000 if value < _LARGEST_SECONDS else value
    return int(in_ms) if 0 < in_ms <= LATEST_MS else None


def _iso(text: str) -> int | None:
    """Read ISO 8601."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _ms(moment if moment.tzinfo else moment.replace(tzinfo=_ZONE.get()))


def _spoken(text: str) -> int | None:
    """Read a date in English words."""
    found = _SPOKEN.fullmatch(text)
    if found is None or found["month"][:3].lower() not in _MONTHS:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return _built(found, month, hour)


def _stamped(text: str) -> int | None:
    """Read a date as it is in file names."""
    found = _STAMPED.fullmatch(text)
    return None if found is None else _built(found, int(found["month"]), int(found["hour"]))


def _built(found: re.Match[str], month: int, hour: int) -> int | None:
    """Put a date together; nothing for one that isn't in the calendar."""
    ms = int(found.groupdict().get("ms") or 0)
    try:
        moment = datetime(
            int(found["year"]),
            month,
            int(found["day"]),
            hour,
            int(found["minute"]),
            int(found["second"] or 0),
            ms * 1000,
            tzinfo=_ZONE.get(),
        )
    except ValueError:
        return None
    return _ms(moment)


def _ms(moment: datetime) -> int | None:
    """Return a moment in milliseconds since 1970; nothing for what only stands for no time."""
    found = round(moment.timestamp() * 1000)
    return found if 0 < found <= LATEST_MS else None
