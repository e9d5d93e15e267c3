"""Try the commands of the documentation in a fresh clone with a fresh HOME: `script/docs run`."""

import argparse
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import time

from .blocks import ROOT, Block, blocks

LIMIT_S = 1200
_KEPT = ("PATH", "LANG", "TERM", "CI")
_CACHES = ("XDG_CACHE_HOME", "UV_CACHE_DIR", "npm_config_cache")


def main() -> int:
    """Run each block, say how it went, and print the share that was run."""
    parser = argparse.ArgumentParser(prog="script/docs run", description=__doc__)
    parser.add_argument("--cold", action="store_true", help="with empty caches: takes minutes")
    cold = parser.parse_args().cold
    found = list(blocks())
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "repository")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        failed = [block for block in found if not _try(block, clone, cold=cold)]
    tried = sum(block.reason is None for block in found)
    print(f"{tried} of {len(found)} blocks run ({tried / len(found):.0%}), {len(failed)} failed")
    return 1 if failed else 0


def _try(block: Block, clone: Path, *, cold: bool) -> bool:
    """Run one block and return whether it worked; one with a reason is left alone."""
    if block.reason is not None:
        print(f"not run  {block.place}: {block.reason}")
        return True
    begin = time.monotonic()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.commands],
        cwd=clone,
        env=_environment(clone, cold=cold),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    word = "failed " if done.returncode else "run    "
    print(f"{word}  {block.place} ({time.monotonic() - begin:.1f} s)")
    if done.returncode:
        print(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 0


def _environment(clone: Path, *, cold: bool) -> dict[str, str]:
    """Return what a newcomer's shell knows; with warm caches, where this machine keeps them."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if not cold:
        kept["XDG_CACHE_HOME"] = str(Path.home() / ".cache")
        kept |= {name: os.environ[name] for name in _CACHES if name in os.environ}
    return {**kept, "HOME": str(home)}


if __name__ == "__main__":
    sys.exit(main())
