"""The two turns of the demo: one spoken in the kitchen, one typed into the card."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
import time

import aiohttp

from .card_page import CardPage
from .entries import add_entry
from .house_client import House, Json
from .key import new_key
from .microphone import speak_into
from .recorder import Recorder, Turn
from .speech_program import satellite

LIGHT = "light.kitchen_light"
TALK = "Tell me something nice"
SPOKEN_TIMEOUT_S = 90
TYPED_TIMEOUT_S = 60


@dataclass(slots=True, kw_only=True)
class Spoken:
    """The spoken turn: what became of it, its sound and the light."""

    turn: Turn
    reply: Path
    before: str
    after: str
    samples: list[Json] = field(default_factory=list)
    """What the card's picture showed meanwhile."""


async def speak_turn(
    parts: AsyncExitStack,
    house: House,
    recorder: Recorder,
    page: CardPage | None,
    folder: Path,
    *,
    loudspeaker: str | None = None,
) -> Spoken:
    """Start a satellite that stays as long as `parts`, and say "<wake word>, turn on the kitchen light" into a satellite's microphone."""
    microphone, replies = folder / "microphone.wav", folder / "replies"
    await speak_into(microphone)
    before = await house.state_of(LIGHT)
    if page is not None:
        await page.watch()
    after_ms = time.time() * 1000
    room = await parts.enter_async_context(
        satellite(
            folder,
            new_key(),
            microphone=f"file:{microphone}",
            loudspeaker=loudspeaker or f"file:{folder / 'loudspeaker.wav'}",
            replies=replies,
        )
    )
    # the microphone begins when Home Assistant is connected
    await add_entry(house, "waifu_rt3d", {"next_step_id": "satellite"}, room.address)
    turn = await recorder.finished(
        origin="satellite", after_ms=after_ms, timeout_s=SPOKEN_TIMEOUT_S
    )
    (reply,) = sorted(replies.glob("*.wav")) or [folder / "loudspeaker.wav"]
    return Spoken(
        turn=turn,
        reply=reply,
        before=before,
        after=await house.state_of(LIGHT),
        samples=await page.watched() if page is not None else [],
    )


async def type_turn(house: House, recorder: Recorder, page: CardPage | None) -> Turn:
    """Type a line that the demo's agent answers with cues, in the card where there is one."""
    after_ms = time.time() * 1000
    if page is not None:
        await page.say(TALK)
    else:
        await play_without_card(house, recorder, TALK)
    return await recorder.finished(origin="card", after_ms=after_ms, timeout_s=TYPED_TIMEOUT_S)


async def play_without_card(house: House, recorder: Recorder, text: str) -> str:
    """Do what the card does: start a turn, fetch its sound, report that it was played; return its id."""
    turn_id = str((await house.call("waifu_rt3d/turn/start", text=text))["turn_id"])
    while not (offered := recorder.turn(turn_id).of("audio")):
        await recorder.changed()
    async with (
        aiohttp.ClientSession() as session,
        session.get(house.login.url + offered[0]["url"]) as response,
    ):
        await response.content.readany()
        await _report(house, turn_id, "started")
        await response.read()
    await _report(house, turn_id, "finished")
    return turn_id


async def _report(house: House, turn_id: str, state: str) -> None:
    """Tell what the loudspeaker does."""
    await house.call("waifu_rt3d/turn/played", turn_id=turn_id, state=state, audio_ms=0)
