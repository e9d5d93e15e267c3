"""The preflight: every part is tried for real, problems become repairs, settings are tried again."""

from collections.abc import AsyncGenerator
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from fake_llm import FakeLlm, Reply
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.preflight.speech import for_microphone
from custom_components.waifu_rt3d.voice.wav import AudioFormat

from .agents import StreamingAgent
from .models import add_provider, think_with
from .processes import free_port

GOLDEN = json.loads((Path(__file__).parents[1] / "contract" / "preflight.json").read_text("utf-8"))
FOUNDATION = {"memory_house": "green", "version_house": "green"}


async def lights(hass: HomeAssistant) -> dict[str, dict[str, Any]]:
    """Run the action and return each light by its id."""
    answer = await hass.services.async_call(
        DOMAIN, "preflight", {}, blocking=True, return_response=True
    )
    assert answer is not None
    findings: Any = answer["findings"]
    return {finding["id"]: finding for finding in findings}


async def test_home_without_voice_is_amber_and_says_what_it_costs(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """A scripted agent answers; without a speech server she is read and cannot hear."""
    found = await lights(core)
    states = {key: light["state"] for key, light in found.items()}
    assert (
        states.items()
        >= (
            FOUNDATION
            | {"mind_default": "green", "voice_default": "amber", "ears_default": "amber"}
        ).items()
    )
    assert "mimed" in found["voice_default"]["message"]
    assert found["voice_default"]["title"] == "Voice: Mira"


async def test_speech_server_hears_what_it_has_spoken(
    core: HomeAssistant, speech: MockConfigEntry, companion: MockConfigEntry
) -> None:
    """The real server speaks with exact times, and its own ears understand the sentence."""
    found = await lights(core)
    assert found["voice_default"]["key"] == "voice_exact"
    assert found["ears_default"]["key"] == "ears_understand", found["ears_default"]
    assert found["ears_default"]["values"]["text"].casefold().startswith("what")
    assert found[f"server_{speech.entry_id}"]["key"] == "server_answers"
    assert [i for i in ir.async_get(core).issues if i[1].startswith("preflight_")] == []


async def test_lost_speech_server_is_red_and_a_repair_until_it_is_back(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """The sentence says what to do; the repair goes when the part works or is gone."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Cellar",
        data={"kind": "speech", "host": "127.0.0.1", "port": free_port(), "pairing_key": None},
    )
    entry.add_to_hass(core)
    await core.config_entries.async_setup(entry.entry_id)
    light = (await lights(core))[f"server_{entry.entry_id}"]
    assert (light["state"], light["key"]) == ("red", "server_lost")
    assert "Start it" in light["message"]
    issue = ir.async_get(core).async_get_issue(DOMAIN, f"preflight_server_{entry.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["name"] == "Cellar"
    await core.config_entries.async_remove(entry.entry_id)
    await lights(core)
    assert ir.async_get(core).async_get_issue(DOMAIN, issue.issue_id) is None


async def test_satellite_that_is_away_is_red(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """A room without power or network is told with the fix."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        unique_id="kitchen",
        data={"kind": "satellite", "host": "127.0.0.1", "port": free_port(), "pairing_key": None},
    )
    entry.add_to_hass(core)
    await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    light = (await lights(core))[f"room_{entry.entry_id}"]
    assert (light["state"], light["title"]) == ("red", "Satellite: Kitchen")
    assert "power and network" in light["message"]


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models."""
    server = await FakeLlm(reply=Reply(words=("Hello ", "there."))).start()
    yield server
    await server.stop()


async def test_own_model_is_asked_and_its_refusal_told(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm
) -> None:
    """Each character's model answers one question; a refused key names itself and the fix."""
    assert await async_setup_component(core, "llm", {})
    server = await add_provider(core, companion, fake)
    await think_with(core, companion, model=server)
    found = (await lights(core))["mind_default"]
    assert (found["state"], found["key"]) == ("green", "mind_answers")
    assert len(fake.requests) == 1
    fake.key = "another"
    found = (await lights(core))["mind_default"]
    assert (found["state"], found["key"]) == ("red", "mind_provider_login")
    assert "valid key" in found["message"]


async def test_agent_that_is_gone_is_red(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """A deleted conversation agent is found before anybody talks."""
    await think_with(core, companion, model="conversation.deleted")
    found = (await lights(core))["mind_default"]
    assert (found["state"], found["key"]) == ("red", "mind_agent_gone")


async def save_character(hass: HomeAssistant, companion: MockConfigEntry, **values: Any) -> None:
    """Save the form of the first character, and let the settings come to rest."""
    subentry_id = next(iter(companion.subentries))
    form = await companion.start_subentry_reconfigure_flow(hass, subentry_id)
    await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Mira", **values}
    )
    await hass.async_block_till_done()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=10))
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_saved_setting_is_tried_when_it_has_come_to_rest(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent
) -> None:
    """Only what was changed is tried, once, and what is broken becomes a repair."""
    core.states.async_set("conversation.asleep", "unavailable")
    await save_character(core, companion, model="conversation.asleep")
    issues = ir.async_get(core)
    assert issues.async_get_issue(DOMAIN, "preflight_mind_default") is not None
    assert agent.asked == []
    await save_character(core, companion, model=agent.entity_id)
    assert issues.async_get_issue(DOMAIN, "preflight_mind_default") is None
    assert len(agent.asked) == 1
    await save_character(core, companion, model=agent.entity_id)
    assert len(agent.asked) == 1


async def test_only_an_administrator_may_try_the_house(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> None:
    """A test costs money and time: others are refused, by command and by action."""
    client = await hass_ws_client(core, hass_read_only_access_token)
    await client.send_json_auto_id({"type": "waifu_rt3d/preflight"})
    refused = await client.receive_json()
    assert refused["error"]["code"] == "unauthorized"
    with pytest.raises(Unauthorized):
        await core.services.async_call(
            DOMAIN,
            "preflight",
            {},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_command_tells_its_progress_as_the_contract_says(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """One event for each check, in the person's language, then all lights."""
    client = await hass_ws_client(core)
    await client.send_json_auto_id(GOLDEN["command"])
    events = []
    while (message := await client.receive_json())["type"] == "event":
        events.append(message["event"])
    assert message["success"]
    assert [event["done"] for event in events] == list(range(1, events[-1]["total"] + 1))
    assert events[0].keys() == GOLDEN["event"].keys()
    found = message["result"]["findings"]
    assert [light for event in events for light in event["findings"]] == found
    assert all(light.keys() == GOLDEN["result"]["findings"][0].keys() for light in found)
    assert next(f for f in found if f["part"] == "voice")["title"] == "Stimme: Mira"


def test_sound_for_the_ears_keeps_its_pitch() -> None:
    """What a voice made at any rate is 16 kHz for the microphone, with quiet around it."""
    second = AudioFormat(rate_hz=22050, width=2, channels=1)
    tone = b"".join((1000 * (i % 2)).to_bytes(2, "little", signed=True) for i in range(22050))
    heard = for_microphone(tone, second)
    assert abs(len(heard) / 2 / 16000 - 2.1) < 0.01
    assert not any(heard[:9000])
    assert any(heard[12000:])
