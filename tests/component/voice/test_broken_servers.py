"""Speech servers that break off, fall silent or say nonsense: each time one sentence."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event

from custom_components.waifu_rt3d.stage.timeline import SpeechMarks
from custom_components.waifu_rt3d.voice import connection, download, foreign
from custom_components.waifu_rt3d.voice.align import AlignRequest
from custom_components.waifu_rt3d.voice.connection import WireError, describe
from custom_components.waifu_rt3d.voice.events import parse_marks, user_event
from custom_components.waifu_rt3d.voice.pairing import make_key
from custom_components.waifu_rt3d.voice.service import ServerInfo
from custom_components.waifu_rt3d.voice.speech import SpeechServer
from custom_components.waifu_rt3d.voice.wav import AudioFormat

from ..scripted_wire import scripted

pytestmark = pytest.mark.usefixtures("socket_enabled")

BROKEN = Error(text="The engine has a cold", code="cold").event()
START = AudioStart(rate=16000, width=2, channels=1).event()
SOUND = AudioChunk(rate=16000, width=2, channels=1, audio=b"\0\0" * 80).event()
REQUEST = AlignRequest(text="Hello there.", offset=0, language="en", rate_hz=16000)


def server(port: int, **info: Any) -> SpeechServer:
    """Return the client of a server that tells no times."""
    about = ServerInfo.from_event(Event(type="info", data={"waifu_rt3d": info}))
    return SpeechServer(host="127.0.0.1", port=port, key=None, info=about)


async def said(port: int, *, times: bool = False) -> list[AudioFormat | SpeechMarks | bytes]:
    """Let a server speak two phrases and return what comes."""

    async def text() -> AsyncGenerator[str]:
        yield "Good morning. "
        yield "The kettle is hot."

    speaking = server(port, speech_marks=times).speak(text(), language="en", voice=None)
    return [item async for item in speaking]


@pytest.mark.parametrize("times", [True, False])
@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((BROKEN,), "The engine has a cold"),
        ((START,), "The speech server broke off"),
        ((START, SOUND), "The speech server broke off"),
        ((b"not wyoming\n",), "does not speak Wyoming"),
    ],
)
async def test_voice_that_breaks_off_says_why(
    events: tuple[Event | bytes, ...], sentence: str, times: bool
) -> None:
    """With times or without, it is one sentence."""
    async with scripted(*events) as port:
        with pytest.raises(WireError, match=sentence):
            await said(port, times=times)


async def test_voice_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing any more is lost."""
    monkeypatch.setattr(foreign, "ANSWER_TIMEOUT_S", 0.05)
    async with scripted(START, ends=False) as port:
        with pytest.raises(WireError, match="does not answer any more"):
            await said(port)


async def test_marks_that_make_no_sense_are_a_fault() -> None:
    """Nothing is guessed of them."""
    with pytest.raises(WireError, match="marks that can't be read"):
        parse_marks({"text": "Hello", "marks": "none"})
    async with scripted(START, user_event("speech-marks", {})) as port:
        with pytest.raises(WireError, match="marks that can't be read"):
            await said(port, times=True)


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((BROKEN,), "The engine has a cold"),
        ((user_event("not-aligned", {"reason": "other words"}),), "other words"),
        ((), "The speech server broke off"),
    ],
)
async def test_server_that_finds_no_words_says_why(
    events: tuple[Event, ...], sentence: str
) -> None:
    """The caller estimates instead."""
    async with scripted(*events) as port:
        with pytest.raises(WireError, match=sentence):
            await server(port).align(REQUEST, b"\0\0" * 800)


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((BROKEN,), "The engine has a cold"),
        ((user_event("download-failed", {"reason": "The disk is full"}),), "The disk is full"),
        ((), "The speech server broke off"),
    ],
)
async def test_download_that_ends_early_says_why(events: tuple[Event, ...], sentence: str) -> None:
    """A later wish goes on from there."""
    async with scripted(*events) as port:
        with pytest.raises(WireError, match=sentence):
            await server(port).download(["piper:en"], lambda *_: None)


async def test_download_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes without a word are a loss."""
    monkeypatch.setattr(download, "SILENCE_LIMIT_S", 0.05)
    async with scripted(ends=False) as port:
        with pytest.raises(WireError, match="does not answer any more"):
            await server(port).download(["piper:en"], lambda *_: None)


async def test_silent_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the connection and never answers may be anything."""
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT_S", 0.05)
    async with scripted(ends=False) as port:
        for key in (None, make_key()):
            with pytest.raises(WireError, match="does not answer"):
                await describe("127.0.0.1", port, key)


async def test_stop_of_sound_ends_a_phrase() -> None:
    """Two phrases are two requests, and their sound comes in their order."""
    async with scripted(START, SOUND, AudioStop().event()) as port:
        items = await said(port)
    assert [type(item).__name__ for item in items] == [
        *("AudioFormat", "SpeechMarks", "bytes"),
        *("SpeechMarks", "bytes"),
    ]


async def test_voice_that_changes_its_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of sound has one format."""
    rates = iter((16000, 22050))

    async def phrase(*_: object, **__: object) -> tuple[AudioFormat, bytes]:
        return AudioFormat(rate_hz=next(rates), width=2, channels=1), b"\0\0" * 80

    monkeypatch.setattr(foreign, "_say", phrase)
    async with scripted(ends=False) as port:
        with pytest.raises(WireError, match="changed the format"):
            await said(port)
