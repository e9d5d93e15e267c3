"""Try the commands of the documentation in a fresh clone with a fresh HOME: `script/docs run`."""

import argparse
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile
import threading
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
            failed = [block for block in found if not try_block(block, clone, cold=cold)]
        finally:
            # The clone has linked the satellite's environment, which both share, to itself.
            subprocess.run([ROOT / "script" / "setup"], check=False)
    tried = sum(block.reason is None for block in found)
    print(f"{tried} of {len(found)} blocks run ({tried / len(found):.0%}), {len(failed)} failed")
    return 1 if failed else 0


def try_block(block: Block, clone: Path, *, cold: bool) -> bool:
    """Run one block and return whether it worked; one with a reason is left alone."""
    if block.reason is not None:
        print(f"not run  {block.place}: {block.reason}")
        return True
    begin = time.monotonic()
    with (
        _stand_in(block) as stand_in,
        subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", block.commands],
            cwd=clone,
            env=_environment(clone, cold=cold) | stand_in,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as running,
    ):
        limit = threading.Timer(LIMIT_S, os.killpg, (running.pid, signal.SIGKILL))
        limit.start()
        try:
            said, well = _listen(running, block.last_words)
        finally:
            limit.cancel()
            limit.join()
    how = f", with a stand-in: {block.stand_in}" if block.stand_in else ""
    took_s = time.monotonic() - begin
    print(f"{'run    ' if well else 'failed '}  {block.place} ({took_s:.1f} s{how})")
    if not well:
        print(said[-4000:])
    return well


def _stand_in(block: Block) -> AbstractContextManager[dict[str, str]]:
    """Run what stands in for the internet, if a block wants it; it gives variables for the shell."""
    nothing: dict[str, str] = {}
    return _hub() if block.stand_in else nullcontext(nothing)


@contextmanager
def _hub() -> Iterator[dict[str, str]]:
    """Serve models in place of Hugging Face; yield what tells the programs where."""
    with subprocess.Popen(
        [SATELLITE_PYTHON, str(ROOT / "tests" / "satellite" / "speech" / "toy_hub_program.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        try:
            yield {"HF_ENDPOINT": running.stdout.readline().strip()}
        finally:
            running.stdin.close()


def _listen(running: subprocess.Popen[str], last_words: str | None) -> tuple[str, bool]:
    """Return what a block said and whether it ended well; press Ctrl-C at its last words."""
    assert running.stdout is not None
    said, pressed = "", False
    for line in running.stdout:
        said += line
        if last_words is not None and not pressed and last_words in line:
            os.killpg(running.pid, signal.SIGINT)
            pressed = True
    code = running.wait()
    if pressed:
        # A shell that is interrupted says so, whatever its program returned.
        return said, code in (0, 128 + signal.SIGINT, -signal.SIGINT)
    return said, code == 0 and last_words is None


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
