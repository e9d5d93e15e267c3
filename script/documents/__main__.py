"""Try the commands of the documentation in a fresh clone with a fresh HOME: `script/docs run`."""

import argparse
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import time

from checks.parts import CACHE, SATELLITE_PYTHON

from .blocks import ROOT, Block, blocks

LIMIT_S = 1200
_KEPT = ("PATH", "LANG", "TERM", "CI")
# How this machine reaches the network is no matter of the documents.
_NETWORK = (
    *("SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"),
    *("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_CERT"),
)
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
        try:
            failed = [block for block in found if not _try(block, clone, cold=cold)]
        finally:
            # The clone has linked the satellite's environment, which both share, to itself.
            subprocess.run([ROOT / "script" / "setup"], check=False)
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
    """Return what a newcomer's shell knows, uv among it; with warm caches, where this machine keeps them."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in (*_KEPT, *_NETWORK) if name in os.environ}
    programs = (home / ".local" / "bin", CACHE / "uv" / "bin")
    kept["PATH"] = os.pathsep.join((*map(str, programs), kept.get("PATH", os.defpath)))
    # Debian 12 has an older Python than the satellite needs.
    kept["UV_PYTHON"] = SATELLITE_PYTHON
    if not cold:
        kept["XDG_CACHE_HOME"] = str(Path.home() / ".cache")
        kept |= {name: os.environ[name] for name in _CACHES if name in os.environ}
    return {**kept, "HOME": str(home)}


if __name__ == "__main__":
    sys.exit(main())
