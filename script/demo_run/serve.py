"""Keep a demo home running for a test: `python -m demo_run.serve`.

One JSON line on standard output tells where it is and who may log in; the end of standard input
ends it.
"""

import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
import sys
import tempfile
from typing import Any

from .home import start_home
from .past_talks import add_past
from .people import add_person
from .places import DemoError


async def serve(folder: Path) -> None:
    """Run the home until nobody needs it."""
    async with AsyncExitStack() as parts:
        home = await start_home(parts, folder, _tell)
        running = home.running
        await add_past(running.house)
        person = await add_person(running.house)
        told: dict[str, Any] = {
            "url": running.url,
            "path": home.path,
            "log": str(running.log),
            "admin": running.house.login.tokens,
            "person": person.tokens,
        }
        print(json.dumps(told), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _tell(text: str) -> None:
    """Say on the error output what is going on."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Serve and return the exit code."""
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-serve-") as folder:
            asyncio.run(serve(Path(folder)))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
