"""A yes or no by voice: real sound into a real satellite, heard by real ears."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from fake_llm import FakeLlm, Reply
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..cards import Card
from ..processes import make_spoken_wav, say_into_satellite
from ..room.rooms import SATELLITE, async_until, room_in
from .house import UNLOCK, FrontDoor


@pytest.fixture
async def kitchen(
    core: HomeAssistant, tmp_path: Path, speech: MockConfigEntry, fake: FakeLlm
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a room with ears and a voice."""
    async with room_in(core, tmp_path) as entry:
        await async_until(
            lambda: (s := core.states.get(SATELLITE)) is not None and s.state == "idle"
        )
        yield entry


@pytest.mark.parametrize(
    ("answer", "opened", "told"),
    [("yes please", 1, "Done: unlock front door."), ("no thanks", 0, "Then I leave it as it is.")],
)
async def test_word_in_the_room_decides(
    core: HomeAssistant,
    kitchen: MockConfigEntry,
    fake: FakeLlm,
    door: FrontDoor,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
    answer: str,
    opened: int,
    told: str,
) -> None:
    """A model led by a stranger wants the door open; the room asks aloud and takes the spoken answer."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    room = kitchen.runtime_data.room
    await async_until(lambda: bool(room.active_phrases))
    fake.reply = Reply(words=(), calls=(UNLOCK,))
    first, second = tmp_path / "first.wav", tmp_path / "second.wav"
    # nothing waits yet: to the house this is no command, so the model gets it
    await make_spoken_wav(first, "hey jarvis, yes please")
    await make_spoken_wav(second, answer)
    await say_into_satellite(tmp_path, first)
    shown = (await card.until("confirm"))["data"]
    assert "Shall I unlock front door?" in shown["question"]
    assert shown["person"] is None
    await async_until(lambda: room.state == "follow_up")
    assert door.opened == 0
    asked = len(_questions(fake))
    del card.envelopes[:]
    await say_into_satellite(tmp_path, second)
    heard = await card.until("heard", final=True)
    assert heard["data"]["text"].lower() == answer
    while (await card.until("turn", state="heard"))["turn_id"] != heard["turn_id"]:
        # the end of the question's own sound
        card.envelopes = [e for e in card.envelopes if e["turn_id"] == heard["turn_id"]]
    texts = [e for e in card.envelopes if e["kind"] == "text" and e["turn_id"] == heard["turn_id"]]
    assert "".join(envelope["data"]["speech"] for envelope in texts) == told
    assert door.opened == opened
    assert len(_questions(fake)) == asked
    # the question and its answer were spoken
    assert len(list((tmp_path / "replies").glob("*.wav"))) == 2


def _questions(fake: FakeLlm) -> list[dict[str, Any]]:
    """Return what the model was asked, without what only warms it up."""
    return [request for request in fake.requests if request.get("max_tokens") != 1]
