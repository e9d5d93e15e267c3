"""ALSA's and PulseAudio's programs, played by scripts: what they say when they fail is passed on."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from waifu_satellite.audio import process
from waifu_satellite.audio.base import AudioError
from waifu_satellite.audio.devices import open_microphone, open_speaker
from waifu_satellite.clock import LoopClock

RATE_HZ = 22_050


class Tone:
    """A sound of some length."""

    def __init__(self, seconds: float) -> None:
        self._left = round(seconds * RATE_HZ)

    def pull(self, samples: int, at_ms: float | None) -> bytes:
        """Return the next samples."""
        count = min(samples, self._left)
        self._left -= count
        return np.full(count, 9000, dtype="<i2").tobytes()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder in which programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    """Write a program."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    path.chmod(0o755)


def ignore(_pcm: bytes, _at_ms: float) -> None:
    """Take a frame."""


@pytest.mark.parametrize(
    ("kind", "recorder", "player", "package"),
    [
        ("alsa", "arecord", "aplay", "alsa-utils"),
        ("pulse", "parec", "pacat", "pulseaudio-utils"),
    ],
)
async def test_missing_programs_come_with_a_package(
    programs: Path, kind: str, recorder: str, player: str, package: str
) -> None:
    """What to install is said."""
    with pytest.raises(
        AudioError, match=f"{recorder} is not installed; try: apt install {package}"
    ):
        await open_microphone(kind, LoopClock()).run(ignore)
    with pytest.raises(AudioError, match=f"{player} is not installed; try: apt install {package}"):
        await open_speaker(kind, LoopClock(), RATE_HZ).play(Tone(0.1))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo one >&2; echo 'no such card' >&2; exit 1", "arecord ended: no such card"),
        ("exit 0", "arecord delivers no sound"),
        ("head -c 1280 /dev/zero; echo unplugged >&2", "arecord ended: unplugged"),
    ],
)
async def test_microphone_that_ends(programs: Path, script: str, said: str) -> None:
    """Its last line is the reason."""
    program(programs, "arecord", script)
    with pytest.raises(AudioError, match=said):
        await open_microphone("alsa", LoopClock()).run(ignore)


async def test_microphone_that_hangs(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is no sound: the program is ended."""
    program(programs, "parec", "exec sleep 600")
    monkeypatch.setattr(process, "DEAF_S", 0.2)
    with pytest.raises(AudioError, match="parec delivers no sound"):
        await open_microphone("pulse", LoopClock()).run(ignore)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("cat > /dev/null; echo 'device is busy' >&2; exit 1", "aplay ended: device is busy"),
        ("cat > /dev/null; exit 3", "aplay plays no sound"),
    ],
)
async def test_loudspeaker_that_fails_at_its_end(programs: Path, script: str, said: str) -> None:
    """Its exit code tells that the sound was not played."""
    program(programs, "aplay", script)
    with pytest.raises(AudioError, match=said):
        await open_speaker("alsa", LoopClock(), RATE_HZ).play(Tone(0.1))


async def test_loudspeaker_that_leaves_in_the_middle(programs: Path) -> None:
    """Who takes no more samples is asked why."""
    program(programs, "aplay", "exec 0<&-; echo unplugged >&2; exit 1")
    with pytest.raises(AudioError, match="aplay ended: unplugged"):
        async with asyncio.timeout(60):
            await open_speaker("alsa", LoopClock(), RATE_HZ).play(Tone(600))


async def test_a_meter_that_shows_nothing_yet(programs: Path) -> None:
    """`pacat --verbose` counts from 0.000 while nothing sounds; the sound ends all the same."""
    program(
        programs,
        "pacat",
        "echo 'Time: 0.000 sec; Latency: 0 usec.' >&2; cat > /dev/null\n"
        "echo 'Time: 0.100 sec; Latency: 900 usec.' >&2",
    )
    await open_speaker("pulse", LoopClock(), RATE_HZ).play(Tone(0.1))
