"""Start the demo: `python -m demo_run [--once --out DIR]`."""

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
import dataclasses
from pathlib import Path
import signal
import sys
import tempfile
import time

from .card_page import card_page, has_browser
from .dashboard import add_dashboard
from .entries import add_entry
from .house_client import PASSWORD, USERNAME
from .house_program import RunningHouse, home_assistant
from .key import new_key
from .pictures import take_pictures
from .places import DemoError
from .recorder import Recorder
from .report import Findings, table
from .rooms import furnish
from .speech_program import speech_server
from .turns import TALK, speak_turn, type_turn

AGENT = "conversation.demo_agent"
COMPANION = "waifu_rt3d"

type Say = Callable[[str], None]


def main() -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="speak the turns, check them and leave")
    parser.add_argument(
        "--out", type=Path, help="folder for the sound, the timeline and the pictures"
    )
    args = parser.parse_args()
    started_s = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started_s:5.1f} s] {text}", flush=True)

    if args.once and args.out is None:
        parser.error("--once needs --out DIR for what it writes")
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-demo-") as folder:
            return asyncio.run(_run(args, Path(folder), say))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1


async def _run(args: argparse.Namespace, folder: Path, say: Say) -> int:
    """Start every part, speak the turns, and stay until Ctrl-C unless asked to leave."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as parts:
        running, path = await start_home(parts, folder, say)
        _show_the_way(running, path)
        turns = asyncio.create_task(_speak(parts, running, path, args.out or folder / "out", say))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((turns, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not turns.done():
            turns.cancel()
            await asyncio.gather(turns, return_exceptions=True)
        elif turns.exception() is None and not args.once:
            say("talk to her on the page; Ctrl-C ends the demo")
            await stopping
        stopping.cancel()
        say("everything is being stopped")
    return await turns if not turns.cancelled() else 0


async def start_home(
    parts: AsyncExitStack, folder: Path, say: Say, *, voice: str | None = None
) -> tuple[RunningHouse, str]:
    """Start speech server and Home Assistant, furnish the home, add the companion."""
    say("speech server and Home Assistant start")
    speech, running = await asyncio.gather(
        parts.enter_async_context(speech_server(folder, new_key(), voice)),
        parts.enter_async_context(home_assistant(folder)),
    )
    house = running.house
    await add_entry(house, "demo_home")
    await add_entry(house, "demo_agent")
    await furnish(house)
    say("the demo home is furnished: kitchen, living room, bedroom")
    await add_entry(house, COMPANION, {"next_step_id": "speech"}, speech.address)
    companion = {"name": "Mira", "model": AGENT}
    await add_entry(house, COMPANION, {"next_step_id": "companion"}, companion)
    return running, await add_dashboard(house)


async def _speak(
    parts: AsyncExitStack,
    running: RunningHouse,
    path: str,
    out: Path,
    say: Say,
) -> int:
    """Speak the two turns, check them, write what is asked for; return the exit code."""
    house = running.house
    out.mkdir(parents=True, exist_ok=True)
    recorder = await Recorder.of(house)
    async with AsyncExitStack() as browser:
        page = None
        if has_browser():
            say("the card opens in Chromium")
            page = await browser.enter_async_context(card_page(house, path))
        else:
            say("there is no Chromium (apt install chromium): no pictures are taken")
        say("somebody says in the kitchen: hey jarvis, turn on the kitchen light")
        spoken = await speak_turn(parts, house, recorder, page, running.log.parent.parent)
        say(f"Mira: {spoken.turn.speech}")
        say(f"somebody types: {TALK}")
        typed = await type_turn(house, recorder, page)
        say(f"Mira: {typed.speech}")
        findings = Findings(spoken=spoken, typed=typed, faces=None, log=running.log)
        findings.write(out)
        if page is not None:
            await page.picture(out / "dashboard.png")
            timelines = [out / "timeline.json", out / "talk-timeline.json"]
            documents = [spoken.turn.timeline, typed.timeline]
            faces = await take_pictures(page, timelines, documents, out)
            findings = dataclasses.replace(findings, faces=faces)
            findings.write(out)
    checks = findings.checks()
    print(f"\n{table(findings.stages())}\n", *checks, "", sep="\n", flush=True)
    return 0 if all(check.ok for check in checks) else 1


def _show_the_way(running: RunningHouse, path: str) -> None:
    """Print the address and the login."""
    print(f"\n    {running.url}{path}\n    user {USERNAME}, password {PASSWORD}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
