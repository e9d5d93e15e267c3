"""`waifu-speech doctor`: what works is green, what is missing amber with the way, what is broken red."""

import os
from pathlib import Path
import subprocess
import sys

from speech_server import PACKAGES
from toy_piper import make_voice


def examine(models: Path) -> tuple[int, list[str]]:
    """Return exit code and report."""
    done = subprocess.run(
        [sys.executable, "-m", "waifu_speech", "doctor", "--models", str(models)],
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # A stack of ours; where tests are measured, a worker that is ended while it notes has another.
    assert f'File "{PACKAGES}' not in done.stderr
    return done.returncode, done.stdout.splitlines()


def test_house_without_a_download_is_well(tmp_path: Path) -> None:
    """Every voice of the small engines speaks, commands are understood, the rest is a hint."""
    code, lines = examine(tmp_path)
    assert not [line for line in lines if line.startswith("FAIL")]
    assert code == 0
    assert any(line.startswith("ok    espeak: 1") for line in lines)
    assert "ok    pocketsphinx:en-us: understands flite:slt" in lines
    assert any(
        line.startswith("WARN  faster-whisper:") and "--download faster-whisper:base" in line
        for line in lines
    )


def test_each_model_is_tried(models: Path) -> None:
    """A voice that does not tell its times is amber; a model that does not hear a voice is red."""
    code, lines = examine(models)
    assert code == 1
    assert "ok    piper:en_US-toy-medium: speaks, with the times of its sounds" in lines
    assert any("WARN  piper:en_GB-mute-low: speaks, but" in line for line in lines)
    # The toy hears tones alone.
    assert any(
        line.startswith("FAIL  faster-whisper:toy: hears") and "turn on the lights" in line
        for line in lines
    )


def test_damaged_voices_are_red_with_the_way(tmp_path: Path) -> None:
    """Neither a voice whose description nor one whose network is damaged stays unnoticed."""
    described = make_voice(tmp_path / "en_US-described-low.onnx")
    Path(f"{described}.json").write_text("{")
    make_voice(tmp_path / "en_US-network-low.onnx").write_bytes(b"\x08\x09 broken")
    code, lines = examine(tmp_path)
    assert code == 1
    failed = [line for line in lines if line.startswith("FAIL")]
    assert any("en_US-described-low.onnx: is damaged" in line for line in failed)
    assert any("piper:en_US-network-low: The Piper voice" in line for line in failed)
