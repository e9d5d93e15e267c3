"""One turn: from the wake word or the first key to the end of its sound.

Core's pipeline is over when the *text* is done, long before the sound, so a turn lives here and in
the `House`, never in the task of a conversation entity.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..stage.bus import Audience, Kind
from ..stage.cues import Cue
from ..stage.estimating import estimate_marks
from ..stage.markup import Piece
from ..stage.problem_id import new_problem_id
from ..stage.receipt import Receipt
from ..stage.speech_text import SpeechText
from ..stage.steady import epoch_ms
from ..stage.timeline import Segment, SpeechMarks, TimelineBuilder, silent_duration_ms
from .sent import Sent

current_turn: ContextVar[Turn | None] = ContextVar("waifu_rt3d_turn", default=None)
"""Set before a run that we start; reaches STT, conversation and the detached TTS task."""


MOST_TOUCHED = 12
"""More than that is the whole house, and no subject."""


class TurnState(StrEnum):
    """The life of a turn."""

    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    HEARD = "heard"


class Origin(StrEnum):
    """Where a turn began."""

    CARD = "card"
    SATELLITE = "satellite"
    ASSIST = "assist"


class CancelReason(StrEnum):
    """Why a turn was cut."""

    USER = "user"
    BARGE_IN = "barge_in"
    TIMEOUT = "timeout"
    LOST = "lost"
    ERROR = "error"


class Precision(StrEnum):
    """How well the time of the sound is known."""

    REPORTED = "reported"
    APPROXIMATE = "approximate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who speaks: a user of Home Assistant, or the household where nobody is named."""

    user_id: str | None = None
    name: str | None = None


HOUSEHOLD_PERSON = Person()


