"""What comes from outside, damaged in a thousand ways with a fixed seed: refused or read, and cheap.

A reader may raise its own error and no other, and holds at most 64 MiB more than before.
"""

import asyncio
from collections.abc import Callable, Iterator
import importlib
import json
from pathlib import Path
import random
import struct
import tracemalloc

from fake_llm import Reply
import httpx
from llm_wire import anthropic_frames, ollama_frames, openai_frames
import pytest
from wyoming.event import Event

from custom_components.waifu_rt3d.avatars.errors import BadAvatar
from custom_components.waifu_rt3d.avatars.examine import examine
from custom_components.waifu_rt3d.characters.cards.card import card_from
from custom_components.waifu_rt3d.characters.cards.errors import CardError
from custom_components.waifu_rt3d.characters.cards.files import read_card, write_card
from custom_components.waifu_rt3d.memory.errors import BadImport
from custom_components.waifu_rt3d.memory.exchange import detect
from custom_components.waifu_rt3d.providers.base import Provider
from custom_components.waifu_rt3d.providers.errors import ProviderError
from custom_components.waifu_rt3d.stage.markup import MarkupParser
from custom_components.waifu_rt3d.voice.frames import FrameError, encode_frame, read_frame

from .avatars import made
from .providers.conftest import asking, connect_anthropic, connect_ollama, connect_openai

SEED = 20261127
ROUNDS = 250
MOST_BYTES = 64 << 20
_JUNK = (
    b"\x00",
    b"\xff",
    b"{",
    b"}",
    b'"',
    b"[",
    b"\n",
    b"\r\n\r\n",
    b"9999999999",
    b"-1",
    b"null",
)


def damaged(whole: bytes, rounds: int = ROUNDS) -> Iterator[bytes]:
    """Yield a file again and again: cut, turned over, repeated, mixed with junk, lying of its lengths."""
    chance = random.Random(SEED)
    for _ in range(rounds):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            place = chance.randrange(len(data) + 1)
            match chance.randrange(6):
                case 0:
                    del data[place:]
                case 1 if data:
                    data[place % len(data)] ^= 1 << chance.randrange(8)
                case 2:
                    data[place:place] = chance.choice(_JUNK) * chance.choice((1, 3, 200))
                case 3:
                    data[place : place + 4] = struct.pack(
                        "<I", chance.choice((0, 1 << 30, 2**32 - 1))
                    )
                case 4:
                    length = chance.randrange(1, 400)
                    data[place:place] = data[place : place + length] * 3
                case _:
                    del data[place : place + chance.randrange(1, 40)]
            data = data or bytearray(b"\x00")
        yield bytes(data)


@pytest.fixture(autouse=True)
def thrifty() -> Iterator[None]:
    """Hold what a test takes to the bound; the SDKs' own code is loaded before."""
    for sdk in ("anthropic", "ollama", "openai"):
        importlib.import_module(sdk)
    tracemalloc.start()
    yield
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES, f"{peak >> 20} MiB"


def survive(read: Callable[[bytes], object], whole: bytes, refusal: type[Exception]) -> None:
    """Read the whole file, then every damaged one: nothing but the refusal comes out."""
    read(whole)
    refused = 0
    for data in damaged(whole):
        try:
            read(data)
        except refusal:
            refused += 1
    assert refused, "the damage was not seen once"


CARD = card_from(
    {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {
            "name": "Bee",
            "first_mes": "Bzz!",
            "alternate_greetings": ["Hum."],
            "character_book": {
                "entries": [{"keys": ["hive"], "content": "Home.", "enabled": True}]
            },
            "extensions": {"of": {"another": ["program"]}},
        },
    }
)


@pytest.mark.parametrize("suffix", ["json", "png", "charx", "jpg", "yaml", "byaf"])
def test_cards(suffix: str) -> None:
    """A character card is read or refused."""
    survive(read_card, write_card(CARD, f".{suffix}"), CardError)


