"""What a machine may lack, libraries, programs, files and devices, gets one sentence with the way."""

import ctypes.util
from importlib.util import find_spec
from pathlib import Path
import sys

import numpy as np
import pytest

from waifu_satellite import config
from waifu_satellite.audio.base import AudioError
from waifu_satellite.audio.devices import open_microphone, open_speaker
from waifu_satellite.clock import LoopClock
from waifu_satellite.config import Config
from waifu_satellite.echo import speex
from waifu_satellite.echo.speex import NoEchoLibraryError, SpeexCanceller
from waifu_satellite.format import FRAME_BYTES
from waifu_satellite.run import running
from waifu_satellite.wake import models
from waifu_satellite.wake.base import WakeError
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.keyword import Keyword, make_stop_engine
from waifu_satellite.wake.microwakeword import MicroWakeWords, built_in_words

SILENT = bytes(10 * FRAME_BYTES)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let libraries of the extras be missing."""
    for name in ("pocketsphinx", "pymicro_wakeword", "sounddevice"):
        monkeypatch.setitem(sys.modules, name, None)
    return monkeypatch


async def test_libraries_of_extras_are_named(without: pytest.MonkeyPatch) -> None:
    """The extra that brings a library is said."""
    with pytest.raises(WakeError, match=r"install waifu-satellite\[commands\]"):
        Keyword("stop")
    with pytest.raises(WakeError, match=r"install waifu-satellite\[small\]"):
        MicroWakeWords(["okay_nabu"])
    assert built_in_words() == {}
    for opening in (
        lambda: open_microphone("sounddevice", LoopClock()),
        lambda: open_speaker("sounddevice", LoopClock(), 22_050),
    ):
        with pytest.raises(AudioError, match=r"install waifu-satellite\[room\]"):
            opening()


def test_small_machine_listens_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only microWakeWord is installed it is the usual one; openWakeWord is told as missing."""
    assert Config().wake == ("openwakeword:hey_jarvis",)
    found = {"pymicro_wakeword": True, "onnxruntime": False}
    monkeypatch.setattr(config, "find_spec", lambda name: found[name] or None)
    assert Config().wake == ("microwakeword:hey_jarvis",)
    assert make_engines(Config().wake)[0].words[0].phrase == "hey jarvis"
    for name in ("waifu_satellite.onnx", "waifu_satellite.wake.openwakeword"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(WakeError, match=r"install waifu-satellite\[room\]"):
        make_engines(("openwakeword:hey_jarvis",))


async def test_portaudio_itself_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel is there, the system's library is not."""
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    with pytest.raises(AudioError, match="apt install libportaudio2"):
        open_microphone("sounddevice", LoopClock())


def test_models_of_openwakeword(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version carries other files; without the wheel there are none."""
    with pytest.raises(WakeError, match=r"carries no parrot\.onnx; version 0\.4\.0 does"):
        models.bundled_model("parrot.onnx")
    monkeypatch.setattr(models, "find_spec", lambda _name: None)
    with pytest.raises(WakeError, match=r"install waifu-satellite\[room\]"):
        models.bundled_model("hey_jarvis_v0.1.onnx")


def test_stop_words() -> None:
    """A phrase of unknown words is refused; what hears everything skips nothing; a model serves too."""
    with pytest.raises(WakeError, match="does not know xqzt, of stop xqzt"):
        Keyword("stop xqzt")
    assert not Keyword("Stop").skip(SILENT)
    assert [word.name for word in make_stop_engine("openwakeword:alexa").words] == ["alexa"]


def test_microwakeword_begins_anew(tmp_path: Path) -> None:
    """It hears silence, forgets it, and says which description it can't use."""
    engine = MicroWakeWords(["okay_nabu"])
    hop = bytes(engine.hop_samples * 2)
    assert not engine.skip(hop)
    first = [engine.process(hop)[0].value for _ in range(30)]
    engine.reset()
    assert [engine.process(hop)[0].value for _ in range(30)] == first
    (tmp_path / "mine.json").write_text("{}")
    with pytest.raises(WakeError, match=r"mine\.json describes no model of microWakeWord"):
        MicroWakeWords([str(tmp_path / "mine.tflite")])


def test_echo_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Debian's, and the satellite does without."""
    monkeypatch.setattr(speex, "LIBRARY", "libnowhere.so.1")
    with pytest.raises(NoEchoLibraryError, match="libspeexdsp is not installed"):
        SpeexCanceller()


@pytest.mark.parametrize(
    "config",
    [
        Config(wake=("microwakeword:okay_nabu",), echo="off"),
        Config(wake=("none",), stop_word="openwakeword:alexa", announce=True),
        Config(wake=("none",), name="without"),
    ],
    ids=["small", "stop word", "little is installed"],
)
async def test_satellite_runs_with_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: Config
) -> None:
    """Neither a network for end of speech nor echo cancelling nor an announcement is needed."""
    if config.name == "without":
        monkeypatch.setattr(speex, "LIBRARY", "libnowhere.so.1")
        monkeypatch.setattr(models, "find_spec", lambda _name: None)
    given = {"mic": "null", "speaker": "null", "uri": "tcp://127.0.0.1:0"}
    config = Config(**{**_fields(config), **given})
    async with running(config, state_dir=tmp_path) as alive:
        assert alive.server.port > 0
        assert alive.key is not None
        assert alive.satellite.state.value == "offline"


def _fields(config: Config) -> dict[str, object]:
    """Return the settings of a configuration."""
    fields = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return {"announce": False, **{k: v for k, v in fields.items() if v != getattr(Config(), k)}}


@pytest.mark.skipif(find_spec("sounddevice") is None, reason="sounddevice is not installed")
async def test_devices_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that nothing has."""
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    with pytest.raises(AudioError, match="The microphone can't be opened"):
        await open_microphone("sounddevice:9999", LoopClock()).run(lambda _pcm, _at_ms: None)
    with pytest.raises(AudioError, match="The sound device can't be opened"):
        await open_speaker("sounddevice:9999", LoopClock(), 22_050).play(Tone())


class Tone:
    """A sound of a second."""

    def __init__(self) -> None:
        self._left = 22_050

    def pull(self, samples: int, at_ms: float | None) -> bytes:
        """Return the next samples."""
        count = min(samples, self._left)
        self._left -= count
        return np.full(count, 9000, dtype="<i2").tobytes()
