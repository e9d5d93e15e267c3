"""Walk a new user's way in a real browser: `script/first-steps [OUT] [--docs]`.

A fresh Home Assistant that has a conversation agent already; the integration is added in its own
pages, that agent is picked, the character is met on her own page and talked to in Assist. No YAML, no
restart. Pictures of every step go to OUT; the exit code is 0 when the character answered.
With --docs those of docs/first-ten-minutes.md are put there as well.
"""

import argparse
import asyncio
from asyncio.subprocess import PIPE
import json
from pathlib import Path
import sys
import tempfile

from .card_page import has_browser
from .entries import add_entry
from .house_program import home_assistant
from .places import LOVELACE, ROOT, DemoError

AGENT = "Demo agent"
QUESTION = "What do you think about clouds?"
TIMEOUT_S = 400
SHOWN = ROOT / "docs" / "images" / "first"
IN_DOCS = ("fill-in-the-form", "meet-her", "turn-on-a-light", "look-behind-it", "check", "ask")
QUALITY = 85


async def walk(folder: Path, out: Path) -> str:
    """Return what the character said at the end of the way."""
    async with home_assistant(folder, wanted_port=None) as running:
        await add_entry(running.house, "demo_home")
        await add_entry(running.house, "demo_agent")
        request = {
            "url": running.url,
            "tokens": running.house.login.tokens,
            "agent": AGENT,
            "name": "Mira",
            "question": QUESTION,
            "out": str(out),
        }
        process = await asyncio.create_subprocess_exec(
            "node", "bin/first-steps.mjs", cwd=LOVELACE, stdin=PIPE, stdout=PIPE
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                told, _ = await process.communicate(json.dumps(request).encode() + b"\n")
        finally:
            if process.returncode is None:
                process.kill()
        lines = told.decode().strip().splitlines()
        result = json.loads(lines[-1]) if lines else {"error": "the browser ended"}
        if "error" in result:
            raise DemoError(f"The new user {result['error']}.")
        return str(result["answer"])


def show(out: Path) -> None:
    """Put the pictures that the documents show into their folder, small enough for a page."""
    # Home Assistant's own environment has it; the walk does without.
    from PIL import Image  # noqa: PLC0415 - see above

    SHOWN.mkdir(parents=True, exist_ok=True)
    for name in IN_DOCS:
        (picture,) = out.glob(f"[0-9][0-9]-{name}.png")
        with Image.open(picture) as image:
            image.convert("RGB").save(SHOWN / f"{name}.webp", quality=QUALITY, method=6)


def main(words: list[str]) -> int:
    """Walk, and tell how it went."""
    if not has_browser():
        print("error: there is no Chromium (apt install chromium)", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="script/first-steps", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("first-steps"))
    parser.add_argument("--docs", action="store_true", help="renew the pictures of the documents")
    args = parser.parse_args(words)
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for earlier in out.glob("[0-9][0-9]-*.png"):
        earlier.unlink()
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-steps-") as folder:
            answer = asyncio.run(walk(Path(folder), out))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    print(f"Mira: {answer}\npictures: {out}")
    if args.docs:
        show(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
