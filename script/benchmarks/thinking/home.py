"""A real Home Assistant in this process, a made-up model server in a thread, and who thinks with it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
import threading
from typing import Any

from demo_run.config_folder import prepare
from demo_run.places import DemoError, free_port
from fake_llm import FakeLlm, Reply
from homeassistant import bootstrap
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.runner import RuntimeConfig

MODEL = "tiny-tools"
WORDS = ("Clouds are ", "water that ", "has learned ", "to fly. ", "I like ", "them.")
_CONFIGURATION = """\
homeassistant:
  name: Bench
http:
conversation:
assist_pipeline:
logger:
  default: error
"""


@dataclass(slots=True)
class ServerThread:
    """The model server on a loop of its own, so that its work does not look like ours."""

    fake: FakeLlm = field(
        default_factory=lambda: FakeLlm(
            reply=Reply(words=WORDS), models=(MODEL,), chunk_bytes=1 << 20
        )
    )
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    async def start(self) -> None:
        """Serve."""
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.fake.start(), self.loop))

    async def stop(self) -> None:
        """Stop serving."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.fake.stop(), self.loop))
        self.loop.call_soon_threadsafe(self.loop.stop)


@asynccontextmanager
async def home(folder: Path) -> AsyncGenerator[tuple[HomeAssistant, FakeLlm]]:
    """Run a home with its model server."""
    config = folder / "thinking"
    prepare(config, free_port(None))
    (config / "configuration.yaml").write_text(_CONFIGURATION)
    server = ServerThread()
    await server.start()
    hass = await bootstrap.async_setup_hass(RuntimeConfig(config_dir=str(config), skip_pip=True))
    if hass is None:
        raise DemoError("Home Assistant did not start.")
    await hass.async_start()
    try:
        yield hass, server.fake
    finally:
        await hass.async_stop(force=True)
        await server.stop()


async def add_core_agent(hass: HomeAssistant, fake: FakeLlm) -> str:
    """Set up core's own integration at the server and return its conversation entity."""
    flows = hass.config_entries.flow
    form: Any = await flows.async_init("ollama", context={"source": "user"})
    made: Any = await flows.async_configure(form["flow_id"], {"url": fake.url})
    entry: ConfigEntry = made["result"]
    known = set(hass.states.async_entity_ids("conversation"))
    if not any(one.subentry_type == "conversation" for one in entry.subentries.values()):
        subflows = hass.config_entries.subentries
        form = await subflows.async_init(
            (entry.entry_id, "conversation"), context={"source": "user"}
        )
        answers = {
            "name": "Core",
            "model": MODEL,
            "llm_hass_api": ["assist"],
            "prompt": "You are a friendly voice in a house.",
            "max_history": 20,
            "num_ctx": 8192,
            "keep_alive": -1,
        }
        await _finish(subflows, form, answers)
    await hass.async_block_till_done()
    (agent,) = set(hass.states.async_entity_ids("conversation")) - known
    return agent


async def add_companion(
    hass: HomeAssistant, fake: FakeLlm, *, voice: str | None = None, ears: str | None = None
) -> str:
    """Set up the companion with the same server and return its conversation entity."""
    flows, subflows = hass.config_entries.flow, hass.config_entries.subentries
    menu: Any = await flows.async_init("waifu_rt3d", context={"source": "user"})
    form: Any = await flows.async_configure(menu["flow_id"], {"next_step_id": "companion"})
    engines = {key: value for key, value in (("voice", voice), ("ears", ears)) if value}
    made: Any = await flows.async_configure(
        form["flow_id"], {"name": "Mira", "model": "conversation.home_assistant", **engines}
    )
    if made["type"] is not FlowResultType.CREATE_ENTRY:
        raise DemoError(f"The companion was not made: {made.get('errors')}.")
    entry: ConfigEntry = made["result"]
    form = await subflows.async_init((entry.entry_id, "provider"), context={"source": "user"})
    form = await subflows.async_configure(form["flow_id"], {"kind": "ollama"})
    form = await subflows.async_configure(form["flow_id"], {"url": fake.url})
    form = await _finish(subflows, form, {"model": MODEL})
    await subflows.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    provider = next(s for s in entry.subentries.values() if s.subentry_type == "provider")
    character = next(s for s in entry.subentries.values() if s.subentry_type == "character")
    hass.config_entries.async_update_subentry(
        entry, character, data={**character.data, "model": provider.subentry_id}
    )
    await hass.async_block_till_done()
    return "conversation.mira"


async def _finish(flows: Any, form: Any, answers: dict[str, Any]) -> Any:
    """Send a form and wait for what it begins."""
    known = {str(key) for key in form["data_schema"].schema}
    result = await flows.async_configure(
        form["flow_id"], {key: value for key, value in answers.items() if key in known}
    )
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await asyncio.sleep(0.05)
        result = await flows.async_configure(form["flow_id"])
    if result.get("errors"):
        raise DemoError(f"A form was refused: {result['errors']}.")
    return result
