"""The card in a real browser, driven over its standard input."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import json
import os
from pathlib import Path
import shutil
import signal

from .house_client import House, Json
from .places import LOVELACE, DemoError

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
TIMEOUT_S = 150
LINE_LIMIT = 32 * 1024 * 1024
"""A watched turn comes back in one line."""


def has_browser() -> bool:
    """Return whether there is a Chromium to open the card in."""
    return shutil.which(CHROMIUM) is not None


class CardPage:
    """A page of Home Assistant with the card."""

    def __init__(self, process: Process) -> None:
        """Talk to a running browser."""
        self._process = process

    async def say(self, text: str) -> None:
        """Type a text into the card and send it."""
        await self.ask({"say": text})

    async def watch(self) -> None:
        """Begin to take down what the picture shows while somebody speaks."""
        await self.ask({"watch": True})

    async def watched(self) -> list[Json]:
        """Return what was taken down."""
        samples: list[Json] = (await self.ask({"watch": False}))["samples"]
        return samples

    async def freeze(self, documents: list[Json], audio_ms: int, picture: Path) -> Json:
        """Hold the face at a time of a reply, take its picture and return its weights."""
        freeze = {"documents": documents, "audio_ms": audio_ms}
        return await self.ask({"freeze": freeze, "picture": str(picture)})

    async def picture(self, path: Path) -> None:
        """Take a picture of the whole page."""
        await self.ask({"picture": str(path)})

    async def ask(self, request: Json) -> Json:
        """Send a request and return its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        try:
            async with asyncio.timeout(TIMEOUT_S):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise DemoError("The browser does not answer any more.") from None
        answer: Json = json.loads(line or '{"error": "it ended"}')
        if "error" in answer:
            raise DemoError(f"The card in the browser: {answer['error']}")
        return answer


@asynccontextmanager
async def card_page(house: House, path: str) -> AsyncGenerator[CardPage]:
    """Open a page of Home Assistant in Chromium for as long as the context lasts."""
    login = house.login
    async with browser_program("bin/demo-card.mjs") as page:
        await page.ask({"open": {"url": login.url, "path": path, "tokens": login.tokens}})
        yield page


@asynccontextmanager
async def browser_program(script: str) -> AsyncGenerator[CardPage]:
    """Run a program that drives a browser for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        "node",
        script,
        cwd=LOVELACE,
        stdin=PIPE,
        stdout=PIPE,
        limit=LINE_LIMIT,
        start_new_session=True,
    )
    try:
        yield CardPage(process)
    finally:
        assert process.stdin
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def weights_of(timeline: Path, audio_ms: float) -> dict[str, float]:
    """Return the mouth's weights at a time, from the director alone, without a page."""
    process = await asyncio.create_subprocess_exec(
        "node", "bin/weights.mjs", str(timeline), str(audio_ms), cwd=LOVELACE, stdout=PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise DemoError("The director can't tell the mouth's weights: run script/build.")
    weights: dict[str, float] = json.loads(out)["weights"]
    return weights
