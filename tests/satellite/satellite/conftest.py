"""What the satellite's tests share: scenes in virtual time, and spoken WAVs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any

from hypothesis import settings
import numpy as np
import pytest

from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.preferences import Settings

# Test folders are no packages; the room is shared by several files of this one.
sys.path.insert(0, str(Path(__file__).parent))
from satellite_room import Scene, play_in_room
from virtual_time import VirtualLoop

# A busy machine is slow now and then; that is no failure of a property.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def play_scene(tmp_path: Path) -> Callable[..., None]:
    """Return what plays a scene in a room, in virtual time, and checks that no task is left."""

    def play(scene: Scene, *, connect: bool = True, **chosen: Any) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(play_in_room(scene, tmp_path / "played.wav", connect, Settings(**chosen)))

    return play


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what speaks a text with espeak-ng into a WAV file, always the same."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    folder = tmp_path_factory.mktemp("spoken")

    def speak(text: str, voice_name: str = "en-us", speed: int = 150) -> Path:
        path = folder / f"{abs(hash((text, voice_name, speed)))}.wav"
        subprocess.run(
            ["espeak-ng", "-v", voice_name, "-s", str(speed), "-w", str(path), text], check=True
        )
        return path

    return speak


@pytest.fixture(scope="session")
def phrase(spoken: Callable[..., Path]) -> bytes:
    """Return "hey jarvis" without silence around it, for a microphone."""
    return trimmed(read_for_microphone(spoken("hey jarvis", "en-gb", 135)))


def trimmed(pcm: bytes) -> bytes:
    """Return a sound without the silence before and after it."""
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.nonzero(np.abs(samples) > 0.005 * 32768)[0]
    return samples[loud[0] : loud[-1] + 1].tobytes()


@pytest.fixture(scope="session")
def ramp() -> bytes:
    """Return 3 s in which each 10 ms has a number of its own: what is lost shows."""
    values = 3000 + 8 * np.arange(300)
    samples = np.repeat(values, MIC_RATE_HZ // 100).astype("<i2")
    samples[1::2] *= -1
    return samples.tobytes()
