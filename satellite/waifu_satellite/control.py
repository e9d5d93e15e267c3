"""A unix socket for other programs on this machine: commands in, what happens out, JSON lines.

{"do": "say", "file": "phrase.wav"}    -> {"ok": true, "start_ms": 1.0, "end_ms": 2.0}
{"do": "watch"}                        -> {"kind": "state", "at_ms": 3.0, "state": "idle"} …
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import contextlib
import json
import logging
import os
from pathlib import Path
from typing import Final

from .audio.base import AudioError
from .audio.paced import PacedMicrophone
from .audio.wav import read_for_microphone
from .parts import Note
from .recording import LONGEST_S
from .satellite import Satellite

LOGGER = logging.getLogger(__name__)

SOCKET_NAME: Final = "control.sock"
MAX_LINE_BYTES: Final = 16 * 1024

type JsonObject = dict[str, object]
type Command = Callable[[JsonObject], Awaitable[JsonObject]]


class Control:
    """Answers the programs of this user; the socket is closed to everybody else."""

    def __init__(self, satellite: Satellite, microphone: PacedMicrophone | None) -> None:
        """Control a satellite; `say` works only where the microphone is a file."""
        self._satellite = satellite
        self._microphone = microphone
        self._simple: dict[str, Callable[[], None]] = {
            "wake": satellite.press,
            "stop": satellite.stop,
            "mute": lambda: satellite.mute(muted=True),
            "unmute": lambda: satellite.mute(muted=False),
            "record": lambda: satellite.recording.start(LONGEST_S),
            "end-record": satellite.recording.stop,
            "state": lambda: None,
        }

    @contextlib.asynccontextmanager
    async def serving(self, path: Path) -> AsyncIterator[None]:
        """Listen at a path while the context is open; the satellite can do without."""
        server = await self._listen(path)
        try:
            yield
        finally:
            if server is not None:
                server.close()
                server.close_clients()
                path.unlink(missing_ok=True)

    async def _listen(self, path: Path) -> asyncio.Server | None:
        """Return a server at a path, None where there can't be one."""
        # The mask closes the gap between making the socket and protecting it.
        before = os.umask(0o177)
        try:
            path.unlink(missing_ok=True)
            return await asyncio.start_unix_server(self._serve, path, limit=MAX_LINE_BYTES)
        except OSError as err:
            # The path of such a socket can't be longer than about 100 letters.
            LOGGER.warning("There is no control socket at %s: %s", path, err)
            return None
        finally:
            os.umask(before)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one program."""
        stop_watching: Callable[[], None] | None = None
        try:
            while line := await reader.readline():
                request = _parse(line)
                if request.get("do") == "watch" and stop_watching is None:
                    _write(writer, {"ok": True, **self._status()})
                    stop_watching = self._satellite.watch(lambda note: _write(writer, _json(note)))
                else:
                    _write(writer, await self._answer(request))
                await writer.drain()
        except (ValueError, OSError):
            pass
        finally:
            if stop_watching is not None:
                stop_watching()
            writer.close()

    async def _answer(self, request: JsonObject) -> JsonObject:
        """Do one command."""
        command = request.get("do")
        if command == "say":
            return await self._say(request.get("file"))
        if not isinstance(command, str) or command not in self._simple:
            known = ", ".join(sorted({*self._simple, "say", "watch"}))
            return {"ok": False, "error": f"There is no such command; there are {known}"}
        self._simple[command]()
        return {"ok": True, **self._status()}

    async def _say(self, file: object) -> JsonObject:
        """Play a WAV into the microphone; answer when it has been heard."""
        if self._microphone is None:
            return {"ok": False, "error": "Only a file microphone can be spoken into"}
        try:
            pcm = await asyncio.to_thread(read_for_microphone, Path(str(file)))
        except AudioError as err:
            return {"ok": False, "error": str(err)}
        said = await self._microphone.say(pcm)
        return {"ok": True, "start_ms": said.start_ms, "end_ms": said.end_ms}

    def _status(self) -> JsonObject:
        """Return what the satellite does now."""
        return {"state": self._satellite.state.value}


async def ask(path: Path, request: JsonObject) -> JsonObject:
    """Send one command to a running satellite and return its answer."""
    try:
        reader, writer = await asyncio.open_unix_connection(path)
    except OSError:
        return {"ok": False, "error": f"No satellite is running at {path}"}
    try:
        writer.write(json.dumps(request).encode() + b"\n")
        return _parse(await reader.readline())
    finally:
        writer.close()


def _parse(line: bytes) -> JsonObject:
    """Return the JSON object of a line."""
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - as json does for what is no JSON
    return value


def _json(note: Note) -> JsonObject:
    """Return a note as it is written."""
    return {"kind": note.kind, "at_ms": round(note.at_ms, 3), **note.data}


def _write(writer: asyncio.StreamWriter, value: JsonObject) -> None:
    """Write one line, unless the program has left."""
    if not writer.is_closing():
        writer.write(json.dumps(value).encode() + b"\n")
