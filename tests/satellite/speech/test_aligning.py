"""A text is found in sound that somebody else made, over a real socket."""

import asyncio
import json
from pathlib import Path
import re
import shutil
import subprocess
from typing import Any
import wave

import numpy as np
import pytest
from speech_server import Server
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "contract" / "speech-marks.json").read_text(encoding="utf-8")
)["align"]
TEXT = "Good morning, mum! The kettle is on the table."


def said(
    folder: Path, text: str, voice: str = "slt", stretch: float = 1.0
) -> tuple[bytes, list[tuple[str, float]]]:
    """Return what flite says (16 kHz) and when each of its phones begins (ms)."""
    path = folder / "said.wav"
    flite = shutil.which("flite")
    assert flite is not None
    pace = ["--setf", f"duration_stretch={stretch}"]
    command = [flite, "-voice", voice, "-psdur", *pace, "-t", text, "-o", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ends = [(name, float(end) * 1000) for name, end in re.findall(r"(\w+):([\d.]+)", told)]
    starts = [0.0, *(end for _, end in ends[:-1])]
    with wave.open(str(path)) as file:
        pcm = file.readframes(file.getnframes())
    return pcm, [(name, start) for (name, _), start in zip(ends, starts, strict=True)]


async def align(
    client: AsyncTcpClient, pcm: bytes, rate: int = 16000, **data: Any
) -> dict[str, Any]:
    """Return the answer to a text and its sound."""
    request = {**GOLDEN["request"]["data"], "data": {"language": "en", **data}}
    await client.write_event(Event("user-event", request))
    audio = {"rate": rate, "width": 2, "channels": 1}
    await client.write_event(Event("audio-start", audio))
    for at in range(0, len(pcm), 32768):
        await client.write_event(Event("audio-chunk", audio, pcm[at : at + 32768]))
    await client.write_event(Event("audio-stop"))
    async with asyncio.timeout(60):
        event = await client.read_event()
    assert event is not None
    return {"type": event.type, **event.data}


async def test_sounds_are_found_in_another_voice(server: Server, tmp_path: Path) -> None:
    """Each mark is near the phone that flite itself tells, at its word of the reply."""
    pcm, truth = said(tmp_path, TEXT)
    async with server.client() as client:
        answer = await align(client, pcm, text=TEXT, offset=12)
    golden = GOLDEN["answer"]["data"]["data"]
    data = answer["data"]
    assert answer["name"] == "speech-marks"
    assert set(data) == set(golden)
    assert (data["source"], data["text"], data["offset"]) == ("aligned", TEXT, 12)
    assert data["end_ms"] == len(pcm) // 32
    assert {frozenset(mark) for mark in data["marks"]} == {frozenset(golden["marks"][0])}
    starts = [start for name, start in truth if name != "pau"]
    sounding = [mark for mark in data["marks"] if mark["phoneme"]]
    assert len(sounding) == len(starts)
    errors = [abs(mark["start_ms"] - start) for mark, start in zip(sounding, starts, strict=True)]
    assert sum(error <= 50 for error in errors) >= 0.9 * len(errors)
    assert {mark["char"] - 12 for mark in sounding} == {
        match.start() for match in re.finditer(r"\w+", TEXT)
    }
    ends = [mark["end_ms"] for mark in data["marks"]]
    assert ends[-1] <= data["end_ms"]
    assert all(mark["start_ms"] == end for mark, end in zip(data["marks"][1:], ends, strict=False))


async def test_other_rates_are_aligned(server: Server, tmp_path: Path) -> None:
    """A voice of 48 kHz has the same times."""
    pcm, _ = said(tmp_path, TEXT)
    high = np.repeat(np.frombuffer(pcm, np.int16), 3).tobytes()
    async with server.client() as client:
        low_marks = (await align(client, pcm, text=TEXT))["data"]["marks"]
        high_marks = (await align(client, high, 48000, text=TEXT))["data"]["marks"]
    assert [mark["phoneme"] for mark in low_marks] == [mark["phoneme"] for mark in high_marks]
    moved = [
        abs(low["start_ms"] - high["start_ms"])
        for low, high in zip(low_marks, high_marks, strict=True)
    ]
    assert np.mean(moved) < 10


@pytest.mark.parametrize(
    "text", ["The moon is made of old cheese and nobody knows why at all.", "Yes.", "😊", ""]
)
async def test_text_that_is_not_said_is_refused(server: Server, tmp_path: Path, text: str) -> None:
    """The answer says so instead of inventing times, and the connection goes on."""
    pcm, _ = said(tmp_path, TEXT)
    async with server.client() as client:
        answer = await align(client, pcm, text=text)
        assert answer["name"] == GOLDEN["refusal"]["data"]["name"]
        assert answer["data"]["reason"]
        assert (await align(client, pcm, text=TEXT))["name"] == "speech-marks"


@pytest.mark.parametrize(
    ("pcm", "rate", "data"),
    [
        (bytes(3200), 16000, {"text": "hi", "language": "de"}),
        (bytes(3200), 16000, {"text": "hi " * 1000}),
        (bytes(3200), 4000, {"text": "hi"}),
        (bytes(16000 * 2 * 61), 16000, {"text": "hi"}),
    ],
)
async def test_what_can_not_be_aligned_gets_a_sentence(
    server: Server, pcm: bytes, rate: int, data: dict[str, Any]
) -> None:
    """An `error` event, then the end of the connection."""
    async with server.client() as client:
        try:
            answer = await align(client, pcm, rate, **data)
        except ConnectionError:
            return
        assert answer["type"] == "error"
        assert answer["text"]


async def test_silence_and_noise_are_refused(server: Server) -> None:
    """Nothing is found where nothing is said."""
    noise = np.random.default_rng(3).normal(0, 3000, 32000).astype(np.int16).tobytes()
    async with server.client() as client:
        for pcm in (b"", bytes(64000), noise):
            assert (await align(client, pcm, text=TEXT))["name"] == "not-aligned"


async def test_server_says_that_it_aligns(server: Server) -> None:
    """Clients know it from `info`."""
    async with server.client() as client:
        await client.write_event(Event("describe"))
        info = await client.read_event()
    assert info is not None
    assert info.data["waifu_rt3d"]["align"] == ["en"]


async def test_weak_vowels_are_told_from_strong_ones(server: Server, tmp_path: Path) -> None:
    """The dictionary writes both alike; a mouth opens wide for one of them only."""
    text = "My brother ate about a dozen of the muffins."
    pcm, _ = said(tmp_path, text)
    async with server.client() as client:
        answer = await align(client, pcm, text=text)
    vowels: dict[str, str] = {}
    for mark in answer["data"]["marks"]:
        if mark["phoneme"] in {"ʌ", "ə"}:
            word = re.match(r"\w+", text[mark["char"] :])
            assert word is not None
            vowels[word.group()] = vowels.get(word.group(), "") + mark["phoneme"]
    assert {word: vowels[word] for word in ("brother", "about", "dozen", "muffins")} == {
        "brother": "ʌ",
        "about": "ə",
        "dozen": "ʌə",
        "muffins": "ʌə",
    }


async def test_quick_speech_is_aligned(server: Server, tmp_path: Path) -> None:
    """Twenty sounds a second are found, and another text is still refused."""
    text = "Bob bumped a fabulous brown violin, and Pam moved five maps of Vermont."
    pcm, truth = said(tmp_path, text, stretch=0.7)
    async with server.client() as client:
        answer = await align(client, pcm, text=text)
        other = "The kettle is on the table, and nobody in here knows why, Mary."
        refused = await align(client, pcm, text=other)
    starts = [start for name, start in truth if name != "pau"]
    sounding = [mark["start_ms"] for mark in answer["data"]["marks"] if mark["phoneme"]]
    assert len(sounding) == len(starts)
    errors = np.abs(np.array(sounding) - starts)
    assert np.median(errors) < 15
    assert refused["name"] == "not-aligned"


async def test_silence_between_words_is_a_pause(server: Server, tmp_path: Path) -> None:
    """A mouth shuts while nothing is heard, and opens when the next word is."""
    before, _ = said(tmp_path, "We should go.")
    after, _ = said(tmp_path, "All of us.")
    loud = [np.flatnonzero(np.abs(np.frombuffer(one, np.int16)) > 300) for one in (before, after)]
    first = before[: int(loud[0][-1]) * 2]
    second = after[int(loud[1][0]) * 2 :]
    pcm = first + bytes(16000 // 10 * 2) + second
    async with server.client() as client:
        answer = await align(client, pcm, text="We should go. All of us.")
    silent_ms = len(first) // 32
    [pause] = [
        mark
        for mark in answer["data"]["marks"]
        if not mark["phoneme"] and mark["start_ms"] < silent_ms + 50 < mark["end_ms"]
    ]
    assert abs(pause["start_ms"] - silent_ms) <= 40
    assert abs(pause["end_ms"] - silent_ms - 100) <= 20
