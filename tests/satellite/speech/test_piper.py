"""Piper voices over a real socket: exact times, options, several clients, clients that leave."""

import asyncio
from itertools import pairwise
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from speech_server import Server
from toy_piper import HOP, RATE_HZ, hertz_of
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from waifu_speech.marks import Source
from waifu_speech.tts.durations import with_durations
from waifu_speech.tts.piper_marks import Timed, marks_of

TOY, CHOIR, MUTE = "en_US-toy-medium", "de_DE-choir-low", "en_GB-mute-low"
LONG = "This is a long sentence about the house and the garden and the weather. " * 12


async def said(client: AsyncTcpClient, text: str, voice: str, **context: Any) -> list[Event]:
    """Return the answer to a whole text."""
    data = {
        "text": text,
        "voice": {"name": voice, "speaker": context.pop("speaker", None)},
        "context": {"speech_marks": True, **context},
    }
    await client.write_event(Event("synthesize", data))
    events: list[Event] = []
    while not events or events[-1].type not in {"audio-stop", "error"}:
        event = await client.read_event()
        assert event is not None
        events.append(event)
    return events


async def speak(server: Server, text: str, voice: str, **context: Any) -> list[Event]:
    """Return the answer of a new connection."""
    async with server.client() as client:
        return await said(client, text, voice, **context)


def samples_of(events: list[Event]) -> np.ndarray:
    """Return the sound of an answer."""
    raw = b"".join(event.payload or b"" for event in events if event.type == "audio-chunk")
    return np.frombuffer(raw, np.int16).astype(float)


def marks_in(events: list[Event]) -> list[dict[str, Any]]:
    """Return all marks of an answer."""
    return [
        mark
        for event in events
        if event.type == "user-event"
        for mark in event.data["data"]["marks"]
    ]


