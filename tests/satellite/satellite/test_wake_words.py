"""Several wake words at once, chosen and tuned while the satellite runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import shutil

from satellite_room import OTHER_SAMPLE, STOP_SAMPLE, WAKE_SAMPLE, Room, wake_word
from wyoming.event import Event

from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.preferences import Preferences, Settings
from waifu_satellite.wake.base import Score, Wake
from waifu_satellite.wake.catalogue import catalogue
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.keyword import make_stop_engine
from waifu_satellite.wake.listener import WakeListener
from waifu_satellite.wake.models import bundled_model
from waifu_satellite.wake.words import Chosen, WakeWords
from waifu_wire.frames import read_frame, write_frame

type Play = Callable[..., None]

SILENCE = bytes(2 * 16_000)


def test_wake_words_are_chosen_while_it_runs(play_scene: Play) -> None:
    """The other word is heard from now on, the first one no more, and Home Assistant is told."""

    async def scene(room: Room) -> None:
        words = {word["name"]: word for word in room.last("settings")[1]["wake_words"]}
        assert [name for name, word in words.items() if word["active"]] == ["hey_jarvis"]
        assert all(word["licence"] and word["engine"] for word in words.values())
        room.user_event("configure", wake_words=["alexa"])
        while not any(w["active"] and w["name"] == "alexa" for w in _words(room)):
            await asyncio.sleep(0.05)
        await room.wake(WAKE_SAMPLE)
        assert "wake" not in room.names()
        await room.wake(OTHER_SAMPLE)
        assert room.last("wake")[1]["name"] == "alexa"
        assert room.last("detection")[1]["name"] == "alexa"

    play_scene(scene)


def _words(room: Room) -> list[dict[str, object]]:
    """Return the words as they were told last."""
    words: list[dict[str, object]] = room.last("settings")[1]["wake_words"]
    return words


def test_several_wake_words_at_once(play_scene: Play) -> None:
    """Each asks for a run under its own name."""

    async def scene(room: Room) -> None:
        room.user_event("configure", wake_words=["hey_jarvis", "alexa"])
        await asyncio.sleep(0.5)
        for marker, name in ((OTHER_SAMPLE, "alexa"), (WAKE_SAMPLE, "hey_jarvis")):
            await room.wake(marker)
            assert room.last("wake")[1]["name"] == name
            room.receive("error", code="stt-no-text-recognized")
            await asyncio.sleep(2.0)

    play_scene(scene)


def test_unknown_wake_word_changes_nothing(play_scene: Play) -> None:
    """What can't be listened for is refused, and what is chosen is told again."""

    async def scene(room: Room) -> None:
        room.user_event("configure", wake_words=["nobody"])
        await asyncio.sleep(0.5)
        assert [w["name"] for w in _words(room) if w["active"]] == ["hey_jarvis"]
        await room.wake()
        assert room.last("wake")[1]["name"] == "hey_jarvis"

    play_scene(scene)


def test_settings_are_tuned_from_home_assistant_and_kept(play_scene: Play) -> None:
    """Threshold, volume and the rest are taken where they make sense, and survive a restart."""

    async def scene(room: Room) -> None:
        room.user_event(
            "configure",
            thresholds={"hey_jarvis": 0.8},
            volume=0.25,
            chime=True,
            follow_up_s=999,
            nonsense=1,
        )
        told = room.last("settings")[1]
        assert told["volume"] == 0.25
        assert told["chime"] is True
        assert told["follow_up_s"] == 8.0
        assert _words(room)[0]["threshold"] == 0.8
        assert room.satellite.player.volume == 0.25
        kept = Preferences(Settings(), room.path.with_name("preferences.json")).settings
        assert (kept.volume, kept.chime, kept.thresholds) == (0.25, True, {"hey_jarvis": 0.8})

    play_scene(scene)


