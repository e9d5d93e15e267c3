"""Sheet and film: made of pictures and sound that are made here."""

import asyncio
import json
from pathlib import Path
import shutil
import wave

from demo_run.places import DemoError
from demo_run.show.film import RATE_HZ, Tape, make_film
from demo_run.show.sheet import make_sheet
import numpy as np
from PIL import Image
import pytest


def _frame(path: Path, colour: str) -> Path:
    """Write a picture of one colour."""
    Image.new("RGB", (1280, 720), colour).save(path)
    return path


def test_sheet_shows_every_frame(tmp_path: Path) -> None:
    """Twelve frames stand in four rows, with a little paper between them."""
    frames = [_frame(tmp_path / f"{number}.png", "teal") for number in range(12)]
    make_sheet(frames, tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.height / sheet.width == pytest.approx(4 * 720 / (3 * 1280), abs=0.01)
        pixels = np.asarray(sheet.convert("RGB"), dtype=int)
        teal = (abs(pixels - (0, 128, 128)) < 12).all(axis=2)
        assert 0.9 < float(teal.mean()) < 1


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
async def test_film_has_picture_and_sound_at_their_times(tmp_path: Path) -> None:
    """A tone that began with the red frame begins with it in the film, whenever the tape began."""
    frames = [
        (str(_frame(tmp_path / "a.jpg", "black")), 100.0),
        (str(_frame(tmp_path / "b.jpg", "red")), 101.0),
        (str(_frame(tmp_path / "c.jpg", "red")), 102.0),
    ]
    tape = Tape(tmp_path / "tape.raw")
    tape.began_s = 99.5
    silence = np.zeros((round(1.5 * RATE_HZ), 2), dtype="<i2")
    time_s = np.arange(RATE_HZ) / RATE_HZ
    tone = np.repeat((np.sin(2 * np.pi * 440 * time_s) * 8000).astype("<i2")[:, None], 2, axis=1)
    tape.path.write_bytes(silence.tobytes() + tone.tobytes())
    film = tmp_path / "film.webm"
    await make_film(frames, tape, film)
    heard = tmp_path / "heard.wav"
    await _run("ffmpeg", "-loglevel", "error", "-i", str(film), "-ac", "1", str(heard))
    with wave.open(str(heard)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        onset_s = float(np.flatnonzero(np.abs(samples) > 2000)[0]) / file.getframerate()
    assert onset_s == pytest.approx(1.0, abs=0.06)
    told = await _run(
        *("ffprobe", "-v", "error", "-show_entries", "stream=codec_type,width", "-of", "json"),
        str(film),
    )
    kinds = {stream["codec_type"] for stream in json.loads(told)["streams"]}
    assert kinds == {"video", "audio"}


async def test_film_without_a_frame_is_refused(tmp_path: Path) -> None:
    """Nothing is written where Chromium gave nothing."""
    with pytest.raises(DemoError, match="no frame"):
        await make_film([], Tape(tmp_path / "tape.raw"), tmp_path / "film.webm")


async def _run(*command: str) -> bytes:
    """Run a program to its end and return what it printed."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out
