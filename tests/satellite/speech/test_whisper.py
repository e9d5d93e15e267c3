"""Free speech over a real socket: guesses on the way, the end of speech, bad sound."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from speech_server import Server
from spoken import spoken
from toy_whisper import sung
from wyoming.event import Event

from waifu_speech.stt.agreement import Agreement
from waifu_speech.stt.listening import Request
from waifu_speech.stt.patience import Patience
from waifu_speech.stt.whisper import WhisperModel, goes_in_circles

RATE_HZ = 16000
FORMAT = {"rate": RATE_HZ, "width": 2, "channels": 1}
WORDS = ["turn", "on", "the", "kitchen", "lights"]
TEXT = " ".join(WORDS)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """Return some seconds of a real voice without its pauses."""
    text = "we were away a year ago and now we really know where all the yellow lamps are"
    return spoken(tmp_path_factory.mktemp("voice"), text)[3000:-6000]


def silence(seconds: float) -> np.ndarray:
    """Return the hiss of a quiet room."""
    return np.random.default_rng(3).normal(0, 20, int(seconds * RATE_HZ)).astype(np.int16)


async def listen(
    server: Server,
    sound: np.ndarray,
    *,
    stop: bool = True,
    audio: dict[str, int] = FORMAT,
    pace: float = 0.0,
    **request: Any,
) -> list[Event]:
    """Return what the server says up to the transcript; `pace` 1 is as fast as one speaks."""
    pcm = sound.tobytes()
    async with server.client() as client:
        await client.write_event(Event("transcribe", {"language": "en", **request}))
        await client.write_event(Event("audio-start", audio))

        async def send() -> None:
            for at in range(0, len(pcm), 3200):
                await client.write_event(Event("audio-chunk", audio, pcm[at : at + 3200]))
                await asyncio.sleep(0.1 * pace)
            if stop:
                await client.write_event(Event("audio-stop"))

        sending = asyncio.create_task(send())
        events: list[Event] = []
        while not events or events[-1].type not in {"transcript", "error"}:
            event = await client.read_event()
            assert event is not None, [one.type for one in events]
            events.append(event)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return events


async def test_sentence_is_understood(model_server: Server, speech: np.ndarray) -> None:
    """The whole text comes at the end, in the language that was asked for."""
    sound = np.concatenate([silence(0.3), sung(WORDS, 3, speech), silence(0.5)])
    events = await listen(model_server, sound)
    assert events[-1].data == {"text": TEXT, "language": "en"}


async def test_guesses_come_while_one_speaks(model_server: Server, speech: np.ndarray) -> None:
    """Guesses grow, settled words come as Wyoming's streamed transcript, all make the text."""
    sound = np.concatenate([sung(WORDS, 6, speech), silence(0.5)])
    events = await listen(model_server, sound, pace=0.5)
    guesses = [event.data["data"]["text"] for event in events if event.type == "user-event"]
    assert len(guesses) >= 2
    assert all(TEXT.startswith(guess) for guess in guesses)
    types = [event.type for event in events if event.type != "user-event"]
    assert types[0] == "transcript-start"
    assert types[-2:] == ["transcript-stop", "transcript"]
    chunks = [event.data["text"] for event in events if event.type == "transcript-chunk"]
    assert "".join(chunks) == events[-1].data["text"] == TEXT


async def test_pause_ends_the_listening_when_asked(
    model_server: Server, speech: np.ndarray
) -> None:
    """With `endpoint` the transcript comes by itself, though the client never stops."""
    sound = np.concatenate([sung(WORDS, 3, speech), silence(4)])
    events = await listen(model_server, sound, stop=False, pace=0.2, context={"endpoint": True})
    assert events[-1].data["text"] == TEXT


async def test_pause_does_not_end_it_otherwise(model_server: Server, speech: np.ndarray) -> None:
    """A client that did not ask gets all that it sent."""
    sound = np.concatenate([sung(WORDS[:2], 2, speech), silence(2), sung(WORDS[2:], 2, speech)])
    events = await listen(model_server, sound, pace=0.1)
    assert events[-1].data["text"] == TEXT


