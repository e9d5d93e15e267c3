"""One turn as a card has it, and what the person sees of it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
import time

import aiohttp
from demo_run.recorder import Heard, Recorder

from .home import Home
from .parts import until

SIGNS = frozenset({"turn", "text", "notice", "perform", "confirm", "timeline"})
"""Envelopes that move the face or show a sentence."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """A typed turn that is followed; times are seconds of the monotonic clock."""

    home: Home
    turn_id: str
    asked_s: float
    first_sound_s: float | None = None
    sound_bytes: int = 0
    fetching: asyncio.Task[None] | None = field(default=None)
    recorder: Recorder = field(init=False)
    """What the page has that began it; another one after a new login."""

    def __post_init__(self) -> None:
        """Belong to the page that is open now."""
        self.recorder = self.home.recorder

    @property
    def heard(self) -> list[Heard]:
        """Return what came of it."""
        return self.recorder.envelopes(self.turn_id)

    def data(self, kind: str) -> list[dict[str, object]]:
        """Return the data of its envelopes of a kind."""
        return [one.envelope["data"] for one in self.heard if one.envelope["kind"] == kind]

    @property
    def shown(self) -> str:
        """Return the words that stand on the card."""
        return "".join(str(data["display"]) for data in self.data("text"))

    @property
    def state(self) -> str:
        """Return the newest state of the turn."""
        return str((self.data("turn") or [{"state": ""}])[-1]["state"])

    @property
    def error(self) -> str | None:
        """Return what the card was told of a failure."""
        told = [data.get("error") for data in self.data("turn")]
        return next((str(one) for one in told if one), None)

    async def over(self, limit_s: float = 60) -> bool:
        """Wait until the turn has ended."""
        return await until(lambda: self.state == "heard", limit_s)

    async def sign_after(self, at_s: float, limit_s: float = 20) -> float | None:
        """Return how long (s) after a time the person saw something new, nothing where they did not."""
        at_ms = time.time() * 1000 - (time.monotonic() - at_s) * 1000

        def first() -> float | None:
            came = (h.at_ms for h in self.recorder.since(at_ms) if h.envelope["kind"] in SIGNS)
            return next(came, None)

        if not await until(lambda: first() is not None, limit_s):
            return None
        came_ms = first()
        assert came_ms is not None
        return (came_ms - at_ms) / 1000

    async def cancel(self) -> None:
        """Stop the turn as a tap does."""
        await self.home.house.call("waifu_rt3d/turn/cancel", turn_id=self.turn_id)


async def ask(
    home: Home, *, speak: bool = False, text: str = "Tell me of clouds", **where: str
) -> Talk:
    """Type a line; where it is spoken, its sound is fetched and reported as a card does.

    `where` names a room (`area`) or a talk to go on with (`session_id`).
    """
    asked_s = time.monotonic()
    begun = await home.house.call(
        "waifu_rt3d/turn/start", text=text, character=home.character, speak=speak, **where
    )
    talk = Talk(home=home, turn_id=begun["turn_id"], asked_s=asked_s)
    if speak:
        talk.fetching = asyncio.create_task(_play(talk))
    return talk


async def _play(talk: Talk) -> None:
    """Fetch the sound at the pace of a loudspeaker and tell when it begins and ends."""
    await until(lambda: bool(talk.data("audio")), 60)
    url = talk.home.url + str(talk.data("audio")[0]["url"])
    state = "lost"
    with suppress(aiohttp.ClientError, TimeoutError):
        async with talk.home.session.get(url, timeout=aiohttp.ClientTimeout(sock_read=15)) as reply:
            async for piece in reply.content.iter_chunked(4096):
                if talk.first_sound_s is None:
                    talk.first_sound_s = time.monotonic()
                    await _report(talk, "started", 0)
                talk.sound_bytes += len(piece)
        state = "finished" if talk.sound_bytes > 1000 else "lost"
    await _report(talk, state, talk.sound_bytes // 44)


async def _report(talk: Talk, state: str, audio_ms: int) -> None:
    """Tell what the loudspeaker does."""
    with suppress(Exception):
        await talk.home.house.call(
            "waifu_rt3d/turn/played", turn_id=talk.turn_id, state=state, audio_ms=audio_ms
        )
