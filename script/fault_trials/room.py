"""A room with its satellite: somebody speaks there, and what the satellite does is followed."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any

from demo_run.microphone import PAD_S
from demo_run.places import DemoError

from .cable import Cable
from .parts import Part, until

_TAIL_S = 2.0
"""The silence at the end of what is said."""
_TRY_AGAIN_S = 0.02
_MOST_TRIES = 1500


@dataclass(slots=True, kw_only=True)
class Room:
    """One satellite of the home."""

    area: str
    part: Part
    cable: Cable
    """Between it and Home Assistant."""
    film: Path
    """The wake word and a command."""
    socket: Path
    notes: list[dict[str, Any]] = field(default_factory=list)
    """What the satellite has told of itself since it was started; times are of this machine's
    monotonic clock (ms)."""
    _watching: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """Return its newest state."""
        return next((str(n["state"]) for n in reversed(self.notes) if "state" in n), "")

    async def start(self) -> float:
        """Start the satellite and follow it; return when it took connections."""
        started_s = await self.part.start()
        self.notes.clear()
        self._watching = asyncio.create_task(self._watch())
        return started_s

    async def kill(self) -> float:
        """End the satellite as a power cut does; return when."""
        at_s = await self.part.kill()
        await self.close()
        return at_s

    async def close(self) -> None:
        """Follow it no longer."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def say(self) -> tuple[float, float]:
        """Say wake word and command; return when they began and ended, once silence has followed."""
        answer = await self._ask({"do": "say", "file": str(self.film)})
        if not answer.get("ok"):
            raise DemoError(f"The {self.part.name} hears nothing: {answer.get('error')}.")
        return answer["start_ms"] / 1000 + PAD_S, answer["end_ms"] / 1000 - _TAIL_S

    async def is_idle(self, limit_s: float) -> bool:
        """Wait until it is connected and waits for its wake word."""
        return await until(lambda: self.state == "idle", limit_s)

    async def stop(self) -> None:
        """Press the button that stops what sounds."""
        await self._ask({"do": "stop"})

    async def _ask(self, request: dict[str, object]) -> dict[str, Any]:
        """Send a command to its control socket and return the answer."""
        reader, writer = await self._opened()
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(await reader.readline() or b"{}")
            return answer
        finally:
            writer.close()

    async def _watch(self) -> None:
        """Take down what it tells."""
        reader, writer = await self._opened()
        try:
            writer.write(b'{"do": "watch"}\n')
            with suppress(OSError, ValueError):
                while line := await reader.readline():
                    self.notes.append(json.loads(line))
        finally:
            writer.close()

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the control socket, which comes a moment after the port."""
        for _ in range(_MOST_TRIES):
            with suppress(OSError):
                return await asyncio.open_unix_connection(self.socket)
            await asyncio.sleep(_TRY_AGAIN_S)
        raise DemoError(f"The {self.part.name} has no control socket at {self.socket}.")
