"""A wake word of the home's own: uploaded in Home Assistant, tried and offered by a real satellite."""

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.waifu_rt3d.room import wake_models

from ..processes import free_port, satellite_python
from .rooms import async_until, room_entry, room_in


@pytest.fixture
async def kitchen(
    core: HomeAssistant, tmp_path: Path, companion: MockConfigEntry, socket_enabled: None
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a room that is set up and connected."""
    assert await async_setup_component(core, "file_upload", {})
    async with room_in(core, tmp_path) as entry:
        await async_until(lambda: len(entry.runtime_data.room.wake_words) > 0)
        yield entry


def of_the_wheels(pattern: str) -> bytes:
    """Return a file out of the wheels beside the satellite's Python."""
    (path,) = Path(satellite_python()).parents[1].glob(f"lib/*/site-packages/{pattern}")
    return path.read_bytes()


def model_of_the_wheel() -> bytes:
    """Return a model that works: one of openWakeWord's own wheel."""
    return of_the_wheels("openwakeword/**/hey_mycroft_v0.1.onnx")


async def _upload(hass_client: ClientSessionGenerator, name: str, content: bytes) -> str:
    """Upload a file as the dialogue does."""
    client = await hass_client()
    file = BytesIO(content)
    file.name = name
    answer = await client.post("/api/file_upload", data={"file": file})
    return str((await answer.json())["file_id"])


async def _dialogue(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Go to the form; return its flow."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["room", "wake_model"]
    await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "wake_model"}
    )
    return str(menu["flow_id"])


async def test_own_wake_word_is_brought_from_home_assistant(
    hass: HomeAssistant, kitchen: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """A bad file gets a sentence and another try; a good one is offered beside the others."""
    flow = await _dialogue(hass, kitchen)
    bad = await _upload(hass_client, "mira.onnx", b"this is no model")
    form: dict[str, Any] = await hass.config_entries.options.async_configure(
        flow, {"phrase": "Hey Mira", "model": bad}
    )
    assert form["errors"] == {"base": "wake_model_refused"}
    assert "no wake word model" in form["description_placeholders"]["reason"]
    good = await _upload(hass_client, "mira.onnx", model_of_the_wheel())
    done = await hass.config_entries.options.async_configure(
        flow, {"phrase": "Hey Mira", "model": good}
    )
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "wake_model_kept"
    room = kitchen.runtime_data.room
    await async_until(lambda: room.word("hey_mira") is not None)
    await room.async_send("configure", {"wake_words": ["hey_jarvis", "hey_mira"]})
    await async_until(lambda: "hey mira" in room.active_phrases)


async def test_model_of_microwakeword_comes_with_its_description(
    hass: HomeAssistant, kitchen: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """One that is no description gets a sentence; the right one goes along with the model."""
    model = of_the_wheels("pymicro_wakeword/models/hey_mycroft.tflite")
    about = of_the_wheels("pymicro_wakeword/models/hey_mycroft.json")
    flow = await _dialogue(hass, kitchen)
    for wrong in (b"this is no JSON", b'["a", "list"]'):
        form = await hass.config_entries.options.async_configure(
            flow,
            {
                "phrase": "Hey Mira",
                "model": await _upload(hass_client, "mira.tflite", model),
                "description": await _upload(hass_client, "mira.json", wrong),
            },
        )
        assert form["errors"] == {"base": "wake_model_description"}
    done = await hass.config_entries.options.async_configure(
        flow,
        {
            "phrase": "Hey Mira",
            "model": await _upload(hass_client, "mira.tflite", model),
            "description": await _upload(hass_client, "mira.json", about),
        },
    )
    assert done["reason"] == "wake_model_kept"
    await async_until(lambda: kitchen.runtime_data.room.word("hey_mira") is not None)


async def test_satellite_that_never_answers_is_told(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An older one knows no models of others."""
    monkeypatch.setattr(wake_models, "ANSWER_LIMIT_S", 0.05)
    monkeypatch.setattr(kitchen.runtime_data.room, "async_send_event", AsyncMock())
    flow = await _dialogue(hass, kitchen)
    upload = await _upload(hass_client, "mira.onnx", model_of_the_wheel())
    form = await hass.config_entries.options.async_configure(
        flow, {"phrase": "hey mira", "model": upload}
    )
    assert form["errors"] == {"base": "wake_model_no_answer"}


async def test_satellite_that_is_switched_off_gets_no_model(
    hass: HomeAssistant, kitchen: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Its entry may be unloaded while the dialogue stands open."""
    flow = await _dialogue(hass, kitchen)
    await hass.config_entries.async_unload(kitchen.entry_id)
    upload = await _upload(hass_client, "mira.onnx", b"x")
    form = await hass.config_entries.options.async_configure(
        flow, {"phrase": "hey mira", "model": upload}
    )
    assert form["errors"] == {"base": "satellite_lost"}


@pytest.mark.parametrize(
    ("file", "content", "phrase", "error"),
    [
        ("mira.exe", b"x", "hey mira", "wake_model_kind"),
        ("mira.tflite", b"x", "hey mira", "wake_model_description"),
        ("mira.onnx", bytes(5 * 1024 * 1024), "hey mira", "wake_model_size"),
        ("mira.onnx", b"x", "m" * 50, "wake_model_name"),
    ],
    ids=["kind", "description", "size", "name"],
)
async def test_wrong_file_is_told_before_it_is_sent(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    file: str,
    content: bytes,
    phrase: str,
    error: str,
) -> None:
    """In the dialogue, which stays open with the words that were typed."""
    flow = await _dialogue(hass, kitchen)
    upload = await _upload(hass_client, file, content)
    form = await hass.config_entries.options.async_configure(
        flow, {"phrase": phrase, "model": upload}
    )
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {"base": error}


async def test_lost_satellite_gets_no_model(
    hass: HomeAssistant,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    socket_enabled: None,
) -> None:
    """It is said, and can be tried again."""
    assert await async_setup_component(hass, "file_upload", {})
    entry = room_entry(free_port())
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    flow = await _dialogue(hass, entry)
    upload = await _upload(hass_client, "mira.onnx", b"x")
    form = await hass.config_entries.options.async_configure(
        flow, {"phrase": "hey mira", "model": upload}
    )
    assert form["errors"] == {"base": "satellite_lost"}
    await hass.config_entries.async_unload(entry.entry_id)
