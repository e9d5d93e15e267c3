"""Bring a configured satellite to life, and end everything it started."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
import contextlib
from dataclasses import dataclass
import logging
import os
from pathlib import Path
import time
from typing import Final

from waifu_wire.server import WireServer, start_server

from . import VERSION, protocol
from .audio.channels import Channels
from .audio.devices import open_microphone, open_speaker
from .audio.paced import PacedMicrophone
from .audio.wav import read_for_microphone, write_wav
from .clock import LoopClock
from .config import Config
from .control import SOCKET_NAME, Control
from .echo.canceller import Echo
from .echo.speex import NoEchoLibraryError, SpeexCanceller
from .hearing.endpoint import Endpointer, Patience
from .hearing.vad import EnergyVad, Vad
from .keeping import kept_id, pairing_key
from .link import Link
from .parts import Note, Parts, Settings
from .player import Ended, Stopped
from .satellite import Satellite
from .timers import Timers
from .wake.base import WakeEngine, WakeError
from .wake.engines import make_engine
from .wake.listener import WakeListener
from .watchdog import Watchdog

LOGGER = logging.getLogger(__name__)

ONCE_TIMEOUT_S: Final = 120.0
TIMERS_FILE: Final = "timers.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A satellite that is alive."""

    satellite: Satellite
    server: WireServer
    microphone: PacedMicrophone | None
    key: bytes | None
    """None in plain mode."""


@contextlib.asynccontextmanager
async def running(
    config: Config, *, state_dir: Path, replies: Path | None = None
) -> AsyncIterator[Running]:
    """Have a satellite alive while the context is open."""
    clock = LoopClock()
    echo = _make_echo(config)
    channels = Channels(reference=config.echo_channel, on_reference=echo.device_reference)
    audio_in = open_microphone(config.mic, clock, channels)
    audio_out = open_speaker(config.speaker, clock, config.speaker_rate_hz)
    microphone = audio_in if isinstance(audio_in, PacedMicrophone) else None
    satellite_id = kept_id(state_dir)
    async with contextlib.AsyncExitStack() as stack:
        engine = await asyncio.to_thread(make_engine, config.wake, config.threshold)
        executor = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="waifu-wake"))
        link = Link(
            clock,
            lambda: protocol.info(
                satellite_id=satellite_id,
                name=config.name,
                area=config.area,
                words=engine.words if engine else (),
            ),
        )
        parts = Parts(
            clock=clock,
            audio_in=audio_in,
            audio_out=audio_out,
            endpointer=Endpointer(await asyncio.to_thread(_make_vad, engine), _patience(config)),
            transport=link,
            timers=Timers(state_dir / TIMERS_FILE, time.time),
            watchdog=Watchdog(os.environ),
            echo=echo,
            wake=(lambda on_wake: WakeListener(engine, on_wake, executor)) if engine else None,
        )
        satellite = Satellite(parts, _settings(config))
        link.listener = satellite
        if replies is not None:
            satellite.on_ended = _reply_writer(replies)
        key = pairing_key(config, os.environ, state_dir)
        host, port = config.address
        server = await start_server(link.serve, host=host, port=port, pairing_key=key)
        stack.push_async_callback(server.close)
        await _start(stack, satellite, config, microphone)
        control = Control(satellite, microphone)
        await stack.enter_async_context(control.serving(state_dir / SOCKET_NAME))
        if config.announce:
            await _announce(stack, config, server, satellite_id)
        yield Running(satellite=satellite, server=server, microphone=microphone, key=key)


async def _start(
    stack: contextlib.AsyncExitStack,
    satellite: Satellite,
    config: Config,
    microphone: PacedMicrophone | None,
) -> None:
    """Start the satellite's tasks; they end with the stack."""
    tasks = [asyncio.create_task(satellite.run(), name="waifu satellite")]
    kind, _, path = config.mic.partition(":")
    if microphone is not None and kind == "file" and path:
        pcm = await asyncio.to_thread(read_for_microphone, Path(path))
        speaking = _say_when_connected(satellite, microphone, pcm)
        tasks.append(asyncio.create_task(speaking, name="waifu satellite file microphone"))

    async def end() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    stack.push_async_callback(end)


async def _say_when_connected(
    satellite: Satellite, microphone: PacedMicrophone, pcm: bytes
) -> None:
    """Play the file once there is somebody who could answer."""
    there = asyncio.Event()
    stop_watching = satellite.watch(lambda note: there.set() if note.kind == "connected" else None)
    try:
        await there.wait()
    finally:
        stop_watching()
    await microphone.say(pcm)


async def one_turn(satellite: Satellite, stop: asyncio.Event) -> bool:
    """Return whether a reply was played to its end before a signal or the time-out."""
    heard = asyncio.Event()

    def look(note: Note) -> None:
        if note.kind == "playback_stopped" and note.data["reason"] == Stopped.FINISHED.value:
            heard.set()

    satellite.watch(look)
    waits = [asyncio.create_task(event.wait()) for event in (heard, stop)]
    await asyncio.wait(waits, timeout=ONCE_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return heard.is_set()


async def _announce(
    stack: contextlib.AsyncExitStack, config: Config, server: WireServer, satellite_id: str
) -> None:
    """Announce the satellite; a machine without a network serves all the same."""
    # Zeroconf is loaded only where it is used.
    from waifu_wire.discovery import Announcement, announced  # noqa: PLC0415 - see above

    what = Announcement(
        id=satellite_id,
        name=config.name,
        role="satellite",
        version=VERSION,
        host=config.address[0],
        port=server.port,
        secure=server.secure,
    )
    try:
        await stack.enter_async_context(announced(what))
    except OSError as err:
        LOGGER.warning("Could not announce the satellite on the network: %s", err)


def _reply_writer(folder: Path) -> Callable[[Ended], None]:
    """Return what writes each stream, as far as it was heard, into a WAV of its own."""
    count = 0

    def write(ended: Ended) -> None:
        nonlocal count
        count += 1
        name = f"{count:03d}-{ended.sound.turn_id or 'announcement'}.wav"
        write_wav(folder / name, ended.sound.heard(ended.place), ended.sound.rate_hz)

    return write


def _make_vad(engine: WakeEngine | None) -> Vad:
    """Return the network where its model is installed, else the one by loudness."""
    if engine is not None and engine.words[0].engine == "microwakeword":
        # Chosen for small machines: onnxruntime alone would double the memory.
        return EnergyVad()
    try:
        # Not loaded by satellites that do without onnxruntime.
        from .hearing.silero import SileroVad  # noqa: PLC0415 - see above

        return SileroVad()
    except (WakeError, ImportError) as err:
        LOGGER.info("End of speech is found by loudness alone: %s", err)
        return EnergyVad()


def _make_echo(config: Config) -> Echo:
    """Return what takes her own voice out of the microphone, as far as the machine can."""
    if config.echo == "off":
        return Echo(None)
    try:
        return Echo(SpeexCanceller())
    except NoEchoLibraryError as err:
        LOGGER.warning("%s", err)
        return Echo(None)


def _patience(config: Config) -> Patience:
    """Return the waiting times of the configuration."""
    return Patience(
        silence_s=config.silence_s,
        shortest_s=min(config.silence_s, Patience().shortest_s),
        longest_s=max(config.silence_s, Patience().longest_s),
        no_speech_s=config.no_speech_s,
    )


def _settings(config: Config) -> Settings:
    """Return the satellite's share of the configuration."""
    return Settings(chime=config.chime, volume=config.volume, follow_up_s=config.follow_up_s)
