"""Engines that are missing, die or fail: whoever asked gets a sentence, and the server goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
import contextlib
import importlib
import io
from pathlib import Path
import sys
import threading
from typing import Any

from pocketsphinx import get_model_path
import pytest
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Event, read_event
from wyoming.wake import Detect

from waifu_satellite.wake.base import WakeError
from waifu_speech import host_worker, pool, wake_jobs, wake_words, worker
from waifu_speech.aligning import Aligning
from waifu_speech.downloading import Downloading
from waifu_speech.errors import EngineDiedError, EngineMissingError, SpeechError
from waifu_speech.grammars import GrammarStore
from waifu_speech.hearing import Hearing
from waifu_speech.host import ModelHost
from waifu_speech.host_worker import Host, Inbox, Outbox
from waifu_speech.models import Model
from waifu_speech.pool import Worker, WorkerPool, start_worker
from waifu_speech.recognisers import SPHINX, choose_recognisers, find_recogniser
from waifu_speech.stt.jobs import PocketsphinxJobs
from waifu_speech.stt.pronounce import Pronouncer
from waifu_speech.tts import espeak_library
from waifu_speech.tts.espeak_library import EspeakLibrary
from waifu_speech.voices import load_catalog
from waifu_speech.waking import Waking

AUDIO = AudioStart(rate=16_000, width=2, channels=1)


class Client:
    """Somebody who asked."""

    def __init__(self) -> None:
        self.got: list[Event] = []
        self.ended = asyncio.Event()
        self.aborted = False

    async def write(self, event: Event) -> None:
        """Take an event."""
        self.got.append(event)
        if event.type == "user-event":
            self.ended.set()

    async def finish(self) -> None:
        """Be done."""
        self.ended.set()

    def abort(self) -> None:
        """Be dropped."""
        self.aborted = True
        self.ended.set()


class Engines:
    """Engines whose every line fails."""

    def __init__(self, failure: BaseException) -> None:
        self._failure = failure
        self.failed = asyncio.Event()
        self.info = Event("info", {"waifu_rt3d": {"align": ["en"]}})
        self.grammars = GrammarStore()
        self.wake_words = [type("Word", (), {"name": "x", "spec": "x", "engine": "x"})()]
        self.recognisers = [SPHINX]
        self.beam = 1
        self.whole_window = False
        self.source = type(
            "Source",
            (),
            {"engines": ["piper"], "folder": Path("/nowhere"), "hub": "http://127.0.0.1:1"},
        )()

    @contextlib.asynccontextmanager
    async def _line(self, *_given: object) -> AsyncIterator[Any]:
        self.failed.set()
        raise self._failure
        yield

    aligner = waker = recogniser = _line


async def align(client: Any, engines: Any) -> Aligning:
    """Ask for the times of a text."""
    aligning = Aligning(client, engines)
    aligning.begin({"text": "hello", "language": "en_GB"})
    aligning.take(AUDIO.event())
    aligning.take(Event("audio-stop"))
    with pytest.raises(SpeechError, match="not aligned yet"):
        aligning.begin({"text": "hello again"})
    return aligning


async def wake(client: Any, engines: Any) -> Waking:
    """Ask for a wake word."""
    waking = Waking(client, engines)
    await waking.take(Event("audio-chunk", {"rate": 16_000, "width": 2, "channels": 1}, b"x"))
    waking.detect(Detect())
    await waking.take(AUDIO.event())
    return waking


async def hear(client: Any, engines: Any) -> Hearing:
    """Ask for a text."""
    hearing = Hearing(client, engines)
    await hearing.take(AudioChunk(rate=16_000, width=2, channels=1, audio=b"xx").event())
    hearing.transcribe(Transcribe(language="en"))
    await hearing.take(AUDIO.event())
    return hearing


type Asking = Callable[[Any, Any], Coroutine[Any, Any, Any]]


@pytest.mark.parametrize("ask", [align, wake, hear])
async def test_engine_that_fails_is_told(ask: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """Its own error goes to the client; what nobody expected is logged, and the client dropped."""
    client = Client()
    asked = await ask(client, Engines(EngineDiedError("The engine died")))
    async with asyncio.timeout(60):
        await client.ended.wait()
    assert "The engine died" in str(client.got[-1].data)
    await asked.close()
    client = Client()
    await ask(client, Engines(RuntimeError("odd")))
    async with asyncio.timeout(60):
        await client.ended.wait()
    assert client.aborted
    assert "odd" in caplog.text


@pytest.mark.parametrize("ask", [align, wake, hear])
async def test_client_that_left_is_not_told(ask: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is there any more."""
    client, engines = Client(), Engines(ConnectionResetError())
    asked = await ask(client, engines)
    async with asyncio.timeout(60):
        await engines.failed.wait()
    await asyncio.sleep(0)
    await asked.close()
    assert (client.got, client.aborted, caplog.records) == ([], False, [])


