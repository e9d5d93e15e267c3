"""Bring a configured satellite to life, and end everything it started."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
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
from .hands import hands
from .hearing.endpoint import Endpointer, Patience
from .hearing.vad import EnergyVad, Vad
from .keeping import kept_id, pairing_key
from .link import Link
from .memory import give_back
from .parts import Note, Parts
from .player import Ended, Stopped
from .preferences import Preferences, Settings
from .satellite import Satellite
from .timers import Timers
from .wake.base import Listener, Wake, WakeError
from .wake.catalogue import catalogue, known_as
from .wake.engines import make_engines
from .wake.keyword import make_stop_engine
from .wake.listener import WakeListener
from .wake.words import Chosen, WakeWords
from .watchdog import Watchdog

LOGGER = logging.getLogger(__name__)

ONCE_TIMEOUT_S: Final = 120.0
TIMERS_FILE: Final = "timers.json"
PREFERENCES_FILE: Final = "preferences.json"
MODELS_FOLDER: Final = "wake-words"
RECORDINGS_FOLDER: Final = "recordings"


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
        executor = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="waifu-wake"))
        preferences = Preferences(_settings(config), state_dir / PREFERENCES_FILE)
        words = await _make_words(config, state_dir, preferences.settings, executor)
        link = Link(
            clock,
            lambda: protocol.info(
                satellite_id=satellite_id,
                name=config.name,
                area=config.area,
                known=words.known.values(),
                active=list(words.chosen.names),
            ),
        )
        parts = Parts(
            clock=clock,
            audio_in=audio_in,
            audio_out=audio_out,
            endpointer=Endpointer(await asyncio.to_thread(_make_vad, words), _patience(config)),
            transport=link,
            timers=Timers(state_dir / TIMERS_FILE, time.time, _steady_s),
            watchdog=Watchdog(os.environ),
            echo=echo,
            wake=words,
            stop_word=await _make_stop_word(config, executor),
            recordings=state_dir / RECORDINGS_FOLDER,
        )
        satellite = Satellite(parts, preferences)
        link.listener = satellite
        if replies is not None:
            satellite.on_ended = _reply_writer(replies)
        key = pairing_key(config, os.environ, state_dir)
        host, port = config.address
        server = await start_server(link.serve, host=host, port=port, pairing_key=key)
        stack.push_async_callback(server.close)
        satellite.health.refused = server.refused
        await _start(stack, satellite, config, microphone)
        stack.enter_context(hands(satellite, config.gpio))
        control = Control(satellite, microphone)
        await stack.enter_async_context(control.serving(state_dir / SOCKET_NAME))
        if config.announce:
            await _announce(stack, config, server, satellite_id)
        give_back()
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


async def _make_words(
    config: Config, state_dir: Path, settings: Settings, executor: Executor
) -> WakeWords:
    """Return the wake words, listening; chosen ones that are gone give way to the configured."""
    models = Path(config.wake_models or state_dir / MODELS_FOLDER)
    known = catalogue(config.wake, models)
    configured = tuple(known_as(spec, known) for spec in config.wake if spec != "none")
    names = configured if settings.wake_words is None else settings.wake_words
    names = tuple(name for name in names if name in known)
    thresholds = dict.fromkeys(configured, config.threshold) if config.threshold else {}
    chosen = Chosen(names=names, thresholds={**thresholds, **settings.thresholds})
    words = WakeWords(
        known,
        chosen,
        executor=executor,
        look=lambda: catalogue(config.wake, models),
        folder=models,
    )
    specs = tuple(word.spec for word in words.active)
    words.start(await asyncio.to_thread(make_engines, specs))
    return words


async def _make_stop_word(
    config: Config, executor: Executor
) -> Callable[[Callable[[Wake], None]], Listener] | None:
    """Return what makes the listener for a stop word, None where none is wanted."""
    if config.stop_word == "none":
        return None
    engine = await asyncio.to_thread(make_stop_engine, config.stop_word)
    return lambda on_stop: WakeListener(engine, on_stop, executor)


def _steady_s() -> float:
    """Return the seconds since the machine's start, its sleep included."""
    # Linux alone has a clock that goes on while the machine sleeps.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _make_vad(words: WakeWords) -> Vad:
    """Return the network where its model is installed, else the one by loudness."""
    engines = {word.engine for word in words.active}
    if engines == {"microwakeword"}:
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
