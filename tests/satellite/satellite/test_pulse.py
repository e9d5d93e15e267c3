"""The real audio path: PulseAudio carries the phrase in and the reply out, without a sound card."""

from collections.abc import Callable
from pathlib import Path
import shutil

from pulse_room import spoken_turn
import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("pulseaudio") is None or shutil.which("parec") is None,
    reason="pulseaudio is not installed; try: apt install pulseaudio pulseaudio-utils",
)


@pytest.mark.parametrize("back_end", ["pulse", "sounddevice"])
async def test_spoken_turn_over_pulseaudio(
    tmp_path: Path, spoken: Callable[..., Path], back_end: str
) -> None:
    """Woken through the sound server, heard through the sound server, reported as it was heard.

    How exactly is measured by `script/bench satellite --only playback`, at most 30 ms.
    """
    wav = spoken("hey jarvis, turn on the kitchen light")
    turn = await spoken_turn(tmp_path, wav, back_end)
    # Where it wakes at the latest: the first look above it counts.
    assert turn.told("wake")["score"] >= 0.45
    assert turn.told("playback-stopped")["audio_ms"] == 1500
    # A busy machine stretches sound and recording; the benchmark is strict.
    assert turn.loud_ms() == pytest.approx(1500, abs=200)
    assert turn.errors_ms() == pytest.approx([0.0] * len(turn.errors_ms()), abs=250)
