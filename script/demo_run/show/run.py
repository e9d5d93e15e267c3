"""Show the show: once for a sheet or a film, or each time that somebody presses the button."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from demo_run.card_page import CardPage, browser_program
from demo_run.home import Home, Say
from demo_run.house_client import Json
from demo_run.recorder import Recorder

from .film import Frames, Tape, make_film, play_aloud
from .page_files import PAGE_PATH
from .play import Show
from .scenes import Scene, read_scenes
from .sheet import make_sheet
from .stage import furnish_show

SHEET = "show.jpg"
REST_S = 1.5
"""A film begins and ends with a moment of rest."""


async def set_up(
    parts: AsyncExitStack, home: Home, recorder: Recorder, loudspeaker: str, quality: str
) -> tuple[Show, tuple[Scene, ...]]:
    """Prepare everything that the scenes need."""
    scenes = read_scenes()
    rooms = await furnish_show(parts, home, loudspeaker, quality)
    show = Show(home, parts, rooms, recorder)
    await show.prepare(scenes)
    return show, scenes


async def play_once(
    show: Show, scenes: tuple[Scene, ...], home: Home, out: Path, film: Path | None
) -> None:
    """Play the show in Chromium, leave a sheet of its frames, and film it where that is asked for."""
    kept: list[Path] = []
    async with _page(home, sound=film is not None) as page:

        async def keep() -> None:
            file = home.folder / "frames" / f"{len(kept):02}.png"
            file.parent.mkdir(exist_ok=True)
            await page.picture(file)
            kept.append(file)

        show.frame = keep
        try:
            if film is None:
                await show.play(scenes)
            else:
                frames, tape = await _filmed(show, scenes, home, page)
        finally:
            show.frame = show.sound = None
            if kept:
                make_sheet(kept, out / SHEET)
    if film is not None:
        await make_film(frames, tape, film)


async def play_when_asked(show: Show, scenes: tuple[Scene, ...], say: Say) -> None:
    """Play the show each time that somebody presses its button or its key."""
    while True:
        await show.asked()
        say("the show begins")
        try:
            await show.play(scenes)
        except Exception as err:  # noqa: BLE001 - the next press may go better
            say(f"the show stopped: {err}")
        else:
            say("the show is over: your turn")


async def _filmed(
    show: Show, scenes: tuple[Scene, ...], home: Home, page: CardPage
) -> tuple[Frames, Tape]:
    """Play the show while frames and sound are kept."""
    tape = Tape(home.folder / "tape.raw")
    show.sound = play_aloud
    await tape.start()
    try:
        await page.ask({"film": str(home.folder / "film")})
        await asyncio.sleep(REST_S)
        await show.play(scenes)
        await asyncio.sleep(REST_S)
        answer: Json = await page.ask({"film": None})
    finally:
        await tape.stop()
    return [(str(file), float(at)) for file, at in answer["frames"]], tape


@asynccontextmanager
async def _page(home: Home, *, sound: bool) -> AsyncGenerator[CardPage]:
    """Open the show's page in Chromium for as long as the context lasts."""
    async with browser_program("bin/show.mjs") as page:
        await page.ask({"open": {"url": home.running.url + PAGE_PATH, "sound": sound}})
        yield page
