"""Each light that the preflight may show, and what it takes for it."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, override
from unittest.mock import AsyncMock, Mock, patch

from fake_llm import FakeLlm, Reply
from homeassistant.components import conversation, stt
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory.faults import StoreError
from custom_components.waifu_rt3d.preflight import devices, foundation, minds, room, run, speech
from custom_components.waifu_rt3d.preflight.finding import Check, Finding, Part, State
from custom_components.waifu_rt3d.stage.timeline import Source, SpeechMarks
from custom_components.waifu_rt3d.stage.visemes import Mark
from custom_components.waifu_rt3d.voice.connection import WireError, WrongKeyError
from custom_components.waifu_rt3d.voice.wav import AudioFormat

from .agents import StreamingAgent, add_agent
from .models import add_provider, think_with
from .test_preflight import lights

FORMAT = AudioFormat(rate_hz=16000, width=2, channels=1)


def check(outcome: Any, limit_s: float = 60) -> Check:
    """Return a check that ends in some way."""
    return Check(
        parts=frozenset({Part.VOICE, Part.EARS}),
        subject="mira",
        name="Mira",
        limit_s=limit_s,
        run=outcome,
    )


async def test_check_that_takes_too_long_or_breaks_lights_its_parts(core: HomeAssistant) -> None:
    """The others go on."""

    async def broken() -> list[Finding]:
        raise ValueError("a fault of ours")

    async def endless() -> list[Finding]:
        raise TimeoutError

    found = [*await run._try(check(endless)), *await run._try(check(broken))]
    assert [(one.part, one.state, one.key) for one in found] == [
        (Part.EARS, State.RED, "no_answer"),
        (Part.VOICE, State.RED, "no_answer"),
        (Part.EARS, State.RED, "check_broke"),
        (Part.VOICE, State.RED, "check_broke"),
    ]


def marks(source: Source) -> SpeechMarks:
    """Return the times of one sound."""
    return SpeechMarks(
        text="Hi",
        offset=0,
        start_ms=0,
        end_ms=100,
        marks=(Mark(phoneme="h", start_ms=0, end_ms=50, char=0),),
        source=source,
    )


@pytest.mark.parametrize(
    ("spoken", "key"),
    [
        (speech.Spoken(), "voice_silent"),
        (speech.Spoken(format=FORMAT, pcm=bytearray(80)), "voice_silent"),
        (speech.Spoken(format=FORMAT, pcm=bytearray(b"ab")), "voice_no_times"),
        (
            speech.Spoken(format=FORMAT, pcm=bytearray(b"ab"), marks=[marks(Source.ESTIMATED)]),
            "voice_estimated",
        ),
        (
            speech.Spoken(
                format=FORMAT,
                pcm=bytearray(b"ab"),
                marks=[marks(Source.EXACT)],
                first_sound_s=speech.SLOW_S + 1,
            ),
            "voice_slow",
        ),
    ],
)
async def test_voice_is_worth_what_it_sounds_like(
    core: HomeAssistant, companion: MockConfigEntry, spoken: speech.Spoken, key: str
) -> None:
    """Silence is red; guessed or late lips are amber."""
    character = core.data[HOUSE].default_character
    assert character is not None
    assert speech._judge_voice(character, spoken).key == key


@pytest.mark.parametrize(
    ("heard", "key"),
    [("what time is it", "ears_understand"), ("what lime", "ears_mishear"), ("", "ears_deaf")],
)
def test_ears_are_worth_what_they_understand(heard: str, key: str) -> None:
    """All, some or nothing."""
    assert speech._judge_words("What time is it", heard, {})[1] == key


class Voice:
    """A voice that breaks off, or speaks in a width that no microphone has."""

    languages = ("en",)

    def __init__(self, *items: object, breaks: bool = False) -> None:
        """Know what comes."""
        self._items, self._breaks = items, breaks

    async def speak(self, text: AsyncGenerator[str], **_: object) -> AsyncGenerator[object]:
        """Yield it."""
        async for _piece in text:
            pass
        for item in self._items:
            yield item
        if self._breaks:
            raise WireError("The line is cut")


class Ears(stt.SpeechToTextEntity):
    """The ears of another integration."""

    supported_languages = ["en"]
    supported_formats = [stt.AudioFormats.WAV]
    supported_codecs = [stt.AudioCodecs.PCM]
    supported_bit_rates = [stt.AudioBitRates.BITRATE_16]
    supported_sample_rates = [stt.AudioSampleRates.SAMPLERATE_16000]
    supported_channels = [stt.AudioChannels.CHANNEL_MONO]

    @override
    async def async_process_audio_stream(self, metadata: Any, stream: Any) -> stt.SpeechResult:
        """Hear whatever comes as the same words."""
        async for _ in stream:
            pass
        return stt.SpeechResult("what time is it", stt.SpeechResultState.SUCCESS)


async def speech_lights(
    core: HomeAssistant, voice: object, ears: object
) -> dict[Part, tuple[State, str]]:
    """Try the first character with this voice and these ears."""
    character = core.data[HOUSE].default_character
    assert character is not None
    with (
        patch.object(speech, "voice_for", return_value=voice),
        patch.object(speech, "ears_for", return_value=ears),
    ):
        found = await speech.speech_check(core, character).run()
    return {one.part: (one.state, one.key) for one in found}


async def test_voice_and_ears_of_all_kinds(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """What can't be tried is amber and says so, what broke off is red."""
    good = Voice(FORMAT, marks(Source.EXACT), b"ab" * 800)
    ears = Ears()
    ears.hass = core
    assert await speech_lights(core, Voice(breaks=True), ears) == {
        Part.VOICE: (State.RED, "voice_lost"),
        Part.EARS: (State.AMBER, "ears_not_tried"),
    }
    assert (await speech_lights(core, good, None))[Part.EARS] == (State.AMBER, "ears_none")
    assert (await speech_lights(core, Voice(), ears))[Part.EARS] == (State.AMBER, "ears_not_tried")
    with patch.object(speech, "_transcribe", side_effect=WireError("cut")):
        assert (await speech_lights(core, good, ears))[Part.EARS] == (State.RED, "ears_lost")
    assert speech.for_microphone(b"abcd", replace(FORMAT, width=4)) == b""