@pytest.mark.parametrize("document", [made.vrm_0(), made.vrm_1(), made.document()])
def test_models(document: dict[str, object]) -> None:
    """A figure is taken or refused."""
    survive(examine, made.glb(document), BadAvatar)


def _talks() -> dict[str, str]:
    """Return small conversations of several programs."""
    lines = [{"user_name": "A", "character_name": "Bee"}]
    lines += [
        {"name": "A", "is_user": True, "mes": "Hi", "send_date": "2026-01-01 @10h 00m 00s 0ms"}
    ]
    return {
        "sillytavern": "\n".join(json.dumps(line) for line in lines),
        "openai": json.dumps({"messages": [{"role": "user", "content": "Hi"}] * 3}),
        "webui": json.dumps({"internal": [["Hi", "Bzz"]], "visible": [["Hi", "Bzz"]]}),
    }


@pytest.mark.parametrize("program", ["sillytavern", "openai", "webui"])
def test_imports(program: str, tmp_path: Path) -> None:
    """Conversations of other programs are read or refused."""
    path = tmp_path / "talk.json"

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return detect.read(path)

    survive(read, _talks()[program].encode(), BadImport)


def test_markup() -> None:
    """Any text comes out with its words; nothing hangs and nothing is raised."""
    chance = random.Random(SEED)
    pieces = ("[", "]", "[happy", ":0.5]", "<|", "|>", "*", "**", "`", "```", "<think>", "</think>")
    pieces += (
        "word ",
        "3.14",
        "e.g. ",
        "\n",
        "\u200d",
        "👩‍🚀",
        "你好",
        "\x00",
        "http://a.b/[c]",
        "~~",
        "# ",
    )
    for _ in range(ROUNDS):
        parser = MarkupParser()
        for _ in range(chance.randrange(1, 60)):
            parser.feed(chance.choice(pieces) * chance.choice((1, 1, 1, 30)))
        parser.finish()


async def _frames(data: bytes) -> None:
    """Read frames until the end."""
    reader = asyncio.StreamReader(limit=1 << 16)
    reader.feed_data(data)
    reader.feed_eof()
    while await read_frame(reader) is not None:
        pass


async def test_frames() -> None:
    """What a satellite or speech server sends is a frame, or ends the connection."""
    events = (
        Event(type="info", data={"asr": [{"name": "x" * 300}]}),
        Event(
            type="audio-chunk", data={"rate": 16000, "width": 2, "channels": 1}, payload=bytes(640)
        ),
        Event(type="user-event", data={"name": "scores", "data": {"a": [1, 2, 3]}}),
    )
    whole = b"".join(map(encode_frame, events))
    await _frames(whole)
    refused = 0
    for data in damaged(whole, ROUNDS * 4):
        try:
            await _frames(data)
        except FrameError:
            refused += 1
    assert refused


@pytest.mark.parametrize("expected_lingering_tasks", [True])
@pytest.mark.parametrize(
    ("connect", "write"),
    [
        (connect_openai, openai_frames),
        (connect_ollama, ollama_frames),
        (connect_anthropic, anthropic_frames),
    ],
    ids=["openai", "ollama", "anthropic"],
)
async def test_streams_of_models(
    connect: Callable[..., Provider], write: Callable[..., Iterator[bytes]]
) -> None:
    """What a model's server writes is an answer, or one of the errors that have a sentence.

    The SDKs leave the ends of broken streams to the garbage collector.
    """
    reply = Reply(
        words=("Hello ", "there."), thinking=("Hm.",), calls=(("recall", {"about": "x"}),)
    )
    whole = b"".join(write(reply, "tiny-tools"))
    refused = 0
    for data in damaged(whole, 40):

        def answer(_request: httpx.Request, data: bytes = data) -> httpx.Response:
            return httpx.Response(200, content=data, headers={"content-type": "text/event-stream"})

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            provider = connect("http://model.invalid", "key", http)
            try:
                async for _ in provider.stream(asking()):
                    pass
            except ProviderError:
                refused += 1
    assert refused
