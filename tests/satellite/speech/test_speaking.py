"""Speech over a real socket: sound, times, order, several clients, clients that leave."""

import asyncio
import json
from pathlib import Path
import re
from typing import Any

import numpy as np
import pytest
from speech_server import Server
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from waifu_speech.tts.espeak_library import EVENT_PHONEME, EspeakLibrary

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "contract" / "speech-marks.json").read_text(encoding="utf-8")
)
MARKS = {"speech_marks": True}
TEXTS = [
    "I turned on the light.",
    "Stop the kettle, please, it is too hot!",
    "She sells six thick fish by the shore.",
    "It is 21.5 degrees in the living room. Shall I put the heating on?",
    "Hi 😊 mum! How was your day?",
]


async def answer(client: AsyncTcpClient, *, streamed: bool) -> list[Event]:
    """Return what the server says up to the end of the request."""
    last = "synthesize-stopped" if streamed else "audio-stop"
    events: list[Event] = []
    while not events or events[-1].type != last:
        event = await client.read_event()
        assert event is not None, [event.type for event in events]
        events.append(event)
    return events


async def speak(server: Server, text: str, voice: str, **context: bool) -> list[Event]:
    """Return the answer to a whole text."""
    async with server.client() as client:
        data = {"text": text, "voice": {"name": voice}, "context": context}
        await client.write_event(Event("synthesize", data))
        return await answer(client, streamed=False)


def marks_of(events: list[Event]) -> list[dict[str, Any]]:
    """Return the `speech-marks` of an answer."""
    return [event.data["data"] for event in events if event.type == "user-event"]


def sound_of(events: list[Event]) -> tuple[int, np.ndarray]:
    """Return rate and samples of an answer."""
    rate = next(event.data["rate"] for event in events if event.type == "audio-start")
    pcm = b"".join(event.payload or b"" for event in events if event.type == "audio-chunk")
    return rate, np.frombuffer(pcm, np.int16)


def frames_db(samples: np.ndarray, rate: int) -> np.ndarray:
    """Return the level (dBFS) of each 10 ms."""
    size = rate // 100
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    return 20 * np.log10(np.sqrt((frames**2).mean(axis=1)) / 32768 + 1e-9)


async def test_golden_request_gets_the_golden_shape(server: Server) -> None:
    """Segmented speech has the contract's events in the contract's order, with its fields."""
    async with server.client() as client:
        for event in GOLDEN["request"]:
            await client.write_event(Event(event["type"], event["data"]))
        events = await answer(client, streamed=True)
    order = [event.type for event in events]
    shape = [key for at, key in enumerate(order) if key != "audio-chunk" or order[at - 1] != key]
    assert shape == [event["type"] for event in GOLDEN["answer"]]
    golden = [event["data"]["data"] for event in GOLDEN["answer"] if event["type"] == "user-event"]
    for ours, theirs in zip(marks_of(events), golden, strict=True):
        assert set(ours) == set(theirs)
        assert {key: ours[key] for key in ("text", "offset", "source")} == {
            key: theirs[key] for key in ("text", "offset", "source")
        }
        assert {frozenset(mark) for mark in ours["marks"]} == {frozenset(theirs["marks"][0])}
    assert {mark["char"] for mark in marks_of(events)[0]["marks"]} == {0, 5}


@pytest.mark.parametrize("voice", ["en-us", "slt", "rms", "de"])
@pytest.mark.parametrize("text", TEXTS)
async def test_marks_lie_on_the_sound(server: Server, voice: str, text: str) -> None:
    """Marks are sorted, inside their segment, begin and end with the sound, and cover it."""
    events = await speak(server, text, voice, **MARKS)
    rate, samples = sound_of(events)
    segments = marks_of(events)
    last_ms = 0
    for segment in segments:
        assert segment["start_ms"] == last_ms
        assert segment["text"] == text[segment["offset"] :][: len(segment["text"])]
        at_ms = segment["start_ms"]
        for mark in segment["marks"]:
            assert at_ms <= mark["start_ms"] < mark["end_ms"] <= segment["end_ms"]
            assert not re.search("[ˈˌ()]", mark["phoneme"])
            assert text[mark["char"]].isalnum()
            assert mark["char"] == 0 or not text[mark["char"] - 1].isalnum()
            at_ms = mark["end_ms"]
        last_ms = segment["end_ms"]
    assert last_ms == len(samples) * 1000 // rate
    heard = np.flatnonzero(frames_db(samples, rate) > -40) * 10
    spoken = [mark for segment in segments for mark in segment["marks"] if mark["phoneme"]]
    assert abs(spoken[0]["start_ms"] - heard[0]) <= 60
    assert abs(spoken[-1]["end_ms"] - (heard[-1] + 10)) <= 60
    covered = [any(mark["start_ms"] <= at + 5 < mark["end_ms"] for mark in spoken) for at in heard]
    assert np.mean(covered) >= 0.95