async def test_long_dictation_is_settled_on_the_way(
    model_server: Server, speech: np.ndarray
) -> None:
    """More than Whisper hears at once comes out whole."""
    part = np.concatenate([sung(WORDS, 8, speech), silence(0.8)])
    events = await listen(model_server, np.concatenate([part] * 6))
    words = events[-1].data["text"].split()
    # Within one window the toy says each word once.
    assert words.count("kitchen") >= 2
    assert set(words) == set(WORDS)


@pytest.mark.parametrize("name", ["silence", "noise", "nothing", "one sample", "clipped"])
async def test_sound_without_speech_is_no_text(
    model_server: Server, name: str, speech: np.ndarray
) -> None:
    """Whisper invents words in silence; nobody hears them here."""
    sounds = {
        "silence": np.zeros(RATE_HZ * 2, np.int16),
        "noise": np.random.default_rng(1).normal(0, 3000, RATE_HZ * 2).astype(np.int16),
        "nothing": np.zeros(0, np.int16),
        "one sample": np.ones(1, np.int16),
        "clipped": np.clip(sung(WORDS, 3, speech).astype(float) * 60, -32768, 32767),
    }
    events = await listen(model_server, sounds[name].astype(np.int16))
    assert events[-1].type == "transcript"
    if name != "clipped":
        assert events[-1].data["text"] == ""


async def test_other_formats_are_converted(model_server: Server, speech: np.ndarray) -> None:
    """48 kHz stereo says the same as 16 kHz mono."""
    mono = np.repeat(sung(WORDS, 3, speech), 3)
    audio = {"rate": 48000, "width": 2, "channels": 2}
    events = await listen(model_server, np.repeat(mono, 2), audio=audio)
    assert events[-1].data["text"] == TEXT


@pytest.fixture(scope="module")
def model(models: Path) -> WhisperModel:
    """Load the toy in this process."""
    return WhisperModel(models / "faster-whisper-toy")


class Windows:
    """How many frames each decoding has looked at."""

    def __init__(self, model: WhisperModel, monkeypatch: pytest.MonkeyPatch) -> None:
        self.frames: list[int] = []
        encode = model.loaded.model.encode

        def look(features: Any, **more: Any) -> Any:
            self.frames.append(features.shape[2])
            return encode(features, **more)

        monkeypatch.setattr(model.loaded, "model", _Looking(model.loaded.model, look))
        monkeypatch.setattr(model.fitted, "model", model.loaded.model)


class _Looking:
    """A model that is looked at while it encodes."""

    def __init__(self, model: Any, encode: Any) -> None:
        self._model, self.encode = model, encode

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def request(**more: Any) -> Request:
    """Return how to listen."""
    return Request.from_data({"language": "en", "beam": 3, **more})


def floats(sound: np.ndarray) -> np.ndarray:
    """Return sound as the recogniser takes it."""
    return sound.astype(np.float32) / np.float32(32768)


@pytest.mark.parametrize(("seconds", "frames"), [(3, 1500), (12, 1700), (27, 3000)])
def test_short_sound_has_a_short_window(
    model: WhisperModel,
    speech: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    frames: int,
) -> None:
    """A sentence costs no thirty seconds, and its text is the one of the whole window."""
    sound = floats(sung(WORDS, seconds, speech))
    windows = Windows(model, monkeypatch)
    guess = model.decode(sound, request(), final=True)
    assert windows.frames == [pytest.approx(frames, abs=2)]
    assert guess.text == TEXT
    assert guess.sure
    assert model.decode(sound, request(whole_window=True), final=True).text == TEXT
    assert windows.frames[1:] == [3000]


