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
from demo_run.places import HOST, DemoError, free_port
from demo_run.recorder import Recorder
from demo_run.rooms import furnish
from fake_llm import FakeLlm, Reply

from .cable import Cable
from .disk import Disk
from .parts import START_TIMEOUT_S, Part, house_part as make_house_part, satellite_part, speech_part
from .room import Room
from .wall_clock import WallClock

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
    speech_line: Cable
    """To the speech server."""
    kitchen: Room
    bedroom: Room
    model: FakeLlm
    model_line: Cable
    disk: Disk
    """Under Home Assistant's folder."""
    house_clock: WallClock
    kitchen_clock: WallClock
    key: str
    folder: Path
    session: aiohttp.ClientSession
    house: House
    recorder: Recorder
    character: str = ""

    @property
    def url(self) -> str:
        """Return Home Assistant's address."""
        return f"http://{HOST}:{self.house_part.port}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the programs that are ours."""
        return (self.house_part, self.speech, self.kitchen.part, self.bedroom.part)

    async def log_in_again(self) -> None:
        """Connect to a Home Assistant that was started again, or whose login has run out."""
        login = await log_in(self.url, USERNAME, PASSWORD)
        assert self.house_part.program is not None
        await wait_until_running(self.session, login, self.house_part.program, START_TIMEOUT_S)
        await self.house.close()
        self.house = await House.connect(self.session, login)
        self.recorder = await Recorder.of(self.house)


@asynccontextmanager
async def home(folder: Path, *, clocks: bool) -> AsyncGenerator[Home]:
    """Run the home for as long as the context lasts; with clocks that can be set it is slower."""
    folder.mkdir(parents=True, exist_ok=True)
    key, film = new_key(), folder / "film.wav"
    await speak_into(film)
    async with AsyncExitStack() as stack:
        disk = await stack.enter_async_context(Disk(folder / "config"))
        house_clock, kitchen_clock = (
            WallClock(folder / "house.time", can_be_set=clocks),
            WallClock(folder / "kitchen.time", can_be_set=clocks),
        )
        port = free_port()
        prepare(disk.folder, port)
        house_log = folder / "home-assistant.out"
        house_part = make_house_part(disk.folder, house_log, port, house_clock.environment)
        speech = speech_part(folder, key)
        rooms = [
            _room(folder, key, film, area, environment)
            for area, environment in (("Kitchen", kitchen_clock.environment), ("Bedroom", {}))
        ]
        for part in (speech, house_part, *(room.part for room in rooms)):
            stack.push_async_callback(part.stop)
        await asyncio.gather(speech.start(), house_part.start(), *(room.start() for room in rooms))
        for room in rooms:
            stack.push_async_callback(room.close)
            await stack.enter_async_context(room.cable)
        speech_line = await stack.enter_async_context(Cable(speech.port))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        model = FakeLlm(reply=WHOLE, models=(MODEL,), chunk_bytes=200)
        await model.start()
        stack.push_async_callback(model.stop)
        model_line = await stack.enter_async_context(Cable(int(model.url.rpartition(":")[2])))
        login = await onboard(session, f"http://{HOST}:{house_part.port}")
        house = await _connect(session, login, house_part)
        await _furnish(house, model_line, speech_line, rooms, key)
        made = Home(
            house_part=house_part,
            speech=speech,
            speech_line=speech_line,
            kitchen=rooms[0],
            bedroom=rooms[1],
            model=model,
            model_line=model_line,
            disk=disk,
            house_clock=house_clock,
            kitchen_clock=kitchen_clock,
            key=key,
            folder=folder,
            session=session,
            house=house,
            recorder=await Recorder.of(house),
        )
        made.character = await _character(house)
        yield made
        await made.house.close()


def _room(folder: Path, key: str, film: Path, area: str, environment: dict[str, str]) -> Room:
    """Return a room whose satellite is not started yet."""
    part = satellite_part(folder, key, area, environment)
    return Room(
        area=area,
        part=part,
        cable=Cable(part.port),
        film=film,
        socket=folder / area.lower() / "control.sock",
    )


async def _connect(session: aiohttp.ClientSession, login: Login, part: Part) -> House:
    """Connect to a fresh Home Assistant that is running."""
    assert part.program is not None
    await wait_until_running(session, login, part.program, START_TIMEOUT_S)
    return await House.connect(session, login)


async def _furnish(house: House, model: Cable, speech: Cable, rooms: list[Room], key: str) -> None:
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
    for room in rooms:
        here = {**where, "port": room.cable.port}
        await add_entry(house, COMPANION, {"next_step_id": "satellite"}, here)


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
