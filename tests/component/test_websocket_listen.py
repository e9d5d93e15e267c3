"""Spoken turns of a card: real sound over a real websocket into the real speech server."""

import asyncio
from pathlib import Path
import wave

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .agents import StreamingAgent
from .cards import Card
from .processes import make_spoken_wav

FRAME_BYTES = 640
"""20 ms."""


@pytest.fixture
async def spoken(tmp_path: Path, socket_enabled: None) -> bytes:
    """Return a question as a microphone hears it: silence, speech, silence."""
    path = tmp_path / "question.wav"
    await make_spoken_wav(path, "what time is it")
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


async def start(card: Card, **options: object) -> tuple[str, int]:
    """Subscribe, begin to listen and return the turn and the number of its frames."""
    await card.call(type="waifu_rt3d/subscribe")
    begun = await card.call(type="waifu_rt3d/turn/listen", **options)
    assert begun["success"], begun
    return begun["result"]["turn_id"], begun["result"]["handler_id"]


async def send(card: Card, handler_id: int, pcm: bytes) -> None:
    """Send sound as a card does, faster than it was spoken."""
    for at in range(0, len(pcm), FRAME_BYTES):
        await card.client.send_bytes(bytes([handler_id]) + pcm[at : at + FRAME_BYTES])
        await asyncio.sleep(0)


async def test_what_is_said_is_heard_and_answered(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Core's voice detection ends the listening; the words are heard, the answer has a sound."""
    card = Card(await hass_ws_client(hass))
    turn_id, handler_id = await start(card)
    await send(card, handler_id, spoken)
    heard = await card.until("heard", final=True)
    assert heard["turn_id"] == turn_id
    assert "time" in heard["data"]["text"]
    await card.until("audio")
    await card.until("timeline", final=True)
    assert [turn["state"] for turn in card.of("turn")][:2] == ["listening", "thinking"]
    assert card.of("turn")[0]["origin"] == "card"


async def test_guesses_come_while_the_person_speaks(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Partial transcripts are published before the final one."""
    card = Card(await hass_ws_client(hass))
    _, handler_id = await start(card)
    await send(card, handler_id, spoken)
    await card.until("heard", final=True)
    guesses = card.of("heard")[:-1]
    assert not any(guess["final"] for guess in guesses)
    assert any("what" in guess["text"] for guess in guesses)


async def test_a_held_button_listens_through_pauses(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Silence does not end a held turn; the empty frame does, and its time is kept."""
    card = Card(await hass_ws_client(hass))
    turn_id, handler_id = await start(card, hold=True)
    await send(card, handler_id, spoken)
    await card.until("heard", final=False)
    assert [turn["state"] for turn in card.of("turn")] == ["listening"]
    await card.client.send_bytes(bytes([handler_id]))
    await card.until("heard", final=True)
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    ended = await card.until("turn", state="heard")
    assert ended["data"]["times"]["speech_end"] <= ended["data"]["times"]["heard"]


async def test_cancel_while_listening_drops_what_was_heard(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The turn ends at once, nobody is asked, and late frames do no harm."""
    card = Card(await hass_ws_client(hass))
    turn_id, handler_id = await start(card, hold=True)
    await send(card, handler_id, spoken[: len(spoken) // 2])
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    await card.until("turn", state="heard")
    await send(card, handler_id, spoken[len(spoken) // 2 :])
    await card.client.send_bytes(bytes([handler_id]))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await card.call(type="waifu_rt3d/clock"))["success"]
    assert agent.asked == []
    assert not [heard for heard in card.of("heard") if heard["final"]]


async def test_a_card_that_goes_away_ends_its_turn(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A connection that breaks in the middle of a word leaves nobody listening."""
    watcher = Card(await hass_ws_client(hass))
    await watcher.call(type="waifu_rt3d/subscribe")
    card = Card(await hass_ws_client(hass))
    _, handler_id = await start(card)
    await send(card, handler_id, spoken[: len(spoken) // 2])
    await card.client.close()
    cancel = await watcher.until("cancel")
    assert cancel["data"]["reason"] == "lost"
    await watcher.until("turn", state="heard")
    assert agent.asked == []


async def test_nothing_said_ends_with_a_reason(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Silence ends as `nothing_heard`, not as a failure."""
    card = Card(await hass_ws_client(hass))
    _, handler_id = await start(card, hold=True)
    await send(card, handler_id, bytes(32000))
    await card.client.send_bytes(bytes([handler_id]))
    ended = await card.until("turn", state="heard")
    assert ended["data"]["error"] == "nothing_heard"


async def test_without_ears_the_card_is_told(
    hass: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """No speech recognition in the house is said at once."""
    card = Card(await hass_ws_client(hass))
    await start(card)
    ended = await card.until("turn", state="heard")
    assert ended["data"]["error"] == "ears_missing"


async def test_an_endless_microphone_is_cut(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A card that never stops sending is heard for a limited time."""
    monkeypatch.setattr("custom_components.waifu_rt3d.turns.spoken.LONGEST_S", 0.5)
    card = Card(await hass_ws_client(hass))
    _, handler_id = await start(card, hold=True)
    await send(card, handler_id, bytes(64000))
    ended = await card.until("turn", state="heard")
    assert ended["data"]["error"] == "nothing_heard"


async def test_a_silent_line_is_given_up(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A card that sends no frames at all is taken to be finished."""
    monkeypatch.setattr("custom_components.waifu_rt3d.turns.spoken.SILENT_LINE_S", 0.05)
    card = Card(await hass_ws_client(hass))
    await start(card)
    ended = await card.until("turn", state="heard")
    assert ended["data"]["error"] == "nothing_heard"


async def test_somebody_without_admin_rights_may_speak(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_admin_user: MockUser,
) -> None:
    """A wall tablet's login is heard, and nobody else learns what it said."""
    admin = Card(await hass_ws_client(hass))
    await admin.call(type="waifu_rt3d/subscribe")
    card = Card(await hass_ws_client(hass, hass_read_only_access_token))
    _, handler_id = await start(card, hold=True)
    await send(card, handler_id, spoken)
    await card.client.send_bytes(bytes([handler_id]))
    heard = await card.until("heard", final=True)
    assert "time" in heard["data"]["text"]
    await admin.call(type="waifu_rt3d/clock")
    assert admin.envelopes == []


async def test_words_to_be_checked_are_heard_and_not_answered(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    spoken: bytes,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The person sees them first: nobody thinks about them, and nothing of them is kept."""
    card = Card(await hass_ws_client(hass))
    _, handler_id = await start(card, check=True)
    await send(card, handler_id, spoken)
    heard = await card.until("heard", final=True)
    assert "time" in heard["data"]["text"]
    await card.until("turn", state="heard")
    await hass.async_block_till_done()
    assert card.of("text") == []
    assert agent.asked == []
    statistics = await card.call(type="waifu_rt3d/statistics")
    assert statistics["result"]["messages"] == 0