def test_doubtful_text_is_made_again_from_the_whole_window(
    model: WhisperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the short window gives nothing, the long one decides; a guess is only marked."""
    windows = Windows(model, monkeypatch)
    noise = floats(np.random.default_rng(1).normal(0, 500, 3 * RATE_HZ))
    assert not model.decode(noise, request(), final=False).sure
    assert windows.frames == [1500]
    model.decode(noise, request(), final=True)
    assert windows.frames[1:] == [1500, 3000]


@pytest.mark.parametrize(
    ("text", "circles"),
    [
        ("so I said so I said", True),
        ("Thank you. Thank you. Thank you. Thank you. Thank you. Thank you.", True),
        ("Ask not what you can do for you, ask not what you can do for you.", True),
        ("no no no", False),
        ("turn on the light and turn on the fan", False),
        ("", False),
    ],
)
def test_text_that_goes_in_circles_is_known(text: str, circles: bool) -> None:
    """A sentence said twice in a row is Whisper's, a word said twice may be a person's."""
    assert goes_in_circles(text.split()) is circles


def test_names_and_terms_leave_room_for_the_text(model: WhisperModel, speech: np.ndarray) -> None:
    """A home of hundreds of names does not crowd out the transcript."""
    names = [f"kitchen lights {number}" for number in range(400)]
    guess = model.decode(
        floats(sung(WORDS, 3, speech)), request(names=names, terms=names), final=True
    )
    assert guess.text == TEXT


async def test_unknown_language_gets_a_sentence(model_server: Server) -> None:
    """The model's languages are named."""
    async with model_server.client() as client:
        await client.write_event(Event("transcribe", {"language": "tlh"}))
        event = await client.read_event()
    assert event is not None
    assert event.type == "error"
    assert "knows only" in event.data["text"]


async def test_two_speak_at_once(model_server: Server, speech: np.ndarray) -> None:
    """Each gets their own text."""
    both = await asyncio.gather(
        listen(model_server, sung(WORDS, 3, speech)),
        listen(model_server, sung(["please", "play", "music"], 3, speech)),
    )
    assert [events[-1].data["text"] for events in both] == [TEXT, "please play music"]


async def test_commands_can_still_be_asked_for(model_server: Server) -> None:
    """The other recogniser has a name."""
    events = await listen(model_server, silence(1), name="en-us")
    assert events[-1].data["text"] == ""


def test_words_settle_when_two_guesses_agree() -> None:
    """The last word never does, nor what the next guess changes."""
    agreement = Agreement()
    assert agreement.add("Turn on") == ""
    assert agreement.add("Turn on the light.") == "Turn on"
    assert agreement.add("Turn on the lights in") == "the"
    assert agreement.add("Something else") == ""
    assert agreement.add("Turn on the lights in the") == ""
    assert agreement.add("Turn on the lights in the kitchen") == "lights in the"
    assert agreement.rest("Turn on the lights in the kitchen.") == "kitchen."
    assert agreement.rest("Burn on") is None


@pytest.mark.parametrize(
    ("text", "wait_s"),
    [
        ("Turn on the light.", 0.45),
        ("Turn on the light and", 1.5),
        ("Turn on the light,", 1.5),
        ("Mach das Licht an und", 1.5),
        ("Stop", 0.7),
        ("Well…", 1.5),
        ("", 1.5),
        ("turn on the light", 0.7),
    ],
)
def test_patience_fits_what_was_said(text: str, wait_s: float) -> None:
    """A finished sentence is answered soon; an "and" is waited for."""
    assert Patience().after(text) == wait_s


def test_models_of_a_hub_cache_are_found(tmp_path: Path) -> None:
    """What other servers have fetched need not be fetched again."""
    from toy_whisper import make_whisper

    from waifu_speech.models import find_models

    make_whisper(tmp_path / "models--Systran--faster-whisper-base" / "snapshots" / "abc123")
    (tmp_path / "broken.onnx").write_bytes(b"")
    (tmp_path / "broken.onnx.json").write_text("{")
    assert [(one.engine, one.name) for one in find_models(tmp_path)] == [("faster-whisper", "base")]