def test_model_that_is_brought_again_is_taken_up(play_scene: Play) -> None:
    """One that is listened for is loaded anew; another one is only offered."""

    async def scene(room: Room) -> None:
        choices = room.satellite.choices
        told = len(room.sent)
        choices._added("nobody_listens_for_it")
        assert choices._choosing is None
        assert len(room.sent) == told + 1
        choices._added("hey_jarvis")
        assert choices._choosing is not None
        await choices._choosing
        assert [word["name"] for word in _words(room) if word["active"]] == ["hey_jarvis"]

    play_scene(scene)


def test_wake_tester_shows_live_scores(play_scene: Play) -> None:
    """Four times a second while somebody looks, and then no more."""

    async def scene(room: Room) -> None:
        room.user_event("wake-test", seconds=2)
        await room.wake()
        await asyncio.sleep(4)
        scores = [e.data["data"] for _, e in room.sent if e.data.get("name") == "scores"]
        assert len(scores) == 8
        assert max(each["scores"].get("hey_jarvis", 0.0) for each in scores) == 1.0
        assert all(isinstance(each["level_db"], float) for each in scores[1:])

    play_scene(scene)


def test_mute_from_home_assistant_survives_a_restart(play_scene: Play) -> None:
    """A microphone that somebody switched off stays off."""

    async def scene(room: Room) -> None:
        room.user_event("configure", muted=True)
        await asyncio.sleep(0.1)
        assert room.state == "muted"
        kept = Preferences(Settings(), room.path.with_name("preferences.json")).settings
        assert kept.muted
        room.user_event("configure", muted=False)
        await asyncio.sleep(0.1)
        assert room.state == "idle"
        await room.wake()
        assert room.state == "wake_pending"

    play_scene(scene)

    async def muted(room: Room) -> None:
        assert room.state == "muted"
        assert room.microphone.opened == 0

    play_scene(muted, muted=True)


def test_stop_word_stops_her_and_a_timer(play_scene: Play) -> None:
    """While she speaks or rings, and only then."""

    async def scene(room: Room) -> None:
        await room.microphone.say(wake_word(STOP_SAMPLE))
        assert room.state == "idle"
        await room.ask()
        room.reply(5.0)
        await asyncio.sleep(0.5)
        assert room.state == "speaking"
        await room.microphone.say(wake_word(STOP_SAMPLE))
        await asyncio.sleep(0.1)
        assert room.state == "idle"
        assert room.last("playback-stopped")[1]["reason"] == "cancelled"
        room.receive("timer-finished", id="T")
        await asyncio.sleep(0.5)
        assert room.state == "ringing"
        await room.microphone.say(wake_word(STOP_SAMPLE))
        await asyncio.sleep(0.1)
        assert room.state == "idle"

    play_scene(scene)


def test_press_stop_and_identify_from_home_assistant(play_scene: Play) -> None:
    """Buttons in Home Assistant do what buttons in the room do."""

    async def scene(room: Room) -> None:
        room.user_event("identify")
        await asyncio.sleep(1.0)
        assert room.played().any()
        room.user_event("press")
        assert room.last("wake")[1]["origin"] == "button"
        room.user_event("stop")
        assert room.state == "idle"

    play_scene(scene)


def test_health_is_told(play_scene: Play) -> None:
    """Score, gaps, reconnects and what the machine says of itself."""

    async def scene(room: Room) -> None:
        await room.wake()
        room.receive("error", code="stt-no-text-recognized")
        room.satellite.disconnected()
        room.satellite.connected()
        await asyncio.sleep(35)
        told = room.last("stats")[1]
        assert told["wake_score"] == 1.0
        assert told["reconnects"] == 1
        assert told["gaps"] == 0
        assert told["rss_mb"] > 10
        assert told["cpu_percent"] >= 0

    play_scene(scene)


def test_own_models_in_the_folder_are_offered(tmp_path: Path) -> None:
    """A trained model that is put into the folder is a word like any other."""
    shutil.copy(bundled_model("alexa_v0.1.onnx"), tmp_path / "mira.onnx")
    known = catalogue(("openwakeword:hey_jarvis",), tmp_path)
    assert known["mira"].licence == "see the model's author"
    assert known["hey_jarvis"].licence == "CC BY-NC-SA 4.0"
    assert "okay_nabu" not in known
    (engine,) = make_engines((known["mira"].spec,))
    assert engine.words[0].name == "mira"


