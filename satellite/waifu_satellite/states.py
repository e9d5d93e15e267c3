"""The satellite's states as one table: every state has a time-out and a way out."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """What the satellite is doing; it is always in exactly one of these."""

    OFFLINE = "offline"
    IDLE = "idle"
    WAKE_PENDING = "wake_pending"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    FOLLOW_UP = "follow_up"
    ANNOUNCING = "announcing"
    RINGING = "ringing"
    MUTED = "muted"
    PAUSED = "paused"
    AUDIO_FAULT = "audio_fault"


class Trigger(StrEnum):
    """What can happen to the satellite."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    PAUSE = "pause"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    AUDIO_LOST = "audio_lost"
    AUDIO_BACK = "audio_back"
    RING = "ring"
    HUSH = "hush"
    LISTEN = "listen"
    """Home Assistant asks to listen without a wake word once the sound has ended."""
    WAKE = "wake"
    """A wake word, a button or a tap."""
    STOP = "stop"
    """A stop word or the stop button."""
    SPEECH_STARTED = "speech_started"
    SPEECH_ENDED = "speech_ended"
    NO_SPEECH = "no_speech"
    HEARD = "heard"
    """Home Assistant has heard enough: `transcript` or `voice-stopped`."""
    SOUND_STARTED = "sound_started"
    SOUND_ENDED = "sound_ended"
    NO_REPLY = "no_reply"
    """The run is over and nothing will be said."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"


class Action(StrEnum):
    """What the satellite does on the way from one state to the next."""

    REQUEST_RUN = "request_run"
    """Send `detection` and `run-pipeline`, then the microphone from the pre-roll on."""
    STOP_STREAM = "stop_stream"
    END_SPEECH = "end_speech"
    """Stop the stream and tell Home Assistant with `audio-stop`."""
    CHIME = "chime"
    BARGE_IN = "barge_in"
    STOP_SOUND = "stop_sound"
    MUTE_SOUND = "mute_sound"
    CLOSE_SOUND = "close_sound"
    """Let what has arrived be played, and expect no more of it."""
    OPEN_WINDOW = "open_window"
    CLOSE_WINDOW = "close_window"
    NOT_HEARD = "not_heard"
    SAY_OFFLINE = "say_offline"
    SAY_ERROR = "say_error"
    START_RING = "start_ring"
    STOP_RING = "stop_ring"
    TIMERS_HEARD = "timers_heard"
    """The ringing timers have been stopped by somebody, forget them."""
    CHECK_HEALTH = "check_health"
    REOPEN_AUDIO = "reopen_audio"


class Target(StrEnum):
    """Where a transition goes when that depends on the flags."""

    REST = "rest"
    """The state in which nothing is going on."""
    HEAR = "hear"
    """Waking, if somebody is there to listen; else rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Where a trigger leads from one state, and what is done on the way."""

    to: State | Target
    do: tuple[Action, ...] = ()


@dataclass(slots=True, kw_only=True)
class Flags:
    """What stays true whatever the state is."""

    connected: bool = False
    paused: bool = False
    muted: bool = False
    audio: bool = True
    ringing: bool = False
    rang: bool = False
    """What rings has been heard already: who stops the sound over it stops the ringing as well."""
    listen: bool = False


# Hours are meant to pass in the resting states; there the time-out is a look whether all is well.
TIMEOUT_S: Final[dict[State, float]] = {
    State.OFFLINE: 60.0,
    State.IDLE: 60.0,
    State.WAKE_PENDING: 0.15,
    State.LISTENING: 30.0,
    State.THINKING: 90.0,
    State.SPEAKING: 900.0,
    State.FOLLOW_UP: 8.0,
    State.ANNOUNCING: 900.0,
    State.RINGING: 900.0,
    State.MUTED: 60.0,
    State.PAUSED: 60.0,
    State.AUDIO_FAULT: 2.0,
}

RESTING: Final = frozenset(
    {State.OFFLINE, State.IDLE, State.MUTED, State.PAUSED, State.AUDIO_FAULT, State.RINGING}
)

FLAG_CHANGES: Final[dict[Trigger, tuple[str, bool]]] = {
    Trigger.CONNECTED: ("connected", True),
    Trigger.DISCONNECTED: ("connected", False),
    Trigger.PAUSE: ("paused", True),
    Trigger.RESUME: ("paused", False),
    Trigger.MUTE: ("muted", True),
    Trigger.UNMUTE: ("muted", False),
    Trigger.AUDIO_LOST: ("audio", False),
    Trigger.AUDIO_BACK: ("audio", True),
    Trigger.RING: ("ringing", True),
    Trigger.HUSH: ("ringing", False),
    Trigger.LISTEN: ("listen", True),
}

ENTER: Final[dict[State, tuple[Action, ...]]] = {
    State.WAKE_PENDING: (Action.REQUEST_RUN,),
    State.FOLLOW_UP: (Action.OPEN_WINDOW,),
    State.RINGING: (Action.START_RING,),
    State.AUDIO_FAULT: (Action.REOPEN_AUDIO,),
}
LEAVE: Final[dict[State, tuple[Action, ...]]] = {
    State.FOLLOW_UP: (Action.CLOSE_WINDOW,),
    State.RINGING: (Action.STOP_RING,),
}

# Something is said between two rings (`announce`, a timer's line): who stops that has heard both.
_SILENCES: Final = frozenset({Trigger.WAKE, Trigger.STOP, Trigger.CANCELLED})
_OVER_RINGING: Final = frozenset({State.ANNOUNCING, State.SPEAKING})

# Who stops her does not want to be asked on.
_ENDS_TALK: Final = frozenset({Trigger.STOP, Trigger.CANCELLED, Trigger.DISCONNECTED})

_LOOK = {Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.CHECK_HEALTH,))}
_ANNOUNCED = {Trigger.SOUND_STARTED: Transition(to=State.ANNOUNCING)}

_HEARING: Final[dict[Trigger, Transition]] = {
    Trigger.SPEECH_ENDED: Transition(to=State.THINKING, do=(Action.END_SPEECH,)),
    Trigger.NO_SPEECH: Transition(to=State.THINKING, do=(Action.END_SPEECH,)),
    Trigger.HEARD: Transition(to=State.THINKING, do=(Action.STOP_STREAM,)),
    Trigger.SOUND_STARTED: Transition(to=State.SPEAKING, do=(Action.STOP_STREAM,)),
    Trigger.NO_REPLY: Transition(to=Target.REST, do=(Action.STOP_STREAM,)),
    Trigger.FAILED: Transition(to=Target.REST, do=(Action.STOP_STREAM, Action.SAY_ERROR)),
    Trigger.CANCELLED: Transition(to=Target.REST, do=(Action.STOP_STREAM,)),
    Trigger.STOP: Transition(to=Target.REST, do=(Action.END_SPEECH,)),
    Trigger.MUTE: Transition(to=Target.REST, do=(Action.END_SPEECH,)),
    Trigger.AUDIO_LOST: Transition(to=Target.REST, do=(Action.END_SPEECH,)),
    Trigger.PAUSE: Transition(to=Target.REST, do=(Action.STOP_STREAM,)),
    Trigger.DISCONNECTED: Transition(to=Target.REST, do=(Action.STOP_STREAM,)),
    Trigger.TIMEOUT: Transition(to=State.THINKING, do=(Action.END_SPEECH,)),
}
_SOUNDING: Final[dict[Trigger, Transition]] = {
    Trigger.WAKE: Transition(to=Target.HEAR, do=(Action.BARGE_IN,)),
    Trigger.STOP: Transition(to=Target.REST, do=(Action.STOP_SOUND,)),
    Trigger.CANCELLED: Transition(to=Target.REST, do=(Action.STOP_SOUND,)),
    Trigger.MUTE: Transition(to=Target.REST, do=(Action.MUTE_SOUND,)),
    Trigger.SOUND_ENDED: Transition(to=Target.REST),
    Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.STOP_SOUND,)),
}

TABLE: Final[dict[State, dict[Trigger, Transition]]] = {
    State.OFFLINE: {
        **_LOOK,
        Trigger.WAKE: Transition(to=State.ANNOUNCING, do=(Action.SAY_OFFLINE,)),
    },
    State.IDLE: {**_LOOK, **_ANNOUNCED, Trigger.WAKE: Transition(to=Target.HEAR)},
    State.WAKE_PENDING: {
        **_HEARING,
        Trigger.TIMEOUT: Transition(to=State.LISTENING, do=(Action.CHIME,)),
    },
    State.LISTENING: _HEARING,
    State.THINKING: {
        Trigger.SOUND_STARTED: Transition(to=State.SPEAKING),
        Trigger.WAKE: Transition(to=Target.HEAR),
        Trigger.NO_REPLY: Transition(to=Target.REST),
        Trigger.FAILED: Transition(to=Target.REST, do=(Action.SAY_ERROR,)),
        Trigger.CANCELLED: Transition(to=Target.REST),
        Trigger.STOP: Transition(to=Target.REST),
        Trigger.MUTE: Transition(to=State.THINKING),
        Trigger.PAUSE: Transition(to=Target.REST),
        Trigger.DISCONNECTED: Transition(to=Target.REST),
        Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.SAY_ERROR,)),
    },
    State.SPEAKING: {
        **_SOUNDING,
        Trigger.DISCONNECTED: Transition(to=State.SPEAKING, do=(Action.CLOSE_SOUND,)),
    },
    State.ANNOUNCING: {
        **_SOUNDING,
        Trigger.DISCONNECTED: Transition(to=State.ANNOUNCING, do=(Action.CLOSE_SOUND,)),
    },
    State.FOLLOW_UP: {
        **_ANNOUNCED,
        Trigger.SPEECH_STARTED: Transition(to=State.LISTENING, do=(Action.REQUEST_RUN,)),
        Trigger.WAKE: Transition(to=Target.HEAR),
        Trigger.STOP: Transition(to=Target.REST, do=(Action.NOT_HEARD,)),
        Trigger.CANCELLED: Transition(to=Target.REST),
        Trigger.MUTE: Transition(to=Target.REST, do=(Action.NOT_HEARD,)),
        Trigger.AUDIO_LOST: Transition(to=Target.REST, do=(Action.NOT_HEARD,)),
        Trigger.PAUSE: Transition(to=Target.REST),
        Trigger.DISCONNECTED: Transition(to=Target.REST),
        Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.NOT_HEARD,)),
    },
    State.RINGING: {
        **_ANNOUNCED,
        Trigger.WAKE: Transition(to=Target.HEAR, do=(Action.TIMERS_HEARD,)),
        Trigger.STOP: Transition(to=Target.REST, do=(Action.TIMERS_HEARD,)),
        Trigger.CANCELLED: Transition(to=Target.REST, do=(Action.TIMERS_HEARD,)),
        Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.TIMERS_HEARD,)),
    },
    State.MUTED: {**_LOOK, **_ANNOUNCED},
    State.PAUSED: {**_LOOK, **_ANNOUNCED},
    State.AUDIO_FAULT: {
        **_ANNOUNCED,
        Trigger.TIMEOUT: Transition(to=Target.REST, do=(Action.REOPEN_AUDIO,)),
    },
}


@dataclass(slots=True)
class Machine:
    """The table at work: triggers in, actions out."""

    state: State = State.OFFLINE
    flags: Flags = field(default_factory=Flags)

    def step(self, trigger: Trigger) -> tuple[Action, ...]:
        """Take one trigger; return what is to be done, in order."""
        if change := FLAG_CHANGES.get(trigger):
            setattr(self.flags, *change)
        transition = TABLE[self.state].get(trigger)
        if transition is None:
            # A flag alone moves only a satellite that has nothing to do.
            if trigger not in FLAG_CHANGES or self.state not in RESTING:
                return ()
            transition = Transition(to=Target.REST)
        if self.flags.rang and trigger in _SILENCES and self.state in _OVER_RINGING:
            transition = replace(transition, do=(*transition.do, Action.TIMERS_HEARD))
        if Action.TIMERS_HEARD in transition.do:
            self.flags.ringing = False
        self.flags.rang = self.flags.rang and self.flags.ringing
        if trigger in _ENDS_TALK:
            self.flags.listen = False
        before, self.state = self.state, self._resolve(transition.to)
        if self.state is State.RINGING:
            self.flags.rang = True
        if self.state is before:
            return transition.do
        return (*LEAVE.get(before, ()), *transition.do, *ENTER.get(self.state, ()))

    def _resolve(self, to: State | Target) -> State:
        """Return the state that a target means now."""
        if isinstance(to, State):
            return to
        flags = self.flags
        if to is Target.HEAR:
            flags.listen = False
            if flags.connected and flags.audio and not (flags.muted or flags.paused):
                return State.WAKE_PENDING
        return self._rest()

    def _rest(self) -> State:
        """Return the state in which the satellite waits, given its flags."""
        flags = self.flags
        follow_up, flags.listen = flags.listen, False
        if flags.ringing:
            return State.RINGING
        if not flags.audio:
            return State.AUDIO_FAULT
        if flags.muted:
            return State.MUTED
        # Core pauses a satellite and then leaves it: silence is what was asked for.
        if flags.paused:
            return State.PAUSED
        if not flags.connected:
            return State.OFFLINE
        return State.FOLLOW_UP if follow_up else State.IDLE
