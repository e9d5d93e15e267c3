"""Phones with their times, whoever told them, and the mouth shapes that are right for them."""

from collections.abc import Iterable
from dataclasses import dataclass
import json
from math import inf, isfinite
from pathlib import Path

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.visemes import mouths  # type: ignore[import-not-found]  # noqa: E402 - made above

from waifu_speech.tts.arpabet import ARPABET_TO_IPA  # noqa: E402 - as above

from .recordings import BadRecordingError, read_bytes  # noqa: E402 - as above

CLOSED = frozenset({"PP", "FF"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A sound, IPA, the empty string for a pause."""

    ipa: str
    start_ms: float
    end_ms: float

    @property
    def shapes(self) -> frozenset[str]:
        """Return the shapes that are right; two for a diphthong, none where any will do (h)."""
        if not self.ipa:
            return frozenset({"sil"})
        return frozenset(str(mouth[0]) for mouth in mouths(self.ipa) if mouth is not None)


NAMES = ("phoneme", "phone", "ipa", "label", "symbol", "name")
LISTS = ("phones", "phonemes", "marks", "segments", "truth")


def read_truth(path: Path) -> list[Phone]:
    """Return the phones of a file, IPA or ARPAbet.

    A list, or one under `phones`, `phonemes`, `marks`, `segments` or `truth`. A row is `[phone, start, end]`
    or has a name and `start_ms` and `end_ms`, or `start` and `end` in seconds; a phone without an end lasts
    until the next. Raises BadRecordingError with a sentence for anything else.
    """
    raw = read_bytes(path)
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except ValueError as err:
        raise BadRecordingError(f"{path.name} is no JSON file: {err}.") from err
    if isinstance(document, dict):
        document = next((document[name] for name in LISTS if name in document), None)
    if not isinstance(document, list) or not document:
        raise BadRecordingError(f"{path.name} holds no list of phones.")
    phones: list[Phone] = []
    rows = [_row(row, path.name) for row in document]
    for at, (name, start, end) in enumerate(rows):
        begin = start if start is not None else (phones[-1].end_ms if phones else 0.0)
        after = rows[at + 1][1] if at + 1 < len(rows) else None
        until = end if end is not None else after
        phones.append(
            Phone(ipa=ipa_of(name), start_ms=begin, end_ms=begin if until is None else until)
        )
    if not any(phone.shapes for phone in phones if phone.ipa):
        raise BadRecordingError(f"{path.name} names no sound in IPA or ARPAbet.")
    return joined(phones)


def _row(row: object, where: str) -> tuple[str, float | None, float | None]:
    """Return a row's phone with its start and end (ms)."""
    if isinstance(row, list) and len(row) >= 3:
        row = {"phone": row[0], "start": row[1], "end": row[2]}
    if not isinstance(row, dict):
        raise BadRecordingError(f"{where} has a row that is no phone: {json.dumps(row)[:60]}.")
    name = next((str(row[key]) for key in NAMES if row.get(key) is not None), "")
    start, end = _time(row, "start"), _time(row, "end")
    if start is None and end is None:
        raise BadRecordingError(f"{where} has a phone without a time: {json.dumps(row)[:60]}.")
    begin, until = start or 0.0, end if end is not None else inf
    if not (isfinite(begin) and 0 <= begin <= until):
        raise BadRecordingError(
            f"{where} has a phone with an impossible time: {json.dumps(row)[:60]}."
        )
    return name, start, end


def _time(row: dict[str, object], name: str) -> float | None:
    """Return a time in ms, however it is written."""
    for key, factor in ((f"{name}_ms", 1.0), (name, 1000.0), (f"{name}_s", 1000.0)):
        value = row.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) * factor
    return None


def ipa_of(name: str) -> str:
    """Return a phone's IPA from either alphabet."""
    bare = name.strip("ˈˌ").rstrip("012")
    if bare.lower() in {"pau", "sil", "sp", "h#", "#", "_", ":"}:
        return ""
    # "b" is itself in both alphabets; what only ARPAbet has is written in letters alone.
    return ARPABET_TO_IPA.get(bare.lower(), bare) if bare.isascii() else bare


def joined(phones: Iterable[Phone]) -> list[Phone]:
    """Return the phones in order with neighbouring pauses made one."""
    result: list[Phone] = []
    for phone in sorted(phones, key=lambda one: one.start_ms):
        last = result[-1] if result else None
        if last and not last.ipa and not phone.ipa:
            result[-1] = Phone(ipa="", start_ms=last.start_ms, end_ms=phone.end_ms)
        else:
            result.append(phone)
    return result
