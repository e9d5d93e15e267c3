"""What our speech server is told before it listens: the names of the house, and who finds the end."""

import asyncio
from collections.abc import AsyncGenerator

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from wyoming.asr import Transcribe, Transcript
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import AsrModel, AsrProgram, Attribution, Info

from custom_components.waifu_rt3d.const import DOMAIN

from .cards import Card

_BY = Attribution(name="test", url="http://localhost")


class FreeSpeech:
    """A recogniser of free speech: it hears the same words each time, and ends as it was told."""

    def __init__(self, *, endpoint: bool) -> None:
        """Tell whether it finds the end."""
        self.port = 0
        self.asked: list[Transcribe] = []
        model = AsrModel(
            name="m",
            attribution=_BY,
            installed=True,
            description="",
            version=None,
            languages=["en"],
        )
        program = AsrProgram(
            name="free",
            attribution=_BY,
            installed=True,
            description="",
            version=None,
            models=[model],
        )
        self._info = Info(asr=[program]).event()
        self._info.data["waifu_rt3d"] = {"id": "free", "role": "speech", "endpoint": endpoint}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        ends = False
        while (event := await async_read_event(reader)) is not None:
            if event.type == "describe":
                await async_write_event(Event("pong"), writer)
                await async_write_event(self._info, writer)
            elif Transcribe.is_type(event.type):
                self.asked.append(Transcribe.from_event(event))
                ends = (self.asked[-1].context or {}).get("endpoint") is True
            elif event.type == ("audio-chunk" if ends else "audio-stop"):
                await async_write_event(Transcript(text="what time is it").event(), writer)
                break
        writer.close()


@pytest.fixture
async def free_speech(
    request: pytest.FixtureRequest, core: HomeAssistant, socket_enabled: None
) -> AsyncGenerator[FreeSpeech]:
    """Return a running server whose entry is set up in a home with a lamp and a room."""
    fake = FreeSpeech(endpoint=getattr(request, "param", True))
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    core.states.async_set("light.lamp", "on", {"friendly_name": "Moon lamp"})
    core.states.async_set("light.secret", "on", {"friendly_name": "Secret lamp"})
    async_expose_entity(core, "conversation", "light.lamp", True)
    async_expose_entity(core, "conversation", "light.secret", False)
    ar.async_get(core).async_create("Winter garden")
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="free",
        title="Free",
        data={"kind": "speech", "host": "127.0.0.1", "port": fake.port, "pairing_key": None},
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done(wait_background_tasks=True)
    fake.asked.clear()
    yield fake
    server.close()


async def listening(card: Card, **options: object) -> int:
    """Begin to listen, send one frame of silence, and return the number of the frames."""
    await card.call(type="waifu_rt3d/subscribe")
    begun = await card.call(type="waifu_rt3d/turn/listen", **options)
    handler_id = int(begun["result"]["handler_id"])
    for _ in range(4):
        await card.client.send_bytes(bytes([handler_id]) + bytes(640))
    return handler_id


async def test_server_ends_the_listening_and_knows_the_names(
    core: HomeAssistant,
    companion: MockConfigEntry,
    free_speech: FreeSpeech,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The turn goes on with the transcript, while the microphone is still open and silent."""
    card = Card(await hass_ws_client(core))
    await listening(card)
    heard = await card.until("heard", final=True)
    assert heard["data"]["text"] == "what time is it"
    (asked,) = free_speech.asked
    assert asked.context == {"endpoint": True}
    assert asked.transcript_names is not None
    assert {"Moon lamp", "Winter garden"} <= set(asked.transcript_names)
    assert "Secret lamp" not in asked.transcript_names


async def test_held_button_ends_the_listening_itself(
    core: HomeAssistant,
    companion: MockConfigEntry,
    free_speech: FreeSpeech,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A person who holds a button may think between two words."""
    card = Card(await hass_ws_client(core))
    handler_id = await listening(card, hold=True)
    await card.client.send_bytes(bytes([handler_id]))
    await card.until("heard", final=True)
    assert free_speech.asked[0].context is None


@pytest.mark.parametrize("free_speech", [False], indirect=True)
async def test_server_that_finds_no_end_is_not_asked(
    core: HomeAssistant,
    companion: MockConfigEntry,
    free_speech: FreeSpeech,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Core's voice detection, or here the microphone, ends the listening as before."""
    card = Card(await hass_ws_client(core))
    handler_id = await listening(card)
    await card.client.send_bytes(bytes([handler_id]))
    await card.until("heard", final=True)
    assert free_speech.asked[0].context is None