def test_engines_of_two_kinds_listen_together(spoken: Callable[..., Path]) -> None:
    """OpenWakeWord for one word, microWakeWord for the other."""
    known = catalogue(("openwakeword:hey_jarvis", "microwakeword:alexa"), Path("/nowhere"))
    words = WakeWords(known, Chosen(names=("hey_jarvis", "alexa")))
    words.start(make_engines(tuple(word.spec for word in words.active)))
    heard: list[str] = []
    words.on_wake = lambda wake: heard.append(wake.word.name)
    pcm = 3 * SILENCE
    for text, voice in (("hey jarvis", "en-us"), ("alexa", "en-gb")):
        pcm += read_for_microphone(spoken(text, voice, 135)) + 3 * SILENCE
    for at in range(0, len(pcm), 640):
        words.feed(pcm[at : at + 640], (at + len(pcm[at : at + 640])) // 2)
    assert heard == ["hey_jarvis", "alexa"]


class Breaking:
    """An engine that fails at first."""

    def __init__(self) -> None:
        (self.engine,) = make_engines(("openwakeword:hey_jarvis",))
        self.words, self.hop_samples = self.engine.words, self.engine.hop_samples
        self.failures = 3

    def accepted(self) -> None:
        """Go on."""

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything."""
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Fail, and later work."""
        if self.failures:
            self.failures -= 1
            raise RuntimeError("no memory")
        return self.engine.process(pcm)

    def reset(self) -> None:
        """Forget."""
        self.engine.reset()


def test_engine_that_fails_goes_on(spoken: Callable[..., Path]) -> None:
    """A failure is told once, and the next word is heard."""
    wakes: list[Wake] = []
    listener = WakeListener(Breaking(), wakes.append)
    pcm = 3 * SILENCE + read_for_microphone(spoken("hey jarvis", "en-us", 135)) + SILENCE
    for at in range(0, len(pcm), 640):
        listener.feed(pcm[at : at + 640], (at + len(pcm[at : at + 640])) // 2)
    assert len(wakes) == 1


async def test_remote_wake_service() -> None:
    """Audio goes to a Wyoming service, its detection comes back; a lost one is dialled again."""
    got: list[Event] = []
    served = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        served += 1
        while (event := await read_frame(reader)) is not None:
            got.append(event)
            if sum(each.type == "audio-chunk" for each in got) >= 3 * served:
                await write_frame(writer, Event(type="detection", data={"name": "ok_nabu"}))
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    known = catalogue((f"wyoming:127.0.0.1:{port}:ok_nabu",), Path("/nowhere"))
    words = WakeWords(known, Chosen(names=("ok_nabu",)))
    heard: list[Wake] = []
    words.on_wake = heard.append
    words.start([])
    end = 0
    async with asyncio.timeout(60):
        while len(heard) < 2:
            end += 320
            words.feed(bytes(640), end)
            await asyncio.sleep(0.002)
    words.close()
    server.close()
    assert got[0].data == {"names": ["ok_nabu"]}
    assert heard[0].word.engine == "wyoming"
    assert served == 2


def test_stop_phrase_by_pocketsphinx(spoken: Callable[..., Path]) -> None:
    """Said alone it is heard, within a sentence it is not."""
    engine = make_stop_engine("pocketsphinx:stop it")
    assert engine.words[0].phrase == "stop it"

    def hits(text: str, voice: str) -> int:
        engine.reset()
        pcm = SILENCE + read_for_microphone(spoken(text, voice, 150)) + SILENCE
        hop = engine.hop_samples * 2
        hops = [pcm[at : at + hop] for at in range(0, len(pcm) - hop, hop)]
        return sum(score.value > 0.5 for each in hops for score in engine.process(each))

    voices = ("en-us", "en-us+f2", "en-gb", "en-us+m3")
    assert sum(hits("stop it", voice) for voice in voices) >= 2
    assert hits("I told him that he should stop it before he comes home", "en-us") == 0
