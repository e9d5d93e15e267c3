"""The satellite: what happens goes into the state table, what the table says is done."""

import asyncio
from collections import deque
from collections.abc import Callable
import logging
from typing import Final

from wyoming.event import Event

from . import protocol
from .audio.paced import PacedMicrophone
from .choices import Choices
from .format import MIC_RATE_HZ
from .health import Health
from .hearing.ears import Ears
from .hearing.level import NoiseFloor
from .intake import Intake
from .loopback import Loopback
from .microphone import DEAF_S, Microphone
from .parts import Note, Parts
from .player import Ended, Player, Report, Stopped
from .preferences import Preferences, Settings
from .recording import Recording
from .reporting import send_report
from .requests import Requests
from .signals import Signal, make_signal
from .sound import Kind
from .states import TIMEOUT_S, Action, Machine, State, Trigger
from .tester import WakeTester
from .wake.base import Wake

LOGGER = logging.getLogger(__name__)

TALK: Final = frozenset({Kind.STREAM, Kind.NOTICE})
STATS_EVERY_S: Final = 30.0
BUTTON: Final = "button"
FOLLOW_UP: Final = "follow_up"
SOUNDING: Final = frozenset({State.SPEAKING, State.ANNOUNCING, State.RINGING})


class Satellite:
    """One room."""

    def __init__(self, parts: Parts, preferences: Preferences | None = None) -> None:
        """Put the parts together; `run` brings them to life."""
        self._clock = parts.clock
        self._microphone = Microphone(
            parts.audio_in, parts.clock, self._on_frame, lambda: self.tell(Trigger.AUDIO_LOST)
        )
        self._watchdog = parts.watchdog
        self.timers = parts.timers
        self.timers.on_ring = lambda: self.tell(Trigger.RING)
        self.timers.on_hush = lambda: self.tell(Trigger.HUSH)
        self._transport = parts.transport
        self._machine = Machine()
        self._loop = asyncio.get_running_loop()
        self._timeout: asyncio.TimerHandle | None = None
        self._triggers: deque[Trigger] = deque()
        self._watchers: list[Callable[[Note], None]] = []
        self.on_ended: Callable[[Ended], None] | None = None
        """Called with each stream that has ended, for tests and demonstrations."""
        self.player = Player(parts.clock, parts.audio_out, self._on_report)
        self.choices = Choices(
            preferences or Preferences(Settings()),
            self.player,
            parts.wake,
            send=parts.transport.send,
            mute=self._set_microphone,
        )
        self._echo = parts.echo
        self.player.reference = self._echo.reference
        self.intake = Intake(self.player, lambda _sound: self.tell(Trigger.SOUND_STARTED))
        self._noise = NoiseFloor()
        self.health = Health(parts.clock)
        self._tester = WakeTester(
            lambda: self._noise.level_db,
            lambda best, db: self._transport.send(protocol.scores(best, db)),
        )
        device = not isinstance(parts.audio_in, PacedMicrophone)
        self.loopback = Loopback(self.player, parts.transport.send, device=device)
        self.recording = Recording(parts.recordings, parts.transport.send, self.identify)
        self.wake_words = parts.wake
        if self.wake_words is not None:
            self.wake_words.on_wake = self._on_wake
            self.wake_words.on_scores = self._tester.hear
        self._stop_word = parts.stop_word(self._on_stop_word) if parts.stop_word else None
        self._ears = Ears(
            wake=self.wake_words.feed if self.wake_words is not None else None,
            endpointer=parts.endpointer,
            send=lambda pcm, ms: self._transport.send(protocol.audio_chunk(pcm, ms)),
            tell=self._on_speech,
        )
        self._requests = Requests(self)
        self._origin: Wake | str = BUTTON
        self.turn_id: str | None = None
        """The turn that the present run belongs to."""
        self._window_s = self.settings.follow_up_s
        self._actions = self._make_actions()

    @property
    def settings(self) -> Settings:
        """Return what the home has chosen."""
        return self.choices.settings

    @property
    def state(self) -> State:
        """Return what the satellite is doing."""
        return self._machine.state

    async def run(self) -> None:
        """Hear and speak until cancelled."""
        self._arm()
        if self.settings.muted:
            self.tell(Trigger.MUTE)
        self._open_microphone()
        self.timers.load()
        self._watchdog.ready()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch_microphone(), name="waifu satellite watch")
                tasks.create_task(self._tell_health(), name="waifu satellite health")
        finally:
            await self._close()

    def watch(self, watcher: Callable[[Note], None]) -> Callable[[], None]:
        """Tell `watcher` what happens; return what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # What people and programs in the room want.

    def press(self) -> None:
        """Do what a wake word does: a button, a tap, a program."""
        self._origin = BUTTON
        self.tell(Trigger.WAKE)

    def stop(self) -> None:
        """Stop what goes on: sound, listening, ringing."""
        self.tell(Trigger.STOP)

    def mute(self, *, muted: bool) -> None:
        """Close the microphone, or open it again."""
        self.choices.change({"muted": muted})

    def identify(self) -> None:
        """Let people in the room see and hear which satellite this is."""
        self.note("identify")
        self._signal(Signal.IDENTIFY, Kind.CHIME)

    def test_wake(self, seconds: float) -> None:
        """Send live scores for so long; 0 ends that."""
        self._tester.start(seconds)

    # What Home Assistant wants (`link.Listener`, `requests`).

    def connected(self) -> None:
        """Take a primary."""
        self.note("connected")
        self.health.connected()
        self.tell(Trigger.CONNECTED)
        self.tell(Trigger.RESUME)
        self.choices.tell()
        self._transport.send(protocol.state(self.state.value))
        self.recording.tell()
        if living := self.timers.living():
            self._transport.send(protocol.timers(living))

    def disconnected(self) -> None:
        """Go on without a primary."""
        self.note("disconnected")
        self._tester.close()
        self.tell(Trigger.DISCONNECTED)

    def received(self, event: Event) -> None:
        """Do what an event of the primary asks for."""
        self._requests.take(event)

    def listen(self, seconds: float | None) -> None:
        """Listen without a wake word once the sound has ended."""
        self._window_s = seconds or self.settings.follow_up_s
        self.tell(Trigger.LISTEN)

    # What the ears and the loudspeaker tell.

    def _on_wake(self, wake: Wake) -> None:
        """Take a wake word."""
        if self.state in {State.WAKE_PENDING, State.LISTENING} or self._echo.only_hers:
            return
        self._origin = wake
        self.tell(Trigger.WAKE)

    def _on_stop_word(self, wake: Wake) -> None:
        """Take a stop word."""
        self.note("stop_word", name=wake.word.name)
        self.stop()

    def _on_speech(self, trigger: Trigger) -> None:
        """Take what the ears made of the microphone."""
        if trigger is Trigger.SPEECH_STARTED and self.state is State.FOLLOW_UP:
            self._origin = FOLLOW_UP
        self.tell(trigger)

    def _on_report(self, report: Report) -> None:
        """Pass on where the loudspeaker is, and notice the end of the talk."""
        sound = report.sound
        if sound.kind is Kind.STREAM:
            send_report(report, self._transport.send, lambda kind, data: self.note(kind, **data))
        if not isinstance(report, Ended):
            return
        if sound.kind is Kind.STREAM and self.on_ended is not None:
            self.on_ended(report)
        if report.sound is self.intake.receiving:
            self.intake.drop()
        if sound.kind in TALK and report.last:
            self.tell(Trigger.SOUND_ENDED)
        if sound.kind is Kind.RING and self.state is State.RINGING:
            self._start_ring()

    # The table at work.

    def tell(self, trigger: Trigger) -> None:
        """Take a trigger through the table; what comes up meanwhile waits its turn."""
        self._triggers.append(trigger)
        if len(self._triggers) > 1:
            return
        while self._triggers:
            self._step(self._triggers[0])
            self._triggers.popleft()

    def _step(self, trigger: Trigger) -> None:
        """Take one trigger and do what the table says."""
        before = self._machine.state
        actions = self._machine.step(trigger)
        after = self._machine.state
        if after is not before or trigger is Trigger.TIMEOUT:
            self._arm()
        for action in actions:
            self._actions[action]()
        if after is not before:
            LOGGER.debug("%s -> %s (%s)", before, after, trigger)
            self._transport.send(protocol.state(after.value))
            self.note("state", state=after.value, before=before.value, trigger=trigger.value)

    def _arm(self) -> None:
        """Start the time-out of the present state."""
        if self._timeout is not None:
            self._timeout.cancel()
        state = self._machine.state
        timeout_s = self._window_s if state is State.FOLLOW_UP else TIMEOUT_S[state]
        self._timeout = self._loop.call_later(timeout_s, self.tell, Trigger.TIMEOUT)

    def _make_actions(self) -> dict[Action, Callable[[], None]]:
        """Return what each action of the table does."""
        return {
            Action.REQUEST_RUN: self._request_run,
            Action.STOP_STREAM: self._ears.stop_stream,
            Action.END_SPEECH: self._end_speech,
            Action.CHIME: self._chime,
            Action.BARGE_IN: lambda: self.player.stop(Stopped.BARGE_IN, TALK),
            Action.STOP_SOUND: lambda: self.player.stop(Stopped.CANCELLED, TALK),
            Action.MUTE_SOUND: lambda: self.player.stop(Stopped.MUTED, TALK),
            Action.CLOSE_SOUND: self.intake.stop,
            Action.OPEN_WINDOW: lambda: self._ears.open_window(self._window_s),
            Action.CLOSE_WINDOW: self._ears.close_window,
            Action.NOT_HEARD: lambda: self._transport.send(protocol.not_heard()),
            Action.SAY_OFFLINE: lambda: self._signal(Signal.OFFLINE, Kind.NOTICE),
            Action.SAY_ERROR: lambda: self._signal(Signal.ERROR, Kind.CHIME),
            Action.START_RING: self._start_ring,
            Action.STOP_RING: lambda: self.player.stop(Stopped.CANCELLED, frozenset({Kind.RING})),
            Action.TIMERS_HEARD: self.timers.heard,
            Action.CHECK_HEALTH: self._check_health,
            Action.REOPEN_AUDIO: self._open_microphone,
        }

    def _request_run(self) -> None:
        """Ask for a run and let the microphone's audio follow."""
        origin, ring_end = self._origin, self._ears.ring.end
        if isinstance(origin, Wake):
            at_ms = origin.at_sample * 1000 // MIC_RATE_HZ
            self._send_wake("wake_word", origin)
            self._transport.send(protocol.detection(origin.word.name, at_ms))
            self._transport.send(protocol.run_pipeline(origin.word.name))
            self._ears.stream_after_wake(origin.at_sample)
            return
        self._send_wake(origin, None)
        self._transport.send(protocol.run_pipeline(None))
        start = self._ears.onset if origin == FOLLOW_UP else ring_end
        self._ears.start_stream(start, start)

    def _send_wake(self, origin: str, wake: Wake | None) -> None:
        """Tell why a run is asked for."""
        self.turn_id = None
        at_ms = self._clock.now_ms()
        name, score = (wake.word.name, wake.score) if wake else (None, None)
        snr_db = self._noise.snr_db if wake else None
        if wake is not None:
            self.health.woken(wake.score, snr_db)
        self._transport.send(
            protocol.wake(origin=origin, name=name, score=score, snr_db=snr_db, at_ms=at_ms)
        )
        self.note("wake", origin=origin, name=name, score=score)

    def _end_speech(self) -> None:
        """Tell Home Assistant that somebody has finished speaking."""
        sent_ms = self._ears.stream_ms
        self._ears.stop_stream()
        self._transport.send(protocol.audio_stop(sent_ms))
        self.note("speech_ended", audio_ms=sent_ms)

    def _chime(self) -> None:
        """Say that she listens, where the home wants to hear it."""
        if self.settings.chime:
            self._signal(Signal.LISTENING, Kind.CHIME)

    def _signal(self, signal: Signal, kind: Kind) -> None:
        """Play one of our own sounds."""
        self.player.play(make_signal(signal, kind=kind, rate_hz=self.player.rate_hz))

    def _start_ring(self) -> None:
        """Ring once; the end of the melody begins the next while the state lasts."""
        self._signal(Signal.TIMER, Kind.RING)

    # The microphone.

    def _open_microphone(self) -> None:
        """Open the microphone, unless it is shut on purpose."""
        if not self._machine.flags.muted:
            self._microphone.open()

    def _set_microphone(self, muted: bool) -> None:
        """Close the device on purpose, or open it."""
        self.tell(Trigger.MUTE if muted else Trigger.UNMUTE)
        if muted:
            self._microphone.shut()
            self.health.reopened()
        else:
            self._open_microphone()

    def _on_frame(self, pcm: bytes, at_ms: float) -> None:
        """Take one frame, in the event loop."""
        self._alive()
        if not self._machine.flags.audio:
            self.tell(Trigger.AUDIO_BACK)
        self.loopback.hear(pcm)
        raw, pcm = pcm, self._echo.clean(pcm, self._ears.ring.end, at_ms)
        self.recording.hear(raw, pcm)
        self.player.duck(ducked=self._echo.near_speech)
        self.health.frame(at_ms)
        self._noise.hear(pcm)
        self._ears.frame(pcm)
        if self._stop_word is not None and self.state in SOUNDING:
            self._stop_word.feed(pcm, self._ears.ring.end)

    def _check_health(self) -> None:
        """Notice a microphone that says nothing any more."""
        if self._microphone.deaf and self._machine.flags.audio:
            LOGGER.warning("The microphone delivers nothing")
            self.tell(Trigger.AUDIO_LOST)

    async def _watch_microphone(self) -> None:
        """Look after the microphone in every state."""
        while True:
            await asyncio.sleep(DEAF_S)
            self._check_health()
            if self._machine.flags.muted:
                # Deaf on purpose: no reason for a restart.
                self._alive()

    async def _tell_health(self) -> None:
        """Tell now and then how the satellite does."""
        while True:
            await asyncio.sleep(STATS_EVERY_S)
            self._transport.send(protocol.stats(self.health.tell()))

    def _alive(self) -> None:
        """Tell the watchdog that the satellite does what it should."""
        self._watchdog.feed(self._clock.now_ms())

    def note(self, kind: str, **data: object) -> None:
        """Tell the watchers what happens."""
        note = Note(kind=kind, at_ms=self._clock.now_ms(), data=data)
        for watcher in list(self._watchers):
            watcher(note)

    async def _close(self) -> None:
        """End everything."""
        if self._timeout is not None:
            self._timeout.cancel()
        self.choices.close()
        self._tester.close()
        self.loopback.close()
        self.recording.close()
        for listener in (self.wake_words, self._stop_word):
            if listener is not None:
                listener.close()
        self.timers.close()
        await self._microphone.close()
        await self.player.close()