@pytest.mark.parametrize(("voice", "rate"), [("en-us", 22050), ("slt", 16000)])
async def test_chunks_carry_their_time(server: Server, voice: str, rate: int) -> None:
    """Every chunk says where it belongs, in the engine's own rate."""
    events = await speak(server, "Hello there. How are you?", voice)
    samples = 0
    for event in events[1:-1]:
        assert event.type == "audio-chunk"
        assert event.data["rate"] == rate
        assert event.data["timestamp"] == samples * 1000 // rate
        samples += len(event.payload or b"") // 2
    assert samples > rate


async def test_client_that_did_not_ask_gets_no_marks(server: Server) -> None:
    """The standard answer has nothing but the standard's events."""
    events = await speak(server, "Hello. Good evening.", "en-us")
    assert {event.type for event in events} == {"audio-start", "audio-chunk", "audio-stop"}


async def test_first_sentence_sounds_before_the_second_is_written(server: Server) -> None:
    """A streamed reply begins with its first clause; the chunk for old servers is not repeated."""
    async with server.client() as client:
        await client.write_event(Event("synthesize-start", {"context": MARKS}))
        await client.write_event(Event("synthesize-chunk", {"text": "Good morning to you, my"}))
        events = [await client.read_event() for _ in range(3)]
        assert [event.type for event in events if event] == [
            "audio-start", "user-event", "audio-chunk",
        ]  # fmt: skip
        await client.write_event(Event("synthesize-chunk", {"text": " friend."}))
        await client.write_event(Event("synthesize", {"text": "Good morning to you, my friend."}))
        await client.write_event(Event("synthesize-stop", {}))
        rest = await answer(client, streamed=True)
    texts = [data["text"] for data in marks_of([*[e for e in events if e], *rest])]
    assert texts == ["Good morning to you,", " my friend."]


async def test_whole_sentence_goes_out_when_the_writer_pauses(server: Server) -> None:
    """A model that thinks after "Sure." does not hold it back."""
    async with server.client() as client:
        await client.write_event(Event("synthesize-start", {"context": MARKS}))
        await client.write_event(Event("synthesize-chunk", {"text": "Sure."}))
        assert await client.read_event() is not None
        marks = await client.read_event()
        assert marks is not None
        assert marks.data["data"]["text"] == "Sure."


@pytest.mark.parametrize("text", ["", "😊", " \n ", "*", "\x00\x07"])
async def test_silent_text_gets_an_empty_answer(server: Server, text: str) -> None:
    """Nothing to say is no error."""
    events = await speak(server, text, "en-us", **MARKS)
    assert [event.type for event in events] == ["audio-start", "audio-stop"]


@pytest.mark.parametrize("voice", ["en-us", "slt"])
@pytest.mark.parametrize(
    "text", ["<speak>hi</speak> [[h@'loU]]", "привет 你好 hello مرحبا", "a\x07b\x1b[0m", "é" * 300]
)
async def test_odd_text_is_spoken_or_skipped(server: Server, voice: str, text: str) -> None:
    """No text makes an engine hang or crash."""
    events = await speak(server, text, voice, **MARKS)
    assert events[-1].type == "audio-stop"


async def test_too_long_text_gets_one_sentence(server: Server) -> None:
    """100,000 characters are refused."""
    async with server.client() as client:
        await client.write_event(Event("synthesize", {"text": "word " * 20_000}))
        event = await client.read_event()
        assert event is not None
        assert (event.type, event.data["code"]) == ("error", "TextTooLongError")
        assert await client.read_event() is None


@pytest.mark.parametrize(
    ("voice", "sentence"),
    [({"name": "nobody"}, "no voice named 'nobody'"), ({"language": "tlh"}, "speaks 'tlh'")],
)
async def test_unknown_voice_gets_one_sentence(
    server: Server, voice: dict[str, str], sentence: str
) -> None:
    """A voice that is not installed is named, and the connection closed."""
    async with server.client() as client:
        await client.write_event(Event("synthesize", {"text": "Hi.", "voice": voice}))
        event = await client.read_event()
        assert event is not None
        assert event.type == "error"
        assert sentence in event.data["text"]
        assert await client.read_event() is None


@pytest.mark.parametrize(
    ("language", "rate"), [("en", 16000), ("en-GB", 16000), ("de", 22050), ("zh-CN", 22050)]
)
async def test_language_chooses_the_engine(server: Server, language: str, rate: int) -> None:
    """English is spoken by flite where it is installed, all else by espeak-ng."""
    async with server.client() as client:
        data = {"text": "OK.", "voice": {"language": language}}
        await client.write_event(Event("synthesize", data))
        assert sound_of(await answer(client, streamed=False))[0] == rate


