"""Phones with their times, whoever told them, and the mouth shapes that are right for them."""

from collections.abc import Iterable
from dataclasses import dataclass
import json
from pathlib import Path

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.visemes import mouths  # type: ignore[import-not-found]  # noqa: E402 - made above

from waifu_speech.tts.arpabet import ARPABET_TO_IPA  # noqa: E402 - as above

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


def read_truth(path: Path) -> list[Phone]:
    """Return the phones of a file: a list, or one under `phones` or `marks`; IPA or ARPAbet."""
    document = json.loads(path.read_text(encoding="utf-8"))
    rows = document if isinstance(document, list) else document.get("phones", document.get("marks"))
    phones = [
        Phone(
            ipa=ipa_of(str(row.get("phoneme", row.get("phone", "")))),
            start_ms=float(row["start_ms"]),
            end_ms=float(row["end_ms"]),
        )
        for row in rows
    ]
    return joined(phones)


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
