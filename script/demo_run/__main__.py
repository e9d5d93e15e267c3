"""Start the demo: `python -m demo_run [--once --out DIR]`."""

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
import signal
import sys
import tempfile
import time

from .dashboard import add_dashboard
from .entries import add_entry
from .house_client import PASSWORD, USERNAME
from .house_program import RunningHouse, home_assistant
from .key import new_key
from .places import DemoError
from .rooms import furnish
from .speech_program import speech_server

AGENT = "conversation.demo_agent"
COMPANION = "waifu_rt3d"


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

    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-demo-") as folder:
            asyncio.run(_run(args, Path(folder), say))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    return 0


async def _run(args: argparse.Namespace, folder: Path, say: Callable[[str], None]) -> None:
    """Start every part, show the way in, and stay until Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as parts:
        say("speech server and Home Assistant start")
        speech, running = await asyncio.gather(
            parts.enter_async_context(speech_server(folder, new_key())),
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
        path = await add_dashboard(house)
        _show_the_way(running, path)
        if not args.once:
            await stop.wait()
        say("everything is being stopped")


def _show_the_way(running: RunningHouse, path: str) -> None:
    """Print the address and the login."""
    print(f"\n    {running.url}{path}\n    user {USERNAME}, password {PASSWORD}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