@pytest.mark.parametrize(
    "event",
    [
        Event("synthesize", {}),
        Event("synthesize", {"text": 5}),
        Event("synthesize", {"text": "x", "voice": "slt"}),
        Event("synthesize-chunk", {"text": "x"}),
        Event("synthesize-stop", {}),
        Event("audio-start", {"rate": "fast"}),
        Event("audio-start", {"rate": 1, "width": 2, "channels": 1}),
        Event("transcribe", {"language": "de"}),
        Event("user-event", {"name": "grammar", "data": {"hash": "x"}}),
    ],
)
async def test_bad_event_gets_one_sentence(server: Server, event: Event) -> None:
    """An event that makes no sense is answered, and the server lives on."""
    async with server.client() as client:
        await client.write_event(event)
        reply = await client.read_event()
        assert reply is not None
        assert reply.type == "error"
        assert reply.data["text"]
    assert (await speak(server, "Still here.", "en-us"))[-1].type == "audio-stop"


async def test_second_client_does_not_wait_for_the_first(server: Server) -> None:
    """A short reply is done while another client's long one is still being made."""
    # Both engines' processes are there after the first requests.
    await asyncio.gather(*(speak(server, "Warm up.", "slt") for _ in range(2)))
    # One segment without a place to cut: seconds of work for one worker.
    long_text = "wonderful" * 60
    long_task = asyncio.create_task(speak(server, long_text, "slt"))
    await asyncio.sleep(0.05)
    await speak(server, "Hi.", "slt")
    finished_first = not long_task.done()
    await long_task
    assert finished_first


async def test_engine_works_again_when_a_client_left(server: Server) -> None:
    """A client that leaves in the middle frees its worker."""
    for _ in range(6):
        async with server.client() as client:
            await client.write_event(Event("synthesize", {"text": "wonderful " * 400}))
            await client.read_event()
    events = await asyncio.wait_for(speak(server, "Good evening.", "slt"), 60)
    assert events[-1].type == "audio-stop"
    assert len(server.workers()) <= 9


async def test_feeling_may_come_after_the_beginning_of_its_sentence(server: Server) -> None:
    """It says where it begins; what is still to be spoken from there on is said so."""
    words = "We are all in the garden now."
    sent = [
        {"text": words + " We are all "},
        {"text": "", "feeling": {"name": "sad", "intensity": 1.0, "offset": len(words) + 1}},
        {"text": words.removeprefix("We are all ")},
    ]
    async with server.client() as client:
        start = {"voice": {"name": "espeak:en-us"}, "context": MARKS}
        await client.write_event(Event("synthesize-start", start))
        for data in sent:
            await client.write_event(Event("synthesize-chunk", data))
        await client.write_event(Event("synthesize-stop"))
        events = await answer(client, streamed=True)
    lengths = [spoken_ms(marks) for marks in marks_of(events)]
    assert len(lengths) == 2
    assert lengths[1] > 1.1 * lengths[0]


def spoken_ms(segment: dict[str, Any]) -> int:
    """Return the time from the first to the last sound of a segment."""
    sounds = [mark for mark in segment["marks"] if mark["phoneme"]]
    return int(sounds[-1]["end_ms"] - sounds[0]["start_ms"])


@pytest.mark.parametrize("text", ["We are all in the garden now.", "Stop the kettle now please."])
async def test_espeak_times_are_its_own_events(server: Server, text: str) -> None:
    """Each mark begins at its phoneme's event; a voiceless stop's closure before it, at most 42 ms."""
    events = await speak(server, text, "espeak:en-us", **MARKS)
    (segment,) = marks_of(events)
    marks = [mark for mark in segment["marks"] if mark["phoneme"]]
    told = espeak_events(text)
    assert [mark["phoneme"] for mark in marks] == [name for name, _ in told]
    # The silence before the first sound is cut away.
    early_ms = [at - mark["start_ms"] for mark, (_, at) in zip(marks, told, strict=True)][1:]
    cut_ms = min(early_ms)
    for (name, _), found in zip(told[1:], early_ms, strict=True):
        early = found - cut_ms
        assert 0 < early <= 44 if name in {"p", "t", "k"} else early <= 2


def espeak_events(text: str) -> list[tuple[str, int]]:
    """Return the phonemes of the library's own events with their times (ms)."""
    library = EspeakLibrary()
    library.set_voice("en-us")
    library.set_delivery(rate=1.0, pitch=1.0, spread=1.0)
    _, events = library.synthesize(text)
    rows = [
        (
            event.phoneme.translate(str.maketrans("", "", "ˈˌ'")),
            event.sample * 1000 // library.rate_hz,
        )
        for event in events
        if event.kind == EVENT_PHONEME
    ]
    return [row for row in rows if row[0] and row[0] != "_:" and row[0].strip("_:")]
