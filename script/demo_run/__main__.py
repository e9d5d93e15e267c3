"""Start the demo: `python -m demo_run [--once --out DIR] [--record FILE.webm]`."""

import argparse
import asyncio
from contextlib import AsyncExitStack
import dataclasses
from pathlib import Path
import signal
import sys
import tempfile
import time

from .card_page import card_page, has_browser
from .home import Home, Say, start_home
from .house_client import PASSWORD, USERNAME
from .outbound import attempts, watching
from .pictures import take_pictures
from .places import DemoError
from .recorder import Recorder
from .report import Check, Findings, table
from .show.film import check_tools, has_loudspeaker, play_aloud, sound_server
from .show.page_files import PAGE_PATH
from .show.run import SHEET, play_once, play_when_asked, set_up
from .turns import TALK, speak_turn, type_turn


def main() -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="speak the turns, play the show, check and leave"
    )
    parser.add_argument(
        "--out", type=Path, help="folder for the sound, the timeline and the pictures"
    )
    parser.add_argument(
        "--record", type=Path, metavar="FILE.webm", help="film the show, with sound"
    )
    args = parser.parse_args()
    started_s = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started_s:5.1f} s] {text}", flush=True)

    if args.once and args.out is None:
        parser.error("--once needs --out DIR for what it writes")
    try:
        if args.record is not None:
            _check_film(args.record)
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-demo-") as folder:
            return asyncio.run(_run(args, Path(folder), say))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1


async def _run(args: argparse.Namespace, folder: Path, say: Say) -> int:
    """Start every part, speak the turns, play the show, and stay until Ctrl-C unless asked to leave."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as parts:
        if args.record is not None:
            await parts.enter_async_context(sound_server(folder / "pulse"))
        home = await start_home(parts, folder, say)
        _show_the_way(home)
        playing = asyncio.create_task(_play(parts, home, args, say))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((playing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        stopping.cancel()
        say("everything is being stopped")
    return await playing if not playing.cancelled() else 0


async def _play(parts: AsyncExitStack, home: Home, args: argparse.Namespace, say: Say) -> int:
    """Speak the turns and play the show, as often as somebody asks for it; return the exit code."""
    out = args.out or home.folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    recorder = await Recorder.of(home.running.house)
    alone = args.once or args.record is not None
    aloud = args.record is not None or (not alone and await has_loudspeaker())
    loudspeaker = "pulse" if aloud else "file:{}"
    speaker = loudspeaker.format(home.folder / "loudspeaker.wav")
    code = await _speak(parts, home, recorder, out, say, loudspeaker=speaker)
    room = loudspeaker.format(home.folder / "living-room.wav")
    # Chromium without a graphics card draws slowly: better few frames of the figure than a drawn face.
    quality = "low" if alone else "auto"
    show, scenes = await set_up(parts, home, recorder, room, quality)
    if alone and has_browser():
        say("the show begins: a minute and a half")
        await play_once(show, scenes, home, out, args.record)
        made = [out / SHEET, *([args.record] if args.record else [])]
        say(f"the show is over: {', '.join(map(str, made))}")
    if not alone:
        show.sound = play_aloud if aloud else None
        say(f"the show: {home.running.url}{PAGE_PATH} (S plays it); Ctrl-C ends the demo")
        await play_when_asked(show, scenes, say)
    return code or _stayed_at_home(home)


def _stayed_at_home(home: Home) -> int:
    """Say whether any program tried to leave this machine; return the exit code."""
    tried = attempts(home.folder)
    parts = ", ".join(watching(home.folder))
    check = Check(
        what="nothing leaves", ok=not tried, found="; ".join(tried) or f"watched: {parts}"
    )
    print(check, flush=True)
    return 0 if check.ok else 1


async def _speak(
    parts: AsyncExitStack, home: Home, recorder: Recorder, out: Path, say: Say, *, loudspeaker: str
) -> int:
    """Speak the two turns, check them, write what is asked for; return the exit code."""
    house = home.running.house
    async with AsyncExitStack() as browser:
        page = None
        if has_browser():
            say("the card opens in Chromium")
            page = await browser.enter_async_context(card_page(house, home.path))
        else:
            say(
                "there is no Chromium (apt install chromium): no pictures are taken, no show is played"
            )
        say("somebody says in the kitchen: hey jarvis, turn on the kitchen light")
        spoken = await speak_turn(
            parts, house, recorder, page, home.folder, loudspeaker=loudspeaker
        )
        say(f"Mira: {spoken.turn.speech}")
        say(f"somebody types: {TALK}")
        typed = await type_turn(house, recorder, page)
        say(f"Mira: {typed.speech}")
        findings = Findings(spoken=spoken, typed=typed, faces=None, log=home.running.log)
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


def _check_film(film: Path) -> None:
    """Raise DemoError where no film can be made."""
    if film.suffix != ".webm" or not film.parent.is_dir():
        raise DemoError(
            f"{film} is no place for a film: name a .webm file in a folder that is there."
        )
    if not has_browser():
        raise DemoError("There is no Chromium to film in: apt install chromium.")
    check_tools()


def _show_the_way(home: Home) -> None:
    """Print the address and the login."""
    print(
        f"\n    {home.running.url}{home.path}\n    user {USERNAME}, password {PASSWORD}\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
