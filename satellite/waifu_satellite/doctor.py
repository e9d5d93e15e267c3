"""Look whether everything a satellite needs is there, and say what to do where it is not."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from waifu_wire.server import ListenError, start_server

from .audio.base import AudioError
from .audio.devices import open_microphone, open_speaker
from .audio.paced import PacedMicrophone
from .clock import LoopClock
from .config import Config, ConfigError
from .echo.speex import NoEchoLibraryError, SpeexCanceller
from .format import MIC_RATE_HZ, SAMPLE_BYTES
from .hearing.vad import loudness_db
from .keeping import kept_id, pairing_key
from .signals import Signal, make_signal
from .sound import Kind
from .wake.base import WakeError
from .wake.catalogue import catalogue
from .wake.engines import make_engines

RECORD_S: Final = 2.0
OPEN_TIMEOUT_S: Final = 10.0
TOO_QUIET_DB: Final = -85.0
TOO_LOUD_DB: Final = -12.0

type Check = Callable[[], Coroutine[Any, Any, str]]


class _Problem(Exception):
    """A check found something wrong; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    subject: str
    well: bool
    said: str

    @property
    def line(self) -> str:
        """Return it as a line of the report."""
        return f"{'ok  ' if self.well else 'FAIL'}  {self.subject:12} {self.said}"


async def examine(config: Config, environment: Mapping[str, str], state_dir: Path) -> list[Finding]:
    """Return what was found, one finding for each part."""
    clock = LoopClock()
    checks: dict[str, Check] = {
        "state": lambda: _check_state(config, environment, state_dir),
        "port": lambda: _check_port(config),
        "wake word": lambda: _check_wake(config),
        "echo": lambda: _check_echo(config),
        "microphone": lambda: _check_microphone(config, clock),
        "loudspeaker": lambda: _check_speaker(config, clock),
    }
    return [await _run(subject, check) for subject, check in checks.items()]


async def _run(subject: str, check: Check) -> Finding:
    """Return a check's finding."""
    try:
        async with asyncio.timeout(OPEN_TIMEOUT_S + RECORD_S):
            said = await check()
    except (_Problem, AudioError, WakeError, ConfigError, ListenError) as err:
        return Finding(subject=subject, well=False, said=str(err))
    except TimeoutError:
        return Finding(subject=subject, well=False, said="does not answer")
    return Finding(subject=subject, well=True, said=said)


async def _check_state(config: Config, environment: Mapping[str, str], state_dir: Path) -> str:
    """Look whether id and key can be kept."""
    kept_id(state_dir)
    key = pairing_key(config, environment, state_dir)
    return f"{state_dir} can be written, " + ("encrypted" if key else "plain, by choice")


async def _check_port(config: Config) -> str:
    """Look whether the port is free."""
    host, port = config.address
    server = await start_server(_refuse, host=host, port=port)
    await server.close()
    return f"{host}:{port} is free"


async def _refuse(_connection: object) -> None:
    """Serve nobody."""


async def _check_wake(config: Config) -> str:
    """Look whether the wake words can be loaded."""
    specs = tuple(spec for spec in config.wake if spec != "none")
    if not specs:
        return "none: button and follow-up only"
    known = catalogue(specs, Path(config.wake_models or "wake-words")).values()
    await _survive(_load_wake_words, specs)
    words = [each for each in known if each.spec in specs]
    return ", ".join(f"{word.phrase} ({word.engine}, {word.licence})" for word in words)


def _load_wake_words(specs: tuple[str, ...]) -> None:
    """Load the wake words and let each engine hear something."""
    for engine in make_engines(specs):
        engine.process(bytes(engine.hop_samples * SAMPLE_BYTES))


async def _survive[*Arguments](work: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
    """Do something in a process of its own: a library that crashes there is a finding, not the end.

    Forked, as an emulator runs no second program.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        try:
            await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
        except BrokenProcessPool:
            raise _Problem(
                "crashes as it is loaded: its library does not run on this processor; under an emulator"
                " give it an ARM /proc/cpuinfo, else choose another wake word's engine"
            ) from None


async def _check_echo(config: Config) -> str:
    """Look whether her own voice can be taken out of the microphone."""
    if config.echo == "off":
        return "is not cancelled, by choice: the wake word may not be heard while she speaks"
    try:
        SpeexCanceller()
    except NoEchoLibraryError as err:
        raise _Problem(str(err)) from err
    channel = config.echo_channel
    return "is cancelled" + ("" if channel is None else f" by channel {channel} of the microphone")


async def _check_microphone(config: Config, clock: LoopClock) -> str:
    """Record for two seconds and look at the level."""
    microphone = open_microphone(config.mic, clock)
    if isinstance(microphone, PacedMicrophone):
        return f"{config.mic} needs no device"
    pcm = bytearray()
    enough = asyncio.Event()

    def take(frame: bytes, _at_ms: float) -> None:
        pcm.extend(frame)
        if len(pcm) >= RECORD_S * MIC_RATE_HZ * SAMPLE_BYTES:
            enough.set()

    running = asyncio.ensure_future(microphone.run(take))
    waiting = asyncio.ensure_future(enough.wait())
    try:
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        running.cancel()
        waiting.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
    return _judge_level(loudness_db(bytes(pcm)))


def _judge_level(level_db: float) -> str:
    """Return a sentence on a microphone's level."""
    if level_db < TOO_QUIET_DB:
        raise _Problem(f"delivers only silence ({level_db:.0f} dB): is it muted or the wrong one?")
    if level_db > TOO_LOUD_DB:
        raise _Problem(f"is overdriven ({level_db:.0f} dB): lower its gain with alsamixer")
    return f"delivers, level {level_db:.0f} dB"


async def _check_speaker(config: Config, clock: LoopClock) -> str:
    """Play a short sound."""
    if config.speaker.partition(":")[0] == "file":
        return f"{config.speaker} needs no device"
    speaker = open_speaker(config.speaker, clock, config.speaker_rate_hz)
    try:
        tone = make_signal(Signal.LISTENING, kind=Kind.CHIME, rate_hz=speaker.rate_hz)
        await speaker.play(tone)
    finally:
        await speaker.close()
    return "took a short sound: did you hear it?"
