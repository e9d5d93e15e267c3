"""Take down what the companion tells a subscribed page, with the time it came."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import time
from typing import Self

from .house_client import House, Json
from .places import DemoError


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An envelope and when it came (ms since 1970)."""

    at_ms: float
    envelope: Json


class Recorder:
    """All envelopes since it began."""

    def __init__(self) -> None:
        """Start with none."""
        self._heard: list[Heard] = []
        self._changed = asyncio.Event()

    @classmethod
    async def of(cls, house: House) -> Self:
        """Subscribe to the companion."""
        recorder = cls()
        await house.subscribe("waifu_rt3d/subscribe", recorder._take)
        return recorder

    def turn(self, turn_id: str) -> Turn:
        """Return what came of a turn."""
        return Turn(self.envelopes(turn_id))

    def envelopes(self, turn_id: str) -> list[Heard]:
        """Return what came of a turn, with the times."""
        return [heard for heard in self._heard if heard.envelope["turn_id"] == turn_id]

    def since(self, after_ms: float) -> list[Heard]:
        """Return what came after a time."""
        return [heard for heard in self._heard if heard.at_ms > after_ms]

    async def finished(self, *, origin: str, after_ms: float, timeout_s: float) -> Turn:
        """Wait for the end of the first turn of an origin that began after a time."""
        try:
            async with asyncio.timeout(timeout_s):
                while (turn_id := self._ended(origin, after_ms)) is None:
                    await self.changed()
        except TimeoutError:
            raise DemoError(
                f"No turn of the {origin} came to its end in {timeout_s:.0f} s."
            ) from None
        return self.turn(turn_id)

    async def changed(self) -> None:
        """Wait for the next envelope."""
        self._changed.clear()
        await self._changed.wait()

    def reached(self, origin: str, after_ms: float, states: Sequence[str]) -> bool:
        """Tell whether the newest turn of an origin, begun after a time, is in one of the states."""
        turns = [
            heard.envelope["data"]
            for heard in self._heard
            if heard.at_ms >= after_ms and heard.envelope["kind"] == "turn"
        ]
        newest = [data for data in turns if data["origin"] == origin][-1:]
        return any(data["state"] in states for data in newest)

    def _take(self, envelope: Json) -> None:
        """Take an envelope."""
        self._heard.append(Heard(at_ms=time.time() * 1000, envelope=envelope))
        self._changed.set()

    def _ended(self, origin: str, after_ms: float) -> str | None:
        """Return the id of a turn that has ended."""
        for heard in self._heard:
            data = heard.envelope["data"]
            if (
                heard.at_ms >= after_ms
                and heard.envelope["kind"] == "turn"
                and data["state"] == "heard"
                and data["origin"] == origin
            ):
                return str(heard.envelope["turn_id"])
        return None


class Turn:
    """A turn from beginning to end, as a page saw it."""

    def __init__(self, heard: list[Heard]) -> None:
        """Take what came of it."""
        self._heard = heard
        self.times: dict[str, float] = self._last("turn").get("times", {})
        """When each stage was reached (ms since 1970)."""
        self.error: str | None = self._last("turn").get("error")
        self.transcript = str(self._last("heard").get("text", ""))
        self.display = "".join(data["display"] for data in self.of("text"))
        self.speech = "".join(data["speech"] for data in self.of("text"))
        self.timeline: list[Json] = self.of("timeline")
        self.last_piece_ms = max(
            (heard.at_ms for heard in heard if heard.envelope["kind"] == "text"), default=0.0
        )

    def written_ms(self, length: int) -> float | None:
        """Return when so many characters of the spoken text had come (ms since 1970)."""
        so_far = 0
        for heard in self._heard:
            if heard.envelope["kind"] == "text":
                so_far += len(heard.envelope["data"]["speech"])
                if so_far >= length:
                    return heard.at_ms
        return None

    @property
    def document(self) -> Json:
        """Return the reply's timeline as `timeline.json` holds it."""
        return {"text": self.speech, "segments": self.timeline}

    def of(self, kind: str) -> list[Json]:
        """Return the data of all envelopes of a kind."""
        return [h.envelope["data"] for h in self._heard if h.envelope["kind"] == kind]

    def between_ms(self, earlier: str, later: str) -> float | None:
        """Return the time from one stage to another, nothing where one was not reached."""
        if earlier not in self.times or later not in self.times:
            return None
        return round(self.times[later] - self.times[earlier], 1)

    def _last(self, kind: str) -> Json:
        """Return the data of the newest envelope of a kind."""
        return (self.of(kind) or [{}])[-1]
