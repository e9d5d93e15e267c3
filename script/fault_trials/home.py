"""The home of the trials: real programs, a model server of our own, and a cable to the satellite."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from demo_run.config_folder import prepare
from demo_run.entries import add_entry
from demo_run.house_client import PASSWORD, USERNAME, House, Login, onboard, wait_until_running
from demo_run.key import new_key
from demo_run.microphone import speak_into
from demo_run.people import log_in
from demo_run.places import COMPONENT_PYTHON, HOST, DemoError, free_port
from demo_run.recorder import Recorder
from demo_run.rooms import furnish
from fake_llm import FakeLlm, Reply

from .cable import Cable
from .parts import START_TIMEOUT_S, Part, satellite_part, speech_part

COMPANION = "waifu_rt3d"
MODEL = "tiny-tools"
SENTENCES = (
    "The first sentence is said slowly and with care. ",
    "The second one follows, as sentences do. ",
    "A third one tells of clouds and of the sea. ",
    "The last one ends it.",
)
WHOLE = Reply(words=SENTENCES)
SUBFLOWS = "/api/config/config_entries/subentries/flow"


@dataclass(slots=True, kw_only=True)
class Home:
    """A home in which everything may be broken."""

    house_part: Part
    speech: Part
    satellite: Part
    cable: Cable
    """To the satellite."""
    model: FakeLlm
    model_line: Cable
    session: aiohttp.ClientSession
    house: House
    recorder: Recorder
    character: str = ""

    @property
    def url(self) -> str:
        """Return Home Assistant's address."""
        return f"http://{HOST}:{self.house_part.port}"

    async def log_in_again(self) -> None:
        """Connect to a Home Assistant that was started again."""
        login = await log_in(self.url, USERNAME, PASSWORD)
        assert self.house_part.program is not None
        await wait_until_running(self.session, login, self.house_part.program, START_TIMEOUT_S)
        await self.house.close()
        self.house = await House.connect(self.session, login)
        self.recorder = await Recorder.of(self.house)


@asynccontextmanager
async def home(folder: Path) -> AsyncGenerator[Home]:
    """Run the home for as long as the context lasts."""
    key, microphone = new_key(), folder / "microphone.wav"
    await speak_into(microphone)
    async with AsyncExitStack() as stack:
        speech, satellite = speech_part(folder, key), satellite_part(folder, key, microphone)
        house_part = _house_part(folder)
        for part in (speech, satellite, house_part):
            stack.push_async_callback(part.stop)
        await asyncio.gather(speech.start(), satellite.start(), house_part.start())
        cable = await stack.enter_async_context(Cable(satellite.port))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        model = FakeLlm(reply=WHOLE, models=(MODEL,), chunk_bytes=200)
        await model.start()
        stack.push_async_callback(model.stop)
        model_line = await stack.enter_async_context(Cable(int(model.url.rpartition(":")[2])))
        login = await onboard(session, f"http://{HOST}:{house_part.port}")
        house = await _connect(session, login, house_part)
        made = Home(
            house_part=house_part,
            speech=speech,
            satellite=satellite,
            cable=cable,
            model=model,
            model_line=model_line,
            session=session,
            house=house,
            recorder=await _furnish(house, model_line, speech, cable, key),
        )
        made.character = await _character(house)
        yield made
        await made.house.close()


def _house_part(folder: Path) -> Part:
    """Return Home Assistant with a fresh folder."""
    port, config = free_port(), folder / "config"
    prepare(config, port)
    return Part(
        name="Home Assistant",
        words=(COMPONENT_PYTHON, "-m", "homeassistant", "-c", str(config), "--log-no-color"),
        log=folder / "home-assistant.out",
        port=port,
        folder=config,
        environment={"PYTHONPATH": ""},
    )


async def _connect(session: aiohttp.ClientSession, login: Login, part: Part) -> House:
    """Connect to a fresh Home Assistant that is running."""
    assert part.program is not None
    await wait_until_running(session, login, part.program, START_TIMEOUT_S)
    return await House.connect(session, login)


async def _furnish(house: House, model: Cable, speech: Part, cable: Cable, key: str) -> Recorder:
    """Add the devices, the parts, and a character that thinks with the model server."""
    await add_entry(house, "demo_home")
    await furnish(house)
    where = {"host": HOST, "pairing_key": key}
    await add_entry(house, COMPANION, {"next_step_id": "speech"}, {**where, "port": speech.port})
    companion = await add_entry(
        house,
        COMPANION,
        {"next_step_id": "companion"},
        {"name": "Mira", "model": "conversation.home_assistant"},
    )
    await _subentry(
        house,
        companion,
        "provider",
        {"kind": "ollama"},
        {"url": f"http://{HOST}:{model.port}"},
        {"model": MODEL},
        {},
    )
    known = await house.call("config_entries/subentries/list", entry_id=companion)
    provider = next(one for one in known if one["subentry_type"] == "provider")
    nova = {"name": "Nova", "model": provider["subentry_id"]}
    await _subentry(house, companion, "character", nova)
    await add_entry(house, COMPANION, {"next_step_id": "satellite"}, {**where, "port": cable.port})
    return await Recorder.of(house)


async def _subentry(house: House, entry: str, kind: str, *answers: dict[str, Any]) -> None:
    """Answer the dialog of a subentry."""
    step = await house.post(SUBFLOWS, {"handler": [entry, kind]})
    for answer in answers:
        step = await house.post(f"{SUBFLOWS}/{step['flow_id']}", answer)
        while step["type"] == "progress":
            await asyncio.sleep(0.1)
            step = await house.get(f"{SUBFLOWS}/{step['flow_id']}")
    if step["type"] != "create_entry":
        why = step.get("errors") or step.get("reason") or step["type"]
        raise DemoError(f"Home Assistant did not take {kind}: {why}.")


async def _character(house: House) -> str:
    """Return the id of the character that thinks with the model server."""
    known = await house.call("waifu_rt3d/characters")
    return str(next(one["id"] for one in known if one["name"] == "Nova"))