async def test_memory_that_fails_is_red(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """Closed, damaged, full, or nearly full."""
    house = core.data[HOUSE]
    assert house.store is not None

    async def key() -> str:
        return (await foundation._memory(core)).key

    with patch.object(type(house.store), "check", side_effect=StoreError("page 7")):
        assert await key() == "memory_damaged"
    with patch.object(foundation, "_room", return_value=(1.0, 1.0)):
        assert await key() == "memory_low_disk"
    with patch.object(house, "unsaved", [1]):
        assert await key() == "memory_waits"
    with patch.object(house, "store", None):
        assert await key() == "memory_closed"


async def test_other_version_of_a_server_is_told(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """It names the server by its entry, or by itself."""
    servers = core.data[HOUSE].speech_servers
    info = Mock(version="0.0.1")
    info.name = "Cellar"
    servers["gone"] = Mock(info=info)
    found = foundation._versions(core)
    servers.clear()
    assert [(one.state, one.name) for one in found[1:]] == [(State.AMBER, "Cellar")]


async def test_server_and_room_say_what_is_wrong(core: HomeAssistant) -> None:
    """A wrong key, an entry that is not loaded, plain Wyoming; a room that is gone meanwhile."""
    data = {"host": "127.0.0.1", "port": 1, "pairing_key": None}
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id="one", title="One", data={"kind": "speech", **data}
    )
    entry.add_to_hass(core)

    async def key(**described: Any) -> str:
        with patch.object(devices, "describe", AsyncMock(**described)):
            return (await devices.server_check(core, entry).run())[0].key

    assert await key(side_effect=WrongKeyError("no")) == "server_wrong_key"
    assert await key(return_value=None) == "server_not_loaded"
    with patch.object(devices, "ConfigEntryState", Mock(LOADED=entry.state)):
        assert await key(return_value=None) == "server_plain"


async def test_room_that_does_not_answer_is_only_connected(
    core: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older satellite knows no sound test."""
    monkeypatch.setattr(room, "ANSWER_LIMIT_S", 0.01)
    silent = Mock(state="idle", sound_test=None, async_send=AsyncMock())
    silent.listen = Mock(return_value=lambda: None)
    assert (await room.try_room(silent))[:2] == (State.AMBER, "room_connected")


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models."""
    server = await FakeLlm(reply=Reply(words=("Hello ", "there."))).start()
    yield server
    await server.stop()


async def test_spare_model_is_tried_as_well(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm
) -> None:
    """Who may have to take over is asked before it is needed."""
    first = await add_provider(core, companion, fake)
    second = await add_provider(core, companion, fake)
    await think_with(core, companion, model=first, fallback=second)
    fake.requests.clear()
    await lights(core)
    assert len(fake.requests) == 2


async def test_models_answer_is_judged() -> None:
    """Silence is red; no tools, or slowness, is amber."""
    tried = Mock(answer="", first_word_s=0.1, words_per_s=9.0, tools=False)
    server, character = Mock(model="m", tools=True), Mock(house_tools=("assist",))
    assert minds._judge(character, server, tried)[1] == "mind_silent"
    tried.answer = "Hello"
    assert minds._judge(character, server, tried)[1] == "mind_no_tools"
    tried.tools, tried.first_word_s = True, minds.SLOW_S + 1
    assert minds._judge(character, server, tried)[1] == "mind_slow"


class SilentAgent(StreamingAgent):
    """An agent that says nothing."""

    _attr_unique_id = "silent"
    entity_id = "conversation.silent"


async def test_agents_answer_is_judged(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """Home Assistant's own does commands; others may fail, or say nothing."""

    async def key(agent_id: str) -> str:
        return (await minds._ask_agent(core, agent_id))[1]

    assert await key(conversation.HOME_ASSISTANT_AGENT) == "mind_commands_only"
    await add_agent(core, SilentAgent([" "]))
    assert await key("conversation.silent") == "mind_silent"
    with patch.object(conversation, "async_converse", side_effect=HomeAssistantError("broke")):
        assert await key("conversation.scripted") == "mind_agent_failed"
