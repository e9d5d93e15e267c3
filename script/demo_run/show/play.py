"""Play the scenes on the real home: what is said is said into microphones, what is killed is killed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
import json
import os
from pathlib import Path
import signal
import time
from typing import Any

from demo_run.home import Home
from demo_run.house_client import Json
from demo_run.microphone import speak_into
from demo_run.places import DemoError
from demo_run.recorder import Recorder
from demo_run.speech_program import Paired, speech_server

from .scenes import Act, Scene, lines
from .stage import AREAS, Rooms

SCENE_EVENT = "demo_show_scene"
START_EVENT = "demo_show_start"
BACK_S = 30
ORDER = ("listening", "thinking", "speaking", "heard")

type Frame = Callable[[], Awaitable[None]]


class Show:
    """The show, as often as somebody wants it."""

    def __init__(self, home: Home, parts: AsyncExitStack, rooms: Rooms, recorder: Recorder) -> None:
        """Play in these rooms; what is started ends with `parts`."""
        self._home, self._house = home, home.running.house
        self._parts, self._rooms, self._recorder = parts, rooms, recorder
        self._speech: Paired = home.speech
        self._said: dict[str, Path] = {}
        self._since_ms = 0.0
        self._started = asyncio.Event()
        self.frame: Frame | None = None
        """Keeps a picture of a scene, where somebody looks."""
        self.sound: Callable[[Path], Awaitable[None]] | None = None
        """Lets those who listen to the film hear what is said into a microphone."""

    async def prepare(self, scenes: tuple[Scene, ...]) -> None:
        """Record what is said into the microphones, and listen to the page's button."""
        for number, line in enumerate(lines(scenes)):
            path = self._home.folder / "said" / str(number) / "said.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            await speak_into(path, line)
            self._said[line] = path
        await self._house.subscribe(
            "subscribe_events", lambda _event: self._started.set(), event_type=START_EVENT
        )

    async def asked(self) -> None:
        """Return when somebody presses the button or the key."""
        self._started.clear()
        await self._started.wait()

    async def play(self, scenes: tuple[Scene, ...]) -> None:
        """Play all scenes once. Raises DemoError at what did not happen."""
        try:
            for number, scene in enumerate(scenes):
                await self._play(scene, number / len(scenes))
        finally:
            await self._restore()
            await self._tell({"name": "over", "caption": scenes[-1].caption, "progress": 1})

    async def _play(self, scene: Scene, progress: float) -> None:
        """Play a scene."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + scene.seconds
        await self._tell({"name": scene.name, "caption": scene.caption, "progress": progress})
        for act in scene.acts:
            try:
                await getattr(self, f"_do_{act.do}")(scene, **act.fields)
            except TimeoutError:
                raise DemoError(f"The scene {scene.name} waited in vain: {_shown(act)}.") from None
        await asyncio.sleep(max(until_s - loop.time(), 0))

    async def _tell(self, data: Json) -> None:
        """Tell the page something."""
        await self._house.post(f"/api/events/{SCENE_EVENT}", data)

    # -- acts -----------------------------------------------------------------------------------

    async def _do_call(
        self, _scene: Scene, action: str, target: str | None = None, data: Json | None = None
    ) -> None:
        """Call an action of Home Assistant."""
        self._since_ms = time.time() * 1000
        domain, service = action.split(".")
        where = {"entity_id": target} if target else {}
        await self._house.post(f"/api/services/{domain}/{service}", {**(data or {}), **where})

    async def _do_speak(self, _scene: Scene, room: str, text: str) -> None:
        """Say the wake word and words into the microphone of a room; return when they are said."""
        self._since_ms = time.time() * 1000
        said = self._said[text]
        heard = self.sound(said) if self.sound else asyncio.sleep(0)
        await asyncio.gather(self._ask(room, {"do": "say", "file": str(said)}), heard)

    async def _do_stop(self, _scene: Scene, room: str) -> None:
        """Press the button of a room's satellite that stops every sound."""
        await self._ask(room, {"do": "stop"})

    async def _do_type(self, scene: Scene, room: str, text: str) -> None:
        """Let the page type into a tablet."""
        self._since_ms = time.time() * 1000
        await self._tell({"name": scene.name, "type": text, "room": AREAS[room]})

    async def _do_until(self, scene: Scene, origin: str, state: str, seconds: float) -> None:
        """Wait until the turn that was begun last has come so far."""
        reached = ORDER[ORDER.index(state) :]
        async with asyncio.timeout(seconds):
            while not self._recorder.reached(origin, self._since_ms, reached):
                await self._recorder.changed()

    async def _do_wait(self, _scene: Scene, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _do_kill(self, _scene: Scene, part: str) -> None:
        """Kill a part as a crash would."""
        assert part == "speech"
        os.killpg(self._speech.program.pid, signal.SIGKILL)
        await self._speech.program.ended()

    async def _do_start(self, _scene: Scene, part: str) -> None:
        """Start a part again, and wait until the house has found it."""
        assert part == "speech"
        old = self._speech
        again = speech_server(self._home.folder, old.key, port=old.port)
        self._speech = await self._parts.enter_async_context(again)
        async with asyncio.timeout(BACK_S):
            while not await self._voice_is_back():
                await asyncio.sleep(0.2)

    async def _do_frame(self, _scene: Scene) -> None:
        """Keep a picture."""
        if self.frame is not None:
            await self.frame()

    # -- helpers --------------------------------------------------------------------------------

    async def _voice_is_back(self) -> bool:
        """Tell whether the speech server's voice can be used."""
        states = await self._house.get("/api/states")
        ours = [one for one in states if one["entity_id"].startswith("tts.waifu_speech")]
        return bool(ours) and all(one["state"] != "unavailable" for one in ours)

    async def _restore(self) -> None:
        """Leave the home as it was, whatever happened."""
        if not self._speech.program.running:
            again = speech_server(self._home.folder, self._speech.key, port=self._speech.port)
            self._speech = await self._parts.enter_async_context(again)
        for room in AREAS:
            await self._ask(room, {"do": "stop"})

    async def _ask(self, room: str, request: Json) -> Json:
        """Ask something of a room's satellite, through its control socket."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._rooms.socket(room)))
        except OSError as err:
            raise DemoError(f"The satellite of the {room} is not there: {err}.") from err
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            answer: Any = json.loads(await reader.readline() or "{}")
        finally:
            writer.close()
        if not answer.get("ok"):
            raise DemoError(f"The satellite of the {room} refused: {answer.get('error')}.")
        return dict(answer)


def _shown(act: Act) -> str:
    """Return an act in a line."""
    return " ".join((act.do, *(f"{key}={value}" for key, value in sorted(act.fields.items()))))