@pytest.mark.parametrize(
    ("failure", "aborted"), [(ConnectionResetError(), False), (RuntimeError("odd"), True)]
)
async def test_download_ends_with_its_client(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, aborted: bool
) -> None:
    """And with what nobody expected."""
    client = Client()
    tried = asyncio.Event()
    loop = asyncio.get_running_loop()

    def find(*_given: object) -> None:
        loop.call_soon_threadsafe(tried.set)
        raise failure

    monkeypatch.setattr("waifu_speech.downloading.find_remote", find)
    downloading = Downloading(client, Engines(failure))  # type: ignore[arg-type] # what it needs of them
    for models, sentence in (
        ([], "One to"),
        (["bark:x"], "The engine of 'bark:x' is not installed here"),
    ):
        with pytest.raises(SpeechError, match=sentence):
            downloading.begin({"models": models})
    downloading.begin({"models": ["piper:x"]})
    with pytest.raises(SpeechError, match="under way already"):
        downloading.begin({"models": ["piper:x"]})
    async with asyncio.timeout(60):
        await tried.wait()
        while aborted and not client.aborted:
            await asyncio.sleep(0.01)
    await downloading.close()
    assert (client.got, client.aborted) == ([], aborted)


async def test_worker_that_dies_is_not_given_back() -> None:
    """The next client gets another one."""
    workers = WorkerPool("espeak")
    async with workers.worker() as first:
        pass
    first._process.kill()
    await first._process.wait()
    async with workers.worker() as second:
        assert second is not first
    with pytest.raises(EngineDiedError):
        await _kill_while_asked(workers)
    third = await start_worker("espeak")
    third._process.kill()
    with pytest.raises(EngineDiedError):
        await _write_for_ever(third)
    await third.end()
    await workers.close()


async def _kill_while_asked(workers: WorkerPool) -> None:
    """Lose a worker between question and answer."""
    async with workers.worker() as lent:
        lent._process.kill()
        await lent.receive()


async def _write_for_ever(process: Worker | ModelHost) -> None:
    """Send what nobody reads; a pipe takes some of it."""
    async with asyncio.timeout(60):
        while True:
            await process.send(Event("start", {}, bytes(1024)))


async def test_worker_that_says_nothing_is_dead() -> None:
    """Whoever waits gets a sentence in time."""
    started = await start_worker("espeak")
    with pytest.raises(EngineDiedError, match="does not answer"):
        await started.receive(timeout_s=0.05)
    await started.end()


async def test_spare_worker_that_can_not_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told, and the first client does not notice; one too many is ended."""
    workers = WorkerPool("espeak")
    async with workers.worker() as first:
        pass

    async def fail(_engine: str) -> None:
        raise EngineMissingError("espeak-ng is gone")

    with monkeypatch.context() as broken:
        broken.setattr(pool, "start_worker", fail)
        async with workers.worker() as again, asyncio.timeout(60):
            assert again is first
            while "No spare worker for espeak: espeak-ng is gone" not in caplog.text:
                await asyncio.sleep(0.01)
    monkeypatch.setattr(pool, "KEPT_IDLE", 0)
    await workers._add_spare()
    async with workers.worker():
        pass
    await workers.close()


async def test_engine_without_its_library_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker says what to install."""
    monkeypatch.setitem(worker.ENGINES, "lost", ("x", "y"))
    with pytest.raises(EngineDiedError, match="ended unexpectedly"):
        await start_worker("lost")


