"""A satellite that sends rubbish: Home Assistant drops it, keeps calm and dials again."""

import asyncio
from collections.abc import AsyncGenerator
import contextlib
import json
import logging
import random

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN

from ..processes import free_port
from .rooms import SATELLITE, async_until

ROUNDS = 300
EVENTS = (
    *("audio-chunk", "audio-stop", "audio-start", "played", "info", "pong", "ping", "detection"),
    *("error", "user-event", "run-pipeline", "timer-finished", "", "\u2603"),
)
NAMES = (
    *("wake", "settings", "stats", "scores", "state", "timers", "clock-reply", "not-heard"),
    *("playback-started", "playback-position", "playback-stopped", "sound-test", "nonsense"),
)
ODD = (None, True, -1, 1e308, "", "\u0000", [], {}, [[]], {"a": {"b": []}}, "x" * 300)


class Rubbish:
    """A server that answers each connection with something else that makes no sense."""

    def __init__(self) -> None:
        """Make the same rubbish in every run."""
        self.random = random.Random(8)
        self.dialled = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send rubbish, then close or fall silent for good."""
        self.dialled += 1
        with contextlib.suppress(ConnectionError):
            await reader.readline()
            for _ in range(self.random.randint(1, 20)):
                writer.write(self.piece())
            await writer.drain()
        writer.close()

    def piece(self) -> bytes:
        """Return a frame whose values make no sense, or bytes that are no frame."""
        if self.random.random() < 0.1:
            return self.random.randbytes(self.random.randint(1, 400))
        data = {key: self.random.choice(ODD) for key in ("name", "data", "text", "code", "rate")}
        if self.random.random() < 0.7:
            data["name"] = self.random.choice(NAMES)
            keys = (
                "at_ms",
                "audio_ms",
                "turn_id",
                "wake_words",
                "scores",
                "timers",
                "state",
                "refused",
            )
            data["data"] = {key: self.random.choice(ODD) for key in keys}
        header = {
            "type": self.random.choice(EVENTS),
            "data": data if self.random.random() < 0.9 else self.random.choice(ODD),
            "payload_length": self.random.choice((None, 0, 3, 3, 3, -1, 10**9, "3")),
        }
        return json.dumps(header).encode() + b"\n" + b"abc"


@pytest.fixture
async def rubbish(socket_enabled: None) -> AsyncGenerator[tuple[Rubbish, int]]:
    """Return a satellite that sends rubbish, and its port."""
    server, port = Rubbish(), free_port()
    async with await asyncio.start_server(server.serve, "127.0.0.1", port):
        yield server, port


async def test_fuzzed_frames_of_a_satellite_do_no_harm(
    core: HomeAssistant,
    companion: MockConfigEntry,
    rubbish: tuple[Rubbish, int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each round ends the connection at most; the link dials again, and nothing is logged as a fault."""
    server, port = rubbish
    for limit in ("FIRST_WAIT_S", "SOON_EVERY_S"):
        monkeypatch.setattr(f"custom_components.waifu_rt3d.room.redial.{limit}", 0.001)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="satellite-kitchen",
        title="Kitchen",
        data={"kind": "satellite", "host": "127.0.0.1", "port": port, "pairing_key": None},
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await async_until(lambda: server.dialled >= ROUNDS)
    assert core.states.get(SATELLITE) is not None
    assert await core.config_entries.async_unload(entry.entry_id)
    await core.async_block_till_done(wait_background_tasks=True)
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not faults, [record.getMessage() for record in faults]
