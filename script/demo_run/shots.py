"""Take the chosen pictures of a fresh demo home: `python -m demo_run.shots --out DIR [NAME…]`."""

import argparse
import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
import sys
import tempfile

from .card_page import has_browser
from .home import start_home
from .past_talks import add_past
from .people import add_person
from .places import LOVELACE, DemoError


async def shots(folder: Path, out: Path, names: list[str]) -> int:
    """Start the home, let the browser take the pictures, return its exit code."""
    async with AsyncExitStack() as parts:
        home = await start_home(parts, folder, lambda text: print(text, flush=True))
        house = home.running.house
        await add_past(house)
        person = await add_person(house)
        told = {
            "url": home.running.url,
            "path": home.path,
            "admin": house.login.tokens,
            "person": person.tokens,
        }
        browser = await asyncio.create_subprocess_exec(
            *("node", "bin/shots.mjs", str(out.resolve()), *names),
            cwd=LOVELACE,
            stdin=asyncio.subprocess.PIPE,
        )
        await browser.communicate(json.dumps(told).encode())
        return browser.returncode or 0


def main() -> int:
    """Take the pictures and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots"), help="folder for the pictures")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only pictures with this in them")
    args = parser.parse_args()
    if not has_browser():
        print("error: there is no Chromium: apt install chromium", file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-shots-") as folder:
            return asyncio.run(shots(Path(folder), args.out, args.names))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