@pytest.mark.parametrize(
    ("library", "module", "sentence"),
    [
        ("pocketsphinx", "waifu_speech.stt.jobs", "not installed: run"),
        ("faster_whisper", "waifu_speech.stt.whisper", "not installed: run"),
        ("piper", "waifu_speech.tts.piper", "Piper is not installed"),
    ],
)
def test_library_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, library: str, module: str, sentence: str
) -> None:
    """In the worker's first answer."""
    monkeypatch.setitem(sys.modules, library, None)
    for loaded in (module, "waifu_speech.stt.recognizer", "waifu_speech.stt.aligner"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    with pytest.raises(EngineMissingError, match=sentence):
        importlib.import_module(module)


@pytest.mark.parametrize("program", [worker, host_worker])
def test_worker_answers_with_why_it_can_not_start(
    monkeypatch: pytest.MonkeyPatch, program: Any
) -> None:
    """Its parent raises that for everybody who asks."""
    out = io.BytesIO()

    def lacking(*_given: object) -> None:
        raise EngineMissingError("it is not installed")

    monkeypatch.setattr(program, "private_stdout", lambda: out)
    monkeypatch.setattr(program.signal, "signal", lambda *_given: None)
    monkeypatch.setattr(program.importlib, "import_module", lambda _name: Lacking(lacking))
    name = next(iter(program.ENGINES if program is worker else program.MODELS))
    monkeypatch.setattr(sys, "argv", ["x", name, "/nowhere"])
    program.main()
    out.seek(0)
    answer = read_event(out)
    assert answer is not None
    assert answer.data == {"class": "EngineMissingError", "text": "it is not installed"}


class Lacking:
    """A module each of whose classes does the same."""

    def __init__(self, made: Callable[..., None]) -> None:
        self._made = made

    def __getattr__(self, name: str) -> Callable[..., None]:
        return self._made


@pytest.mark.parametrize("failure", [RuntimeError("odd"), BrokenPipeError(), SpeechError("no")])
def test_model_that_fails_ends_its_channel(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """With a sentence, unless nobody reads any more."""

    class Model_:
        def serve(self, inbox: Inbox, send: Outbox) -> None:
            inbox.get()
            raise failure

    out = io.BytesIO()
    host = Host(Model_(), out)
    host.take(Event("start", {"channel": 1}))
    for thread in [one for one in threading.enumerate() if one.name == "channel 1"]:
        thread.join(60)
    out.seek(0)
    answer = read_event(out)
    if isinstance(failure, OSError):
        assert answer is None
    else:
        assert answer is not None
        assert answer.type == "error"
        assert answer.data["channel"] == 1
    assert ("The model failed" in caplog.text) == isinstance(failure, RuntimeError)


async def _host(script: str) -> ModelHost:
    """Return a process that stands for a model's."""
    pipe = asyncio.subprocess.PIPE
    return ModelHost(
        await asyncio.create_subprocess_exec("sh", "-c", script, stdin=pipe, stdout=pipe)
    )


@pytest.mark.parametrize(
    ("script", "sentence"),
    [("exit 0", "ended while it loaded"), ("echo nonsense", "could not be loaded")],
)
async def test_model_that_does_not_load(script: str, sentence: str) -> None:
    """It is said how it ended."""
    host = await _host(script)
    with pytest.raises(EngineDiedError, match=sentence):
        await host.load()
    await host.end()
    assert host.memory_mb == 0.0


async def test_model_that_dies_is_told_to_all_who_wait() -> None:
    """Who writes to it as well."""
    host = await _host("""printf '{"type": "ready"}\\n'; read line; exit 0""")
    await host.load()
    assert host.memory_mb > 0
    channel, other = host.open(), host.open()
    assert host.busy
    with pytest.raises(EngineDiedError, match="does not answer"):
        await other.receive(timeout_s=0.01)
    await channel.send(Event("start"))
    for waiting in (channel, other):
        with pytest.raises(EngineDiedError, match="ended unexpectedly"):
            await waiting.receive(timeout_s=60)
    with pytest.raises(EngineDiedError, match="ended unexpectedly"):
        await _write_for_ever(host)
    await channel.close()
    await host.end()


class Missing:
    """A pool whose engine is not installed, or fails."""

    def __init__(self, failure: SpeechError) -> None:
        self._failure = failure

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[Any]:
        """Fail."""
        raise self._failure
        yield


async def test_house_without_any_voice(models: Path) -> None:
    """The engine that everybody can have is named; a voice that was asked for names its own."""
    pools: Any = {name: Missing(EngineMissingError(f"no {name}")) for name in ("espeak", "flite")}
    with pytest.raises(EngineMissingError, match="no espeak"):
        await load_catalog(pools, [], None)
    with pytest.raises(EngineMissingError, match="no flite"):
        await load_catalog(pools, [], "flite:slt")
    pools["espeak"] = Missing(EngineDiedError("it died"))
    with pytest.raises(EngineDiedError, match="it died"):
        await load_catalog(pools, [], None)


def test_recognisers_are_chosen_by_name(tmp_path: Path) -> None:
    """The wanted one is the first; none, or an unknown one, gets a sentence."""
    model = Model(
        engine="faster-whisper",
        name="base",
        path=tmp_path,
        languages=("de", "en"),
        description="Free speech",
    )
    assert choose_recognisers([model], "none", sphinx=True) == []
    found = choose_recognisers([model], "pocketsphinx:en-us", sphinx=True)
    assert [one.name for one in found] == ["en-us", "base"]
    with pytest.raises(SpeechError, match="There is no recogniser whisper:x"):
        choose_recognisers([model], "whisper:x", sphinx=True)
    assert find_recogniser(found, "base", "de").name == "base"
    with pytest.raises(SpeechError, match="There is no recogniser named 'large'"):
        find_recogniser(found, "large", None)
    with pytest.raises(SpeechError, match="has no recogniser"):
        find_recogniser([], None, None)


def test_wake_words_of_a_house_without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """None are offered; a model that can't be loaded gets its sentence."""

    def missing() -> list[str]:
        raise WakeError("no wheel")

    monkeypatch.setattr(wake_words, "bundled_words", missing)
    assert not [word for word in wake_words.installed_words() if word.engine == "openwakeword"]
    monkeypatch.setattr(wake_words, "find_spec", lambda _name: None)
    assert not [word for word in wake_words.installed_words() if word.engine == "openwakeword"]
    with pytest.raises(SpeechError, match="There is no wake word"):
        wake_jobs.WakeJobs().handle(Event("start", {"specs": ["parrot"]}))


def test_commands_before_their_grammar() -> None:
    """It is refused, and old grammars give way."""
    jobs = PocketsphinxJobs()
    with pytest.raises(SpeechError, match="Sound came before the grammar"):
        jobs.handle(Event("audio", payload=bytes(640)))
    assert jobs.handle(Event("grammar", {"hash": "x", "last": False}, b"{")) == []


def test_words_are_said_without_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the dictionary knows, also its parts; the rest nobody knows."""

    def missing(_self: object) -> None:
        raise EngineMissingError("no espeak-ng")

    monkeypatch.setattr(EspeakLibrary, "__init__", missing)
    pronouncer = Pronouncer(Path(get_model_path("en-us/cmudict-en-us.dict")))
    assert pronouncer.pronunciations("living-room") == ["L IH V IH NG R UW M"]
    assert pronouncer.pronunciations("zzyx-room") == []
    assert pronouncer.pronunciations("zzyxq") == []


def test_espeak_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its package is named."""
    monkeypatch.setattr(espeak_library.ctypes, "CDLL", _no_library)
    with pytest.raises(EngineMissingError, match="espeak-ng"):
        EspeakLibrary()


def _no_library(*_given: object) -> None:
    raise OSError("no such file")
