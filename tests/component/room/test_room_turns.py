"""The whole Assist repertoire in a room: real satellites, real ears, real voices."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from ipaddress import ip_address
from pathlib import Path

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.config_entries import SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.characters.cast import sheet_of
from custom_components.waifu_rt3d.characters.written import Moment
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.stage.bus import Envelope, Kind, Subscriber
from custom_components.waifu_rt3d.stage.markup import complete

from ..conftest import PAIRING_KEY
from ..processes import free_port, make_spoken_wav, satellite, say_into_satellite
from .rooms import SATELLITE, async_until, room_entry, room_in, states_from_now

KEY = ("--pairing-key", PAIRING_KEY)


@pytest.fixture
async def lamp(core: HomeAssistant) -> None:
    """Have a switchable thing that is called "kitchen light": the ears know only what is there."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"kitchen": {"name": "kitchen light"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.kitchen", True)


@pytest.fixture
async def kitchen(
    core: HomeAssistant,
    tmp_path: Path,
    lamp: None,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a room with ears and a voice."""
    async with room_in(core, tmp_path) as entry:
        await async_until(lambda: _state(core) == "idle")
        yield entry


def _state(hass: HomeAssistant, entity_id: str = SATELLITE) -> str:
    """Return the state of a satellite, "unavailable" where there is none."""
    state = hass.states.get(entity_id)
    return state.state if state is not None else "unavailable"


async def _say_when_listening(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path, text: str
) -> None:
    """Speak once the room waits for an answer."""
    wav = folder / "answer.wav"
    await make_spoken_wav(wav, text)
    await async_until(lambda: entry.runtime_data.room.state == "follow_up")
    await say_into_satellite(folder, wav)


async def test_ask_question_gets_the_spoken_answer(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    """The question is heard, the answer needs no wake word, and an automation gets it."""
    speaking = asyncio.create_task(
        _say_when_listening(hass, kitchen, tmp_path, "turn on the kitchen light")
    )
    async with asyncio.timeout(100):
        answer = await hass.services.async_call(
            "assist_satellite",
            "ask_question",
            {
                "entity_id": SATELLITE,
                "question": "Shall I?",
                "preannounce": False,
                "answers": [{"id": "yes", "sentences": ["turn on [the] kitchen light"]}],
            },
            blocking=True,
            return_response=True,
        )
    await speaking
    assert answer is not None
    assert answer["id"] == "yes"


async def test_start_conversation_listens_without_a_wake_word(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    """She begins, and somebody answers; what she says then may be a single word."""
    states = states_from_now(hass, SATELLITE)
    speaking = asyncio.create_task(
        _say_when_listening(hass, kitchen, tmp_path, "turn on the kitchen light")
    )
    async with asyncio.timeout(100):
        await hass.services.async_call(
            "assist_satellite",
            "start_conversation",
            {"entity_id": SATELLITE, "start_message": "Good evening.", "preannounce": False},
            blocking=True,
        )
        await speaking
        await async_until(lambda: "responding" in states)
        await async_until(lambda: states[-1] == "idle")
    assert len(list((tmp_path / "replies").glob("*.wav"))) == 2


async def test_question_that_nobody_answers_ends(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    """A window in which nobody speaks ends the question."""
    with pytest.raises(Exception, match="No answer"):
        await hass.services.async_call(
            "assist_satellite",
            "ask_question",
            {"entity_id": SATELLITE, "question": "Well?", "preannounce": False},
            blocking=True,
            return_response=True,
        )


async def test_timer_is_kept_by_the_satellite_and_taken_back_after_a_restart(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    """A timer that Home Assistant forgets in a restart is there again, and can be cancelled."""
    manager = hass.data[TIMER_DATA]
    known = er.async_get(hass).async_get(SATELLITE)
    assert known is not None
    timer_id = manager.start_timer(known.device_id, None, 5, None, "en", name="tea")
    kept = tmp_path / "state" / "timers.json"
    await async_until(lambda: kept.exists() and "tea" in kept.read_text())
    # A restart loses core's timers.
    manager.timer_tasks.pop(timer_id).cancel()
    manager.timers.clear()
    assert await hass.config_entries.async_reload(kitchen.entry_id)
    await async_until(lambda: any(t.name == "tea" for t in manager.timers.values()))
    (timer,) = manager.timers.values()
    assert timer.id != timer_id
    assert 280 < timer.seconds_left <= 300
    await async_until(lambda: timer.id in kept.read_text() and timer_id not in kept.read_text())
    manager.cancel_timer(timer.id)
    await async_until(lambda: "tea" not in kept.read_text())


async def test_timer_rings_in_the_room(hass: HomeAssistant, kitchen: MockConfigEntry) -> None:
    """It rings, the character says so between two rings, and the stop button silences it."""
    known = er.async_get(hass).async_get(SATELLITE)
    assert known is not None
    room, states, said = kitchen.runtime_data.room, list[str](), list[str]()
    room.on_change(lambda: states.append(room.state))
    hass.data[HOUSE].bus.subscribe(_Listener(user_id="", connection="", send=_texts(said)))
    hass.data[TIMER_DATA].start_timer(known.device_id, None, None, 1, "en", name="[happy] tea")
    await async_until(lambda: "announcing" in states, limit_s=60)
    await async_until(lambda: room.state == "ringing", limit_s=60)
    assert states[states.index("announcing") - 1] == "ringing"
    await room.async_send("stop")
    await async_until(lambda: room.state == "idle", limit_s=60)
    spoken = "".join(said)
    assert spoken.startswith("happy tea. ")
    assert spoken.removeprefix("happy tea. ") in _lines(Moment.TIMER)


def _lines(moment: Moment) -> set[str]:
    """Return what Mira may say at a moment, as it is spoken."""
    lines = sheet_of("mira").written("en").lines[moment]
    return {complete(line).speech.strip() for line in lines}


def _texts(said: list[str]) -> Callable[[Envelope], None]:
    """Return what keeps the spoken words of envelopes."""

    def take(envelope: Envelope) -> None:
        if envelope.kind is Kind.TEXT:
            said.append(str(envelope.data["speech"]))

    return take


class _Listener(Subscriber):
    """Somebody who hears all."""

    def may_see(self, envelope: Envelope) -> bool:
        """Return that it may."""
        return True


async def test_two_rooms_hear_the_word_and_one_answers(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Both wake at once; the one with the better voice above its room goes on alone."""
    spoken = tmp_path / "spoken.wav"
    await make_spoken_wav(spoken, "hey jarvis, turn on the light")
    ports = {"Kitchen": free_port(), "Hall": free_port()}
    folders = {name: tmp_path / name for name in ports}
    for folder in folders.values():
        folder.mkdir()
    async with (
        satellite(ports["Kitchen"], folders["Kitchen"], None, *KEY),
        satellite(ports["Hall"], folders["Hall"], None, *KEY),
    ):
        entries = [room_entry(port, name) for name, port in ports.items()]
        for entry in entries:
            entry.add_to_hass(hass)
            assert await hass.config_entries.async_setup(entry.entry_id)
        rooms = [entry.runtime_data.room for entry in entries]
        await async_until(lambda: all(room.active_phrases for room in rooms))
        await asyncio.gather(*(say_into_satellite(each, spoken) for each in folders.values()))
        await async_until(
            lambda: any(list((each / "replies").glob("*.wav")) for each in folders.values()),
        )
        replies = [len(list((each / "replies").glob("*.wav"))) for each in folders.values()]
        assert sorted(replies) == [0, 1]
        for entry in entries:
            await hass.config_entries.async_unload(entry.entry_id)


async def test_new_address_is_followed(hass: HomeAssistant, kitchen: MockConfigEntry) -> None:
    """A satellite that announces itself at another address is dialled there."""
    other = free_port()
    found = ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=other,
        hostname="kitchen.local.",
        type="_waifu-rt3d._tcp.local.",
        name="kitchen._waifu-rt3d._tcp.local.",
        properties={"id": str(kitchen.unique_id), "role": "satellite", "name": "Kitchen"},
    )
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=found
    )
    assert result["reason"] == "already_configured"
    assert kitchen.data["port"] == other
    await hass.async_block_till_done()
    # Nobody is there yet: the entry dials the new address, not the old one.
    await async_until(lambda: _state(hass) == "unavailable")
