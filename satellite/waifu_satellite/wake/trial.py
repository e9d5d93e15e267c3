"""Try a wake word model in a process of its own: a broken file may end the process that loads it.

Run as `python -m waifu_satellite.wake.trial SPEC`; what is wrong is printed as one sentence.
"""

import asyncio
import sys
from typing import Final

import numpy as np

from waifu_satellite.format import MIC_RATE_HZ

from .base import WakeError
from .engines import make_engines

PROGRAM: Final = "waifu_satellite.wake.trial"
LIMIT_S: Final = 60.0
QUIET_S: Final = 4.0
NOISE: Final = 60.0


async def async_wrong(spec: str) -> str | None:
    """Return what is wrong with the model of a spec, None where it can be used."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", PROGRAM, spec),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            said, _ = await process.communicate()
    except TimeoutError:
        return f"The model was not ready after {LIMIT_S:.0f} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return None
    return said.decode(errors="replace").strip() or "The model ends the program that loads it"


def wrong(spec: str) -> str | None:
    """Load a model and let it hear a quiet room; return what is wrong with it."""
    try:
        (engine,) = make_engines((spec,))
    except WakeError as err:
        return str(err)
    except Exception as err:  # noqa: BLE001 - libraries of others raise what they like
        return f"The file is no wake word model: {_first_line(err)}"
    rng = np.random.default_rng(0)
    highest = 0.0
    for _ in range(round(QUIET_S * MIC_RATE_HZ / engine.hop_samples)):
        hop = rng.normal(0.0, NOISE, engine.hop_samples).astype("<i2").tobytes()
        try:
            scores = engine.process(hop)
        except Exception as err:  # noqa: BLE001 - as above
            return f"The model can't be run: {_first_line(err)}"
        highest = max(highest, *(score.value for score in scores))
    if highest >= engine.words[0].threshold:
        return "The model wakes although nobody speaks"
    return None


def _first_line(err: Exception) -> str:
    """Return an error's message, as far as it is one sentence."""
    return (str(err).strip().splitlines() or [type(err).__name__])[0][:200]


def main() -> None:
    """Print what is wrong, and leave with 1 where something is."""
    found = wrong(sys.argv[1])
    if found is not None:
        sys.stdout.write(f"{found}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
