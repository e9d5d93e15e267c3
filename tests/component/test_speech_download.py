"""One button in the options of a speech server fetches a voice and a recogniser, checked, from a hub."""

from collections.abc import AsyncGenerator, Iterator
import json
from pathlib import Path
import sys
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN

from .conftest import PAIRING_KEY
from .processes import free_port, speech_server

# The hub of the speech server's own tests: the layout and the answers of Hugging Face.
sys.path.insert(0, str(Path(__file__).parents[1] / "satellite" / "speech"))

from toy_hub import Hub, serving

VOICE = "en_US-ljspeech-medium"


@pytest.fixture
def hub(tmp_path: Path, socket_enabled: None) -> Iterator[Hub]:
    """Serve files that a server lists as a voice and as a recogniser."""
    voice = tmp_path / f"{VOICE}.onnx"
    voice.write_bytes(b"voice" * 1000)
    config = {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US"},
        "num_speakers": 1,
        "speaker_id_map": {},
    }
    Path(f"{voice}.json").write_text(json.dumps(config))
    ears = tmp_path / "base"
    ears.mkdir()
    for name, content in (("config.json", "{}"), ("tokenizer.json", "{}"), ("model.bin", "x")):
        (ears / name).write_text(content)
    with serving() as made:
        made.add_voice(voice)
        made.add_whisper(ears, "Systran/faster-whisper-base")
        yield made


@pytest.fixture
async def entry(core: HomeAssistant, hub: Hub, tmp_path: Path) -> AsyncGenerator[MockConfigEntry]:
    """Run a paired server that knows the hub, and set it up."""
    port = free_port()
    arguments = ("--pairing-key", PAIRING_KEY, "--hub", hub.address, "--tts", "espeak:en-us")
    async with speech_server(port, *arguments, "--models", str(tmp_path / "models")):
        data = {"kind": "speech", "host": "127.0.0.1", "port": port, "pairing_key": PAIRING_KEY}
        made = MockConfigEntry(domain=DOMAIN, unique_id="speech", title="Speech", data=data)
        made.add_to_hass(core)
        assert await core.config_entries.async_setup(made.entry_id)
        await core.async_block_till_done()
        yield made
        await core.config_entries.async_unload(made.entry_id)


async def pressed(core: HomeAssistant, entry: MockConfigEntry, hub: Hub) -> Any:
    """Open the form, hold what it says, press its button, and return where that ends."""
    options = core.config_entries.options
    form = await options.async_init(entry.entry_id)
    assert form["type"] is FlowResultType.FORM
    told = form["description_placeholders"]
    assert told["host"] == "huggingface.co"
    assert f"piper:{VOICE}, ≈ 64 MB, public domain" in told["models"]
    assert "faster-whisper:base, ≈ 148 MB, MIT" in told["models"]
    assert hub.asked == []
    shown = await options.async_configure(form["flow_id"], {})
    assert shown["type"] is FlowResultType.SHOW_PROGRESS
    await core.async_block_till_done()
    return await options.async_configure(form["flow_id"])


async def test_button_fetches_what_the_form_names(
    core: HomeAssistant, entry: MockConfigEntry, hub: Hub
) -> None:
    """Nothing goes out before the click; afterwards the entry offers the voice and free speech."""
    done = await pressed(core, entry, hub)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await core.async_block_till_done()
    info = entry.runtime_data.server.info
    assert VOICE in {voice.name for voice in info.voices}
    assert info.endpoint


async def test_wrong_file_is_refused_with_its_reason(
    core: HomeAssistant, entry: MockConfigEntry, hub: Hub
) -> None:
    """A voice that does not fit its hash never becomes one."""
    path = next(path for path in hub.files if path.endswith(".onnx"))
    hub.files[path] = hub.files[path][:-1] + b"!"
    done = await pressed(core, entry, hub)
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "fetch_failed"
    assert "hash is wrong" in done["description_placeholders"]["reason"]


async def test_unpaired_server_has_no_button(core: HomeAssistant, socket_enabled: None) -> None:
    """It says why."""
    port = free_port()
    async with speech_server(port, "--plain", "--tts", "espeak:en-us"):
        data = {"kind": "speech", "host": "127.0.0.1", "port": port}
        made = MockConfigEntry(domain=DOMAIN, unique_id="speech", title="Speech", data=data)
        made.add_to_hass(core)
        assert await core.config_entries.async_setup(made.entry_id)
        result = await core.config_entries.options.async_init(made.entry_id)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "nothing_to_fetch")
        await core.config_entries.async_unload(made.entry_id)
