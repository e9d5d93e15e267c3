"""A part that dies in the middle of a turn: the person is told, and the next turn works."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, suppress

from aiohttp import ClientError
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.voice.wav import WavReader

from .agents import HeldAgent, StreamingAgent
from .cards import Card
from .conftest import PAIRING_KEY
from .processes import free_port, speech_server

type Starter = Callable[[], AsyncExitStack]


@pytest.fixture
def agent_class() -> type[StreamingAgent]:
    """Let the agent wait in the middle of its answer."""
    return HeldAgent


@pytest.fixture
async def server(core: HomeAssistant, socket_enabled: None) -> AsyncGenerator[SpeechProcess]:
    """Run a speech server that can be killed and started again, set up as an entry."""
    process = SpeechProcess()
    await process.start()
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="speech-server",
        title="Speech",
        data={
            "kind": "speech",
            "host": "127.0.0.1",
            "port": process.port,
            "pairing_key": PAIRING_KEY,
        },
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    yield process
    await process.stop()


class SpeechProcess:
    """A speech server on a port of its own."""

    def __init__(self) -> None:
        """Choose the port."""
        self.port = free_port()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Start it."""
        context = speech_server(self.port, "--pairing-key", PAIRING_KEY, "--tts", "espeak:en-us")
        self._process = await self._stack.enter_async_context(context)

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()
        await self._stack.aclose()

    async def stop(self) -> None:
        """Stop it."""
        await self._stack.aclose()


async def speak_one_turn(card: Card, client: object, text: str) -> float:
    """Run a turn to the end of its sound and return how long it was (ms)."""
    del card.envelopes[:]
    started = await card.call(type="waifu_rt3d/turn/start", text=text)
    audio = await card.until("audio")
    response = await client.get(audio["data"]["url"])  # type: ignore[attr-defined] # a test client
    reader = WavReader()
    pcm = reader.feed(await response.read())
    await card.until("timeline", final=True)
    for state in ("started", "finished"):
        await card.call(
            type="waifu_rt3d/turn/played",
            turn_id=started["result"]["turn_id"],
            state=state,
            audio_ms=0,
        )
    await card.until("turn", state="heard")
    return reader.format.duration_ms(len(pcm)) if reader.format else 0.0


async def test_speech_server_dies_while_it_speaks(
    core: HomeAssistant,
    server: SpeechProcess,
    companion: MockConfigEntry,
    agent: HeldAgent,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The text goes on in writing with an apology, and the next turn speaks again."""
    card, client = Card(await hass_ws_client(core)), await hass_client()
    await card.call(type="waifu_rt3d/subscribe")
    agent.pieces = ["This much is said aloud. And ", ("this much is written. " * 5).strip()]
    started = await card.call(type="waifu_rt3d/turn/start", text="Go on")
    await card.until("timeline")
    await server.kill()
    agent.gate.set()
    async with asyncio.timeout(60):
        told = await card.until("turn", error="voice_lost")
        while "".join(t["speech"] for t in card.of("text")) != "".join(agent.pieces):
            card.envelopes.append((await card.client.receive_json())["event"])
    assert told["data"]["state"] != "heard"
    await card.call(
        type="waifu_rt3d/turn/played",
        turn_id=started["result"]["turn_id"],
        state="finished",
        audio_ms=500,
    )
    await card.until("turn", state="heard")
    assert not [r for r in caplog.records if r.levelname == "ERROR"]

    await server.start()
    assert await speak_one_turn(card, client, "Again") > 1000


async def ends_in_writing(card: Card, agent: StreamingAgent) -> None:
    """Check that a turn ends by itself, with all of its text and the reason why nothing is heard."""
    async with asyncio.timeout(60):
        heard = await card.until("turn", state="heard")
    assert heard["data"]["error"] == "voice_lost"
    assert "".join(t["speech"] for t in card.of("text")) == "".join(agent.pieces)


async def test_speech_server_is_gone_before_the_turn(
    core: HomeAssistant,
    server: SpeechProcess,
    companion: MockConfigEntry,
    agent: HeldAgent,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Without a voice the answer is written and the turn ends by itself."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    agent.gate.set()
    await server.kill()
    await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    await ends_in_writing(card, agent)


async def test_text_goes_on_where_the_voice_never_came(
    core: HomeAssistant,
    server: SpeechProcess,
    companion: MockConfigEntry,
    agent: HeldAgent,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """A card that asks for the sound gets none while the answer is still written; all of it is shown."""
    card, client = Card(await hass_ws_client(core)), await hass_client()
    await card.call(type="waifu_rt3d/subscribe")
    agent.pieces = ["S", "ure! Somewhere a kettle is waiting."]
    await server.kill()
    started = await card.call(type="waifu_rt3d/turn/start", text="Tell me something nice")
    turn_id = started["result"]["turn_id"]
    audio = await card.until("audio")
    with suppress(ClientError):
        response = await client.get(audio["data"]["url"])
        await response.read()
    await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state="lost", audio_ms=0)
    agent.gate.set()
    await ends_in_writing(card, agent)
    assert card.of("timeline")
