"""What the doctor of the speech server says of voices and recognisers that do not do their work."""

from array import array
from collections.abc import AsyncIterator
import contextlib
from dataclasses import replace
import os
from pathlib import Path
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from speech_server import PACKAGES
from wyoming.event import Event

from waifu_speech import doctor
from waifu_speech.doctor import Finding, Light, examine
from waifu_speech.engines import load_engines
from waifu_speech.errors import EngineMissingError, NotAlignedError
from waifu_speech.marks import Mark, Source, Spoken
from waifu_speech.recognisers import SPHINX, Recogniser
from waifu_speech.settings import read_settings
from waifu_speech.stt.jobs import PocketsphinxJobs
from waifu_speech.voices import Voice

LOUD = array("h", [9000, -9000] * 8000).tobytes()
SOUND = Mark(phoneme="a", start_ms=0, end_ms=900, char=0)
WELL = Spoken(rate_hz=16_000, pcm=LOUD, marks=(SOUND,), source=Source.EXACT)
VOICE = Voice(
    engine="piper",
    name="x",
    language="en-US",
    description="",
    rate_hz=16_000,
    path=Path("/x.onnx"),
    speakers=(),
)
GERMAN = Recogniser(
    engine="faster-whisper", name="de", languages=("de",), description="", path=Path("/de")
)


class Line:
    """An engine that hears what it is told to."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def send(self, event: Event) -> None:
        """Take anything."""

    async def receive(self, **_given: Any) -> Event:
        """Have heard it."""
        return Event("final", {"text": self._text})


class Engines:
    """A house with one voice and some recognisers."""

    beam = 1
    whole_window = False

    def __init__(self, heard: str, recognisers: list[Recogniser]) -> None:
        self._heard = heard
        self.catalog = SimpleNamespace(voices=[VOICE], find=lambda *_given: VOICE)
        self.recognisers = recognisers

    @contextlib.asynccontextmanager
    async def recogniser(self, _one: Recogniser) -> AsyncIterator[Line]:
        """Lend it."""
        yield Line(self._heard)


async def found(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    spoken: Spoken = WELL,
    heard: str = "",
    recognisers: list[Recogniser] | None = None,
) -> list[Finding]:
    """Return what the doctor finds."""

    async def speak(*_given: object) -> Spoken:
        return spoken

    async def missing(engine: str) -> None:
        raise EngineMissingError(f"{engine} is not installed")

    monkeypatch.setattr(doctor, "_speak", speak)
    monkeypatch.setattr(doctor, "start_worker", missing)
    engines: Any = Engines(heard, recognisers or [])
    return [finding async for finding in examine(engines, tmp_path)]


@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [
        (replace(WELL, pcm=LOUD[:200]), "says nothing"),
        (replace(WELL, pcm=bytes(32_000)), "delivers only silence"),
        (replace(WELL, marks=(replace(SOUND, phoneme=""),)), "does not tell when it says what"),
        (replace(WELL, marks=(replace(SOUND, end_ms=5000),)), "tells times that are not within"),
    ],
)
async def test_voice_that_speaks_wrongly_is_red(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoken: Spoken, sentence: str
) -> None:
    """With the way to mend it."""
    first = (await found(monkeypatch, tmp_path, spoken))[0]
    assert (first.subject, first.light) == ("piper:x", Light.RED)
    assert sentence in first.said
    assert "fetch it again with --download" in first.said


@pytest.mark.parametrize(
    ("recogniser", "heard", "light", "sentence"),
    [
        (SPHINX, "turn on the lights", Light.GREEN, "understands piper:x"),
        (SPHINX, "turn on the bites", Light.AMBER, "almost: 'turn on the bites'"),
        (SPHINX, "hello", Light.RED, "hears 'hello'"),
        (GERMAN, "", Light.AMBER, "was not tried: the sentence for it is English"),
    ],
)
async def test_recognisers_are_judged_by_what_they_hear(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    recogniser: Recogniser,
    heard: str,
    light: Light,
    sentence: str,
) -> None:
    """All words, nearly all, hardly any; another language can't be judged."""
    findings = await found(monkeypatch, tmp_path, heard=heard, recognisers=[recogniser])
    (finding,) = [one for one in findings if one.subject.endswith(f":{recogniser.name}")]
    assert finding.light is light
    assert sentence in finding.said
    assert finding.line(colours=True).startswith("\x1b[")


async def test_engines_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each once, as a hint."""
    said = {one.subject: one for one in await found(monkeypatch, tmp_path)}
    assert said["espeak"].light is Light.AMBER
    assert said["espeak"].said == "espeak is not installed"


async def test_model_by_its_path_and_no_recogniser(models: Path) -> None:
    """The path stands for its name; a server without ears aligns nothing."""
    path = models / "en_US-toy-medium.onnx"
    settings = read_settings(["--plain", "--tts", f"piper:{path}", "--stt", "none"], {})
    engines = await load_engines(settings, "x")
    try:
        assert engines.catalog.default.path == path
        assert engines.recognisers == []
        with pytest.raises(NotAlignedError):
            engines.aligner()
    finally:
        await engines.close()


@pytest.mark.parametrize("wanted", [None, "pocketsphinx:en-us"])
async def test_house_without_pocketsphinx(
    monkeypatch: pytest.MonkeyPatch, wanted: str | None
) -> None:
    """It hears nothing, unless that was asked for: then it says what is missing."""
    start = doctor.start_worker

    async def lacking(engine: str) -> Any:
        if engine == "pocketsphinx":
            raise EngineMissingError("pocketsphinx is not installed")
        return await start(engine)

    monkeypatch.setattr("waifu_speech.pool.start_worker", lacking)
    words = ["--plain", *(["--stt", wanted] if wanted else [])]
    loading = load_engines(read_settings(words, {}), "x")
    if wanted:
        with pytest.raises(EngineMissingError):
            await loading
        return
    engines = await loading
    assert not engines.aligns
    await engines.close()


def test_announced_server_ends_cleanly(tmp_path: Path) -> None:
    """As systemd starts and stops it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "waifu_speech", "--uri", "tcp://127.0.0.1:0", "--plain"],
        env={
            "PYTHONPATH": str(PACKAGES),
            "PATH": "/usr/bin:/bin",
            **_kept(),
            "HOME": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "listens on" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0


def _kept() -> dict[str, str]:
    """Return what a measured run hands on."""
    return {name: value for name, value in os.environ.items() if name.startswith("COV")}


def test_wake_phrase_before_a_command_is_left_out() -> None:
    """Also its end alone, which a room may send with the command."""
    document = (
        b'{"v": 1, "sentences": ["turn on the light"], "lists": {}, "before": ["hey jarvis", "x"]}'
    )
    jobs = PocketsphinxJobs()
    assert jobs.handle(Event("grammar", {"hash": "h", "last": True}, document))[0].type == "built"