type Publish = Callable[[Turn, Kind, dict[str, object], str | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStart:
    """What is known when a turn is born."""

    turn_id: str
    character_id: str
    session_id: str
    memory: str
    """Whose memory it goes into: a user's id, or the household."""
    person: Person
    audience: Audience
    origin: Origin
    owner: str | None = None
    """The connection that plays the sound itself (a card), where there is one."""
    question_id: int | None = None
    """The stored message that is answered anew (an alternative, an edited question)."""
    area: str | None = None
    """The room in which she is spoken to, where it is known."""
    again_of: int | None = None
    """The stored answer that this turn only speaks once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A tool that was used for the answer, and what it gave (both as JSON knows them)."""

    call_id: str
    name: str
    arguments: dict[str, Any]
    result: Any
    failed: bool
    at_ms: float

    def as_dict(self) -> dict[str, object]:
        """Return it as the websocket contract writes it (envelope `tool`)."""
        return {
            "call_id": self.call_id,
            "name": self.name,
            "arguments": self.arguments,
            "result": self.result,
            "failed": self.failed,
        }


class Turn:
    """A person's words, the answer to them, and its sound."""

    def __init__(self, start: TurnStart, publish: Publish) -> None:
        """Begin listening."""
        self.start = start
        self.id = start.turn_id
        self.state = TurnState.LISTENING
        self.heard_text = ""
        self.guess = ""
        """What the ears last took the words for, before they were sure."""
        self.display_text = ""
        self.speech = SpeechText()
        self.cues: list[Cue] = []
        self.timeline = TimelineBuilder()
        self.segments: list[Segment] = []
        self.error: str | None = None
        self.problem_id: str | None = None
        """Under which its error stands in the log file."""
        self.cancelled = asyncio.Event()
        self.ended = asyncio.Event()
        self.cut_ms: int | None = None
        self.stage_times: dict[str, float] = {"start": epoch_ms()}
        self.reports_sound = start.origin is not Origin.ASSIST
        """Whether whoever plays the sound tells when it starts and stops."""
        self.device: str | None = None
        self.unplaced = False
        """Whether its session is only made up: the memory could not be asked."""
        self.stored = False
        """Whether the memory knows of this turn."""
        self.question_id = start.question_id
        self.answer_id: int | None = None
        """The messages of the memory, once they are stored."""
        self.forgotten = False
        """Whether nothing of it may be stored: the person had everything deleted meanwhile."""
        self.receipt = Receipt()
        self.tools: list[ToolUse] = []
        self.touched: list[str] = []
        """Entities that the answer is about."""
        self.model: str | None = None
        """Which of the owner's models answered, where one did."""
        self.tokens_in = 0
        self.tokens_out = 0
        """What it read and wrote in all, as far as its server counts."""
        self.sent: Sent | None = None
        """What the owner's own model was sent and wrote, where one answered."""
        self.untrusted = False
        """Whether text of a stranger is before the model: what may do harm then needs a yes."""
        self.exposed_to = ""
        """Whose text was before the model beside the person's, see `exposure.py`."""
        self.guarded = False
        """Whether the tools of who thinks are called by us, so that such a yes can be asked for."""
        self.finds_end = False
        """Whether a pause may end the listening; else whoever holds the microphone does."""
        self.voiced = False
        """Whether a voice reads this turn's text."""
        self.timeline_done = False
        self._publish = publish
        self._sound_done = False

    # -- listening and thinking --------------------------------------------------------------

    def announce(self) -> None:
        """Tell the audience where the turn stands."""
        data: dict[str, object] = {
            "state": self.state.value,
            "character": self.start.character_id,
            "session_id": self.start.session_id,
            "person": self.start.person.user_id,
            "origin": self.start.origin.value,
            "area": self.start.area,
        }
        if self.start.again_of is not None:
            data["again_of"] = self.start.again_of
        if self.error:
            self.problem_id = self.problem_id or new_problem_id()
            data["error"] = self.error
            data["problem_id"] = self.problem_id
        if self.state is TurnState.HEARD:
            data["cut_ms"] = self.cut_ms
            data["times"] = {stage: round(at, 1) for stage, at in self.stage_times.items()}
        self._send(Kind.TURN, data)

    def hear(self, text: str, *, final: bool) -> None:
        """Take what the person said, or the guess so far."""
        if final and text == self.heard_text:
            return
        if final:
            self.heard_text = text
            self.note_time("heard")
        elif text:
            self.guess = text
        self._send(Kind.HEARD, {"text": text, "final": final})

    def think(self) -> None:
        """Go on from listening to thinking."""
        self._enter(TurnState.THINKING)

    # -- the answer ---------------------------------------------------------------------------

    def say(self, piece: Piece) -> None:
        """Take a piece of the answer: shown, spoken, and its cues."""
        if self.cancelled.is_set() or not (piece.display or piece.speech or piece.cues):
            return
        self.note_time("first_text")
        self.cues.extend(piece.cues)
        if piece.display or piece.speech:
            offset = len(self.speech.text)
            self.display_text += piece.display
            self.speech.put(piece.speech)
            data = {"display": piece.display, "speech": piece.speech, "offset": offset}
            self._send(Kind.TEXT, data)

    def finish_text(self) -> None:
        """Say that the answer is complete."""
        self.note_time("text_done")
        late = self.timeline_done and not self.speech.closed
        self.speech.close()
        self._close_if_heard()
        if late and not self.ended.is_set():
            # From here on only the rest of its sound is waited for.
            self.announce()

    # -- its sound ----------------------------------------------------------------------------

    def offer_audio(self, url: str, mime_type: str) -> None:
        """Give the card that began the turn the place of the sound."""
        if self.start.owner is not None:
            self._publish(self, Kind.AUDIO, {"url": url, "mime_type": mime_type}, self.start.owner)

    def add_marks(self, spoken: SpeechMarks) -> Segment:
        """Put a spoken segment on the timeline."""
        segment = self.timeline.segment(spoken, self.cues)
        self.note_time("first_viseme")
        self._publish_segment(segment)
        return segment

    def finish_timeline(self) -> None:
        """Say that no more sound will be made; cues behind the last word come with it."""
        if self.timeline_done:
            return
        self.timeline_done = True
        self._publish_segment(self.timeline.finish(self.cues))
        self._close_if_heard()

    def mime(self, known: Sequence[SpeechMarks] = ()) -> None:
        """Move the mouth without a voice of ours: by marks of old, or by the text alone."""
        if self.ended.is_set() or self.timeline_done:
            return
        self.reports_sound = False
        text = self.speech.text
        length_ms = silent_duration_ms(text)
        for spoken in known or (estimate_marks(text, 0, 0, length_ms),) * bool(length_ms):
            self.add_marks(spoken)
        if self.segments:
            self.sound_at(0, epoch_ms(), playing=True, precision=Precision.APPROXIMATE)
        self.finish_timeline()

    def lose_voice(self) -> None:
        """Go on in writing: the voice broke off, and what it made so far is all there will be."""
        if not self.ended.is_set():
            self.error = "voice_lost"
            self.announce()
            self.finish_timeline()

    def sound_at(
        self, audio_ms: int, at_epoch_ms: float, *, playing: bool, precision: Precision
    ) -> None:
        """Take the report that the loudspeaker is at a place of the sound at a wall time."""
        if playing:
            self.note_time("first_audio", at_epoch_ms)
            self._enter(TurnState.SPEAKING)
        data: dict[str, object] = {
            "audio_ms": audio_ms,
            "at_epoch_ms": at_epoch_ms,
            "playing": playing,
            "precision": precision.value,
        }
        self._send(Kind.CLOCK, data)

    def sound_stopped(self, audio_ms: int, *, complete: bool) -> None:
        """Take the report that the sound ended, of itself or cut."""
        self._sound_done = True
        if not complete:
            self.cut_ms = audio_ms
            self.close()
        self._close_if_heard()

    # -- its end ------------------------------------------------------------------------------

    def cancel(self, reason: CancelReason) -> None:
        """Stop the turn in every part: model, voice, loudspeaker."""
        if self.cancelled.is_set() or self.ended.is_set():
            return
        self.cancelled.set()
        self.speech.drop()
        self._send(Kind.CANCEL, {"reason": reason.value})
        if self.state is not TurnState.SPEAKING:
            self.close()

    def fail(self, error: str) -> None:
        """End the turn with a translated sentence for the person."""
        if self.ended.is_set():
            return
        self.error = error
        self.speech.close()
        self.close()

    def close(self) -> None:
        """End the turn; nothing is published about it afterwards."""
        if self.ended.is_set():
            return
        self.speech.drop()
        if self.display_text:
            self._send(Kind.RECEIPT, self.receipt.as_dict())
        self.state = TurnState.HEARD
        self.note_time("ended")
        self.announce()
        self.ended.set()

    def show_recalled(self, memories: list[dict[str, object]]) -> None:
        """Show what was said before and matters for the answer."""
        if memories:
            self._send(Kind.RECALLED, {"memories": memories})

    def use_tool(self, use: ToolUse) -> None:
        """Take that a tool was used."""
        self.tools.append(use)
        self._send(Kind.TOOL, use.as_dict())

    def touch(self, entity_ids: Iterable[str]) -> None:
        """Take which entities the answer is about."""
        new = [one for one in dict.fromkeys(entity_ids) if one not in self.touched]
        if new:
            self.touched = [*self.touched, *new][:MOST_TOUCHED]
            self._send(Kind.TOUCHED, {"entities": list(self.touched)})

    def ask_consent(self, question: dict[str, object]) -> None:
        """Show that something waits for the person's yes (contract §6, `confirm`)."""
        self._send(Kind.CONFIRM, {**question, "person": self.start.person.user_id})

    # -- inside -------------------------------------------------------------------------------

    def note_time(self, stage: str, at_epoch_ms: float | None = None) -> None:
        """Remember when a stage was first reached (ms since 1970; now, where no time is given)."""
        at_ms = epoch_ms() if at_epoch_ms is None else at_epoch_ms
        self.stage_times.setdefault(stage, at_ms)

    def _publish_segment(self, segment: Segment) -> None:
        """Keep a segment for the memory and send it."""
        self.segments.append(segment)
        self._send(Kind.TIMELINE, segment.as_dict())

    def _enter(self, state: TurnState) -> None:
        """Go to a later state and tell it once."""
        order = list(TurnState)
        if not self.ended.is_set() and order.index(state) > order.index(self.state):
            self.state = state
            self.note_time(state.value)
            self.announce()

    def _close_if_heard(self) -> None:
        """End the turn when its text, its timeline and its sound (if any) are all done."""
        silent = self.timeline.duration_ms == 0
        if self.speech.closed and self.timeline_done and (self._sound_done or silent):
            self.close()

    def _send(self, kind: Kind, data: dict[str, object]) -> None:
        """Publish to the audience, while the turn lives."""
        if not self.ended.is_set():
            self._publish(self, kind, data, None)
