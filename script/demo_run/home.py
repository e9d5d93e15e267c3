"""The demo home: speech server, Home Assistant, furniture, the companion, a dashboard."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from .dashboard import add_dashboard
from .entries import add_entry
from .house_program import RunningHouse, home_assistant
from .key import new_key
from .rooms import furnish
from .show.page_files import place_page
from .speech_program import Paired, speech_server

AGENT = "conversation.demo_agent"
COMPANION = "waifu_rt3d"

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A demo home that runs."""

    running: RunningHouse
    speech: Paired
    path: str
    """Where the dashboard is."""
    folder: Path
    """Where every part keeps its files."""


async def start_home(
    parts: AsyncExitStack, folder: Path, say: Say, *, voice: str | None = None
) -> Home:
    """Start speech server and Home Assistant, furnish the home, add the companion."""
    say("speech server and Home Assistant start")
    speech, running = await asyncio.gather(
        parts.enter_async_context(speech_server(folder, new_key(), voice)),
        parts.enter_async_context(home_assistant(folder, fill=place_page, restarts=True)),
    )
    house = running.house
    await add_entry(house, "demo_home")
    await add_entry(house, "demo_agent")
    await furnish(house)
    say("the demo home is furnished: kitchen, living room, bedroom")
    await add_entry(house, COMPANION, {"next_step_id": "speech"}, speech.address)
    companion = {"name": "Mira", "model": AGENT}
    await add_entry(house, COMPANION, {"next_step_id": "companion"}, companion)
    path = await add_dashboard(house)
    return Home(running=running, speech=speech, path=path, folder=folder)
