"""`waifu-satellite doctor`, `setup` and `wake-test mic` with a sound server, and where something is wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import replace
import os
from pathlib import Path
import shutil
import signal

import numpy as np
from pulse_room import pulseaudio
import pytest

from waifu_satellite import doctor, wake_test
from waifu_satellite.audio.wav import write_wav
from waifu_satellite.config import Config, ConfigError
from waifu_satellite.doctor import Finding, examine
from waifu_satellite.echo import speex
from waifu_satellite.setup import make_plan, with_found_devices
from waifu_satellite.wake.base import WakeError
from waifu_satellite.wake_test import try_live

CONFIG = Config(uri="tcp://127.0.0.1:0", mic="null", speaker="null", wake=("none",))

with_sound = pytest.mark.skipif(
    shutil.which("pulseaudio") is None or shutil.which("parec") is None,
    reason="pulseaudio is not installed; try: apt install pulseaudio pulseaudio-utils",
)


async def found(config: Config, folder: Path) -> dict[str, Finding]:
    """Return the findings by their subject."""
    findings = await examine(config, {}, folder)
    return {finding.subject: finding for finding in findings}


@contextlib.asynccontextmanager
async def sounding(wav: Path, environment: dict[str, str]) -> AsyncIterator[None]:
    """Have a sound in front of the microphone, again and again."""

    async def play() -> None:
        while True:
            player = await asyncio.create_subprocess_exec(
                "paplay", "--device=micbus", str(wav), env=environment
            )
            try:
                await player.wait()
            finally:
                if player.returncode is None:
                    player.kill()
                    await player.wait()

    playing = asyncio.create_task(play())
    try:
        yield
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


@pytest.fixture
async def sound_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[dict[str, str]]:
    """Run a sound server that is this program's own."""
    async with pulseaudio(tmp_path) as environment:
        monkeypatch.setenv("PULSE_SERVER", environment["PULSE_SERVER"])
        yield environment


@with_sound
async def test_microphone_is_listened_to(tmp_path: Path, sound_server: dict[str, str]) -> None:
    """Silence, a room and an overdriven microphone are told apart; the loudspeaker takes a sound."""
    config = replace(CONFIG, mic="pulse:mic", speaker="pulse:spk")
    findings = await found(config, tmp_path)
    assert "delivers only silence" in findings["microphone"].said
    assert findings["loudspeaker"].said == "took a short sound: did you hear it?"
    rng = np.random.default_rng(1)
    for level, said in ((300, "delivers, level"), (30_000, "is overdriven")):
        noise = rng.normal(0, level, 16_000 * 20).clip(-32_000, 32_000).astype("<i2")
        write_wav(tmp_path / "noise.wav", noise.tobytes(), 16_000)
        async with sounding(tmp_path / "noise.wav", sound_server):
            await asyncio.sleep(1)
            finding = (await found(config, tmp_path))["microphone"]
        assert said in finding.said
        assert finding.well == (level == 300)


@with_sound
async def test_wake_test_of_the_microphone(
    spoken: Callable[..., Path],
    sound_server: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Level and score of each second, and the word when it is said."""
    config = replace(CONFIG, mic="pulse:mic", wake=Config().wake)
    said = ""
    async with sounding(spoken("hey jarvis, good morning", "en-gb", 135), sound_server):
        trying = asyncio.create_task(try_live(config))
        async with asyncio.timeout(60):
            while "heard hey jarvis" not in said or " dB   hey_jarvis" not in said:
                await asyncio.sleep(0.1)
                assert not trying.done()
                said += capsys.readouterr().out
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)


@with_sound
async def test_wake_test_ends_by_itself(
    sound_server: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to stop it."""
    monkeypatch.setattr(wake_test, "LIVE_S", 0.5)
    await try_live(replace(CONFIG, mic="pulse:mic", wake=Config().wake))


@with_sound
@pytest.mark.usefixtures("sound_server")
def test_setup_finds_what_the_sound_server_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first back end that works is written, unless something else was named."""
    config, lines = with_found_devices(Config())
    assert config.mic == config.speaker == lines[0].partition(":")[0]
    assert any(line.startswith("pulse: ") and "micbus.monitor" in line for line in lines)
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    named, _ = with_found_devices(Config(mic="null", speaker="null"))
    assert (named.mic, named.speaker) == ("null", "null")


@pytest.mark.parametrize(
    ("wake", "sentence"),
    [
        (("none",), "The configuration has no wake word"),
        (("wyoming:127.0.0.1:10400:alexa",), "is tried where its service runs"),
    ],
)
async def test_wake_test_without_a_word(wake: tuple[str, ...], sentence: str) -> None:
    """What can't be tried is said."""
    with pytest.raises(WakeError, match=sentence):
        await try_live(replace(CONFIG, wake=wake))


async def test_wake_test_of_a_file_microphone() -> None:
    """It would be silent for ever."""
    with pytest.raises(WakeError, match="give the file instead"):
        await try_live(replace(CONFIG, wake=Config().wake))


async def test_what_needs_no_device_is_said(tmp_path: Path) -> None:
    """And what is left out by choice."""
    findings = await found(replace(CONFIG, speaker="file:x.wav", echo="off"), tmp_path)
    assert all(finding.well for finding in findings.values())
    assert findings["wake word"].said == "none: button and follow-up only"
    assert findings["loudspeaker"].said == "file:x.wav needs no device"
    assert "by choice" in findings["echo"].said


async def test_doctor_without_the_echo_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is named."""
    monkeypatch.setattr(speex, "LIBRARY", "libnowhere.so.1")
    finding = (await found(CONFIG, tmp_path))["echo"]
    assert not finding.well
    assert "libspeexdsp is not installed" in finding.said


async def test_device_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver may hang for ever; the doctor does not."""
    monkeypatch.setattr(doctor, "OPEN_TIMEOUT_S", -doctor.RECORD_S)
    finding = (await found(CONFIG, tmp_path))["port"]
    assert (finding.well, finding.said) == (False, "does not answer")


def test_setup_where_nothing_can_be_written(tmp_path: Path) -> None:
    """The file that can't be made is named."""
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "config.toml"
    with pytest.raises(ConfigError, match=r"config\.toml can't be written: "):
        make_plan(Config(), {"HOME": str(tmp_path)}, path).write()


async def test_doctor_outlives_a_library_that_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that ends its process is a finding; the rest is looked at all the same."""

    def crash(_specs: tuple[str, ...]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(doctor, "make_engines", crash)
    config = replace(CONFIG, speaker="file:x.wav", wake=("openwakeword:hey_jarvis",))
    findings = await found(config, tmp_path)
    assert not findings["wake word"].well
    assert "crashes" in findings["wake word"].said
    assert findings["loudspeaker"].well