def hertz_between(samples: np.ndarray, start_ms: int, end_ms: int) -> float:
    """Return the strongest frequency of a stretch."""
    part = samples[start_ms * RATE_HZ // 1000 : end_ms * RATE_HZ // 1000]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(spectrum.argmax() * RATE_HZ / (1 << 16))


async def test_each_mark_holds_its_own_phoneme(model_server: Server, models: Path) -> None:
    """Where a mark says a phoneme, that phoneme's frequency sounds, from edge to edge."""
    ids = json.loads((models / f"{TOY}.onnx.json").read_text())["phoneme_id_map"]
    events = await speak(model_server, "Hello dear, I like the yellow lamp.", TOY)
    samples = samples_of(events)
    letters = [mark for mark in marks_in(events) if mark["phoneme"]]
    assert len(letters) > 20
    for mark in letters:
        name = mark["phoneme"][0]
        wanted = hertz_of(ids[name][0], name)
        # Without the mark's last hop, which is the pad, and the stress before it.
        start, end = mark["start_ms"] + 24, mark["end_ms"] - 24
        assert hertz_between(samples, start, end) == pytest.approx(wanted, abs=12)


async def test_times_are_exact_to_the_hop(model_server: Server) -> None:
    """Marks are gapless, and as long as the voice made each sound."""
    events = await speak(model_server, "Hello dear.", TOY)
    marks = marks_in(events)
    assert next(event for event in events if event.type == "user-event").data["data"][
        "source"
    ] == str(Source.EXACT)
    assert all(one["end_ms"] == next_["start_ms"] for one, next_ in pairwise(marks))
    hop_ms = HOP * 1000 / RATE_HZ
    by_name = {mark["phoneme"]: mark["end_ms"] - mark["start_ms"] for mark in marks}
    assert by_name["h"] == pytest.approx(7 * hop_ms, abs=21)
    assert by_name["ə"] == pytest.approx(9 * hop_ms, abs=1)
    assert by_name["l"] == pytest.approx(7 * hop_ms, abs=1)


def test_unmapped_phoneme_loses_nothing() -> None:
    """The ids decide: whatever phoneme has none, the others keep their times."""
    id_map = {"_": [0], "^": [1], "$": [2], " ": [3], "a": [14], "b": [15], "ˈ": [120], "ː": [122]}
    ids = [1, 0, 15, 0, 120, 0, 14, 0, 122, 0, 3, 0, 14, 0, 2]
    pcm = np.full(15 * HOP, 9000, np.int16)
    pcm[10 * HOP : 12 * HOP] = pcm[14 * HOP :] = 0
    timed = Timed(ids=ids, samples=[HOP] * len(ids))
    marks = marks_of("ba ä", [timed], pcm, RATE_HZ, id_map)
    hop_ms = HOP * 1000 / RATE_HZ
    assert [(mark.phoneme, mark.char) for mark in marks] == [
        ("", 0), ("b", 0), ("aː", 0), ("", 3), ("a", 3), ("", 3)
    ]  # fmt: skip
    edges = [0, 2, 4, 10, 12, 14, 15]
    assert [mark.start_ms for mark in marks] == [int(edge * hop_ms) for edge in edges[:-1]]


def test_model_without_durations_stays_as_it_is(models: Path) -> None:
    """Nothing is added where nothing is known, and nothing twice."""
    mute = (models / f"{MUTE}.onnx").read_bytes()
    assert with_durations(mute) == mute
    patched = with_durations((models / f"{TOY}.onnx").read_bytes())
    assert with_durations(patched) == patched
    with pytest.raises(ValueError, match="protobuf"):
        with_durations(b"\x3b\xff")


async def test_voice_without_durations_is_estimated(model_server: Server) -> None:
    """It speaks all the same, and says that its times are a guess."""
    events = await speak(model_server, "Hello dear.", MUTE)
    data = next(event for event in events if event.type == "user-event").data["data"]
    assert data["source"] == "estimated"
    assert data["marks"]


async def test_options_change_the_sound(model_server: Server) -> None:
    """Rate, volume, pitch and speaker do what they say."""
    text = "Hello dear I like the yellow lamp."
    plain = samples_of(await speak(model_server, text, TOY))
    fast = samples_of(await speak(model_server, text, TOY, rate=2.0))
    soft = samples_of(await speak(model_server, text, TOY, volume=0.5))
    assert len(fast) == pytest.approx(len(plain) / 2, rel=0.2)
    assert np.abs(soft).max() == pytest.approx(np.abs(plain).max() / 2, rel=0.05)
    events = await speak(model_server, "aaaa", TOY)
    higher = await speak(model_server, "aaaa", TOY, pitch=1.2)
    vowel = next(mark for mark in marks_in(events) if mark["phoneme"])
    high = next(mark for mark in marks_in(higher) if mark["phoneme"])
    assert hertz_between(samples_of(higher), high["start_ms"] + 24, high["end_ms"] - 24) == (
        pytest.approx(
            1.2 * hertz_between(samples_of(events), vowel["start_ms"] + 24, vowel["end_ms"] - 24),
            rel=0.04,
        )
    )
    first = samples_of(await speak(model_server, "Hallo", CHOIR))
    third = samples_of(await speak(model_server, "Hallo", CHOIR, speaker="speaker2"))
    assert not np.array_equal(first, third)


async def test_unknown_speaker_gets_a_sentence(model_server: Server) -> None:
    """The client reads what is wrong."""
    events = await speak(model_server, "Hallo", CHOIR, speaker="nobody")
    assert events[-1].type == "error"
    assert "no speaker 'nobody'" in events[-1].data["text"]


async def test_info_says_what_is_installed(model_server: Server) -> None:
    """Voices with their speakers and languages, models with theirs, the best first."""
    async with model_server.client() as client:
        await client.write_event(Event("describe"))
        info = await client.read_event()
    assert info is not None
    voices = {voice["name"]: voice for voice in info.data["tts"][0]["voices"]}
    assert next(iter(voices)) == TOY
    assert voices[CHOIR]["languages"] == ["de-DE"]
    assert [one["name"] for one in voices[CHOIR]["speakers"]] == [
        "speaker0", "speaker1", "speaker2"
    ]  # fmt: skip
    assert {"slt", "en-us", "de"} <= set(voices)
    assert [program["name"] for program in info.data["asr"]] == ["faster-whisper", "pocketsphinx"]
    assert info.data["asr"][0]["models"][0]["name"] == "toy"
    assert info.data["waifu_rt3d"]["grammar"] is True


async def test_second_client_does_not_wait_for_the_first(model_server: Server) -> None:
    """Its short sentence is done long before the other's long text is."""
    async with model_server.client() as first, model_server.client() as second:
        data = {"text": LONG, "voice": {"name": TOY}}
        await first.write_event(Event("synthesize", data))
        event = await first.read_event()
        assert event is not None
        short = await said(second, "Hello.", TOY)
        assert short[-1].type == "audio-stop"
        rest = await first.read_event()
        assert rest is not None
        assert rest.type == "audio-chunk"


async def test_client_that_leaves_frees_its_work(model_server: Server) -> None:
    """After a client vanished in the middle of a text the next one is served at once."""
    async with model_server.client() as client:
        await client.write_event(Event("synthesize", {"text": LONG, "voice": {"name": TOY}}))
        await client.read_event()
    async with asyncio.timeout(60):
        events = await speak(model_server, "Hello.", TOY)
    assert events[-1].type == "audio-stop"
