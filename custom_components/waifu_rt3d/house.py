"""The house: its turns, its bus, its characters, its speech servers and its memory.

One for each Home Assistant, made in `async_setup`, because the three kinds of config entries are
set up concurrently and reload alone.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_now

from .cast.character import Character
from .characters.cards.card import Card
from .characters.lorebook import Lorebook
from .const import DOMAIN, LOGGER
from .memory import Store, StoreError
from .minds.own_words import OwnWords
from .problems import note_problem
from .remembering.turns import Place, async_find_session, async_remember_asked, async_remember_start
from .remembering.unsaved import Unsaved
from .stage.bus import Bus, Kind
from .stage.known_marks import KnownMarks
from .turns.people import audience_of, memory_key
from .turns.turn import CancelReason, Origin, Person, Turn, TurnStart, TurnState
from .voice.service import SpeechService

HOUSE: HassKey[House] = HassKey(DOMAIN)

STATE_LIMITS_S = {
    TurnState.LISTENING: 40.0,
    TurnState.THINKING: 180.0,
    TurnState.SPEAKING: 600.0,
}
"""A turn that nobody ends is ended: no state is for ever."""
CANCEL_GRACE_S = 2.0
"""How long a loudspeaker may take to report that it stopped."""
_TOLD_TURNS = 50
REPORT_GRACE_S = 15.0
"""How long after the sound must be over we wait for a loudspeaker that reports."""


class House:
    """What all entries and all tablets of this Home Assistant share."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nobody in it."""
        self.hass = hass
        self.bus = Bus()
        self.known_marks = KnownMarks()
        self.words = OwnWords()
        self.turns: dict[str, Turn] = {}
        self.characters: dict[str, Character] = {}
        self.books: dict[str, Lorebook] = {}
        """Lorebooks that were imported."""
        self.cards: dict[str, Card] = {}
        """Cards that were imported, without their pictures and files."""
        self.speech_servers: dict[str, SpeechService] = {}
        self.store: Store | None = None
        self.unsaved = Unsaved()
        self._told: deque[str] = deque(maxlen=_TOLD_TURNS)
        """Turns whose problem stands in the log file."""
        self.rewound: set[str] = set()
        """Sessions that stand on another branch than the model remembers."""
        self.wake_phrases: set[str] = set()
        """What the rooms of this house listen for."""
        self._sessions: dict[tuple[str, str], str] = {}
        self._timers: dict[str, CALLBACK_TYPE] = {}
        self._engine_listeners: list[Callable[[], None]] = []

    # -- turns --------------------------------------------------------------------------------

    async def async_begin_turn(
        self,
        *,
        character: Character,
        person: Person,
        origin: Origin,
        owner: str | None = None,
        place: Place = Place(),
    ) -> Turn:
        """Make a turn, tell its audience and watch over its end.

        Its audience is that of its session: who goes on in a talk of the household is followed by
        the household.
        """
        session_id, memory = await self._async_session(person, character, place)
        start = TurnStart(
            turn_id=ulid_now(),
            character_id=character.id,
            session_id=session_id,
            memory=memory,
            person=person,
            audience=audience_of(memory),
            origin=origin,
            owner=owner,
            question_id=place.question_id,
            area=place.area,
            again_of=place.again_of,
        )
        turn = Turn(start, self._publish)
        turn.forgotten = place.passing
        turn.unplaced = session_id in self._sessions.values()
        self._leave_other_rooms(turn)
        self.turns[turn.id] = turn
        turn.announce()  # arms its first limit as well
        if self.store is not None and not place.passing:
            await async_remember_start(self.store, turn, place.device)
        return turn

    async def _async_session(
        self, person: Person, character: Character, place: Place
    ) -> tuple[str, str]:
        """Return the session of a turn and whose memory it belongs to."""
        own = memory_key(person)
        if self.store is not None:
            try:
                session = await async_find_session(self.store, own, character.id, place)
            except StoreError as err:
                LOGGER.warning("The memory can't be asked: %s", err)
            else:
                return session.id, session.audience
        return self._sessions.setdefault((own, character.id), ulid_now()), own

    @callback
    def _leave_other_rooms(self, turn: Turn) -> None:
        """End what its person still hears of the same character in another room: they went on.

        What belongs to the household is left alone: that may be somebody else.
        """
        here = turn.start
        if here.area is None or here.person.user_id is None:
            return
        for other in list(self.turns.values()):
            there = other.start
            if (
                there.person == here.person
                and there.character_id == here.character_id
                and there.area not in (None, here.area)
            ):
                other.cancel(CancelReason.BARGE_IN)

    @callback
    def cancel_all(self, reason: CancelReason) -> None:
        """Stop every turn (the integration is unloaded or Home Assistant stops)."""
        for turn in list(self.turns.values()):
            turn.cancel(reason)
            turn.close()

    @callback
    def _publish(self, turn: Turn, kind: Kind, data: dict[str, object], owner: str | None) -> None:
        """Pass a turn's message to the bus and follow its states."""
        if "problem_id" in data and turn.id not in self._told:
            self._told.append(turn.id)
            note_problem(
                self.hass,
                str(data["problem_id"]),
                str(data["error"]),
                turn=turn.id,
                character=turn.start.character_id,
                origin=turn.start.origin.value,
                state=turn.state.value,
            )
        self.bus.publish(turn.id, kind, data, turn.start.audience, owner=owner)
        if kind is Kind.CANCEL:
            self._arm(turn, CANCEL_GRACE_S)
        elif kind is Kind.HEARD and data["final"] and self.store is not None:
            self.hass.async_create_background_task(
                async_remember_asked(self.store, turn), f"{DOMAIN} asked {turn.id}"
            )
        elif kind is Kind.TURN or (kind is Kind.TIMELINE and data["final"]):
            self._follow_state(turn)

    @callback
    def _follow_state(self, turn: Turn) -> None:
        """Set the limit of the new state, or let go of a turn that ended."""
        if turn.state is not TurnState.HEARD:
            self._arm(turn, _limit_s(turn))
            return
        self._disarm(turn)
        self.turns.pop(turn.id, None)
        if self.store is not None:
            # tracked by Home Assistant, so that a stop waits for what was said last
            self.hass.async_create_task(
                self._async_remember(self.store, turn), f"{DOMAIN} remember {turn.id}"
            )

    async def _async_remember(self, store: Store, turn: Turn) -> None:
        """Store a turn that ended; where that fails tell its person and try again later."""
        if not turn.forgotten:
            failure = await self.unsaved.async_remember(store, turn)
            if failure is not None:
                self.bus.publish(turn.id, Kind.NOTICE, {"key": failure}, turn.start.audience)

    @callback
    def _arm(self, turn: Turn, delay_s: float) -> None:
        """Watch over a state of a turn."""
        self._disarm(turn)

        @callback
        def expired(_now: datetime) -> None:
            self._timers.pop(turn.id, None)
            if (turn.timeline_done and turn.speech.closed) or turn.cancelled.is_set():
                turn.close()
                return
            LOGGER.warning("A turn stayed in %s for too long and was ended", turn.state.value)
            turn.cancel(CancelReason.TIMEOUT)
            turn.close()

        self._timers[turn.id] = async_call_later(self.hass, delay_s, expired)

    @callback
    def _disarm(self, turn: Turn) -> None:
        """Stop watching a state."""
        if timer := self._timers.pop(turn.id, None):
            timer()

    # -- characters and engines ------------------------------------------------------------------

    @property
    def default_character(self) -> Character | None:
        """Return the character that answers where none is named."""
        return next(iter(self.characters.values()), None)

    def character_or_default(self, character_id: str | None) -> Character | None:
        """Return a character by its id, or the default where no id is given."""
        if character_id is None:
            return self.default_character
        return self.characters.get(character_id)

    @property
    def servers_in_order(self) -> list[SpeechService]:
        """Return the speech servers as the owner ordered them; lost ones come last."""
        servers = sorted(self.speech_servers.values(), key=lambda server: server.order)
        return sorted(servers, key=lambda server: not server.health.up)

    @property
    def listening_servers(self) -> list[SpeechService]:
        """Return the speech servers that have ears, in the same order."""
        return [server for server in self.servers_in_order if server.info.listen_languages]

    @callback
    def add_speech_server(self, entry_id: str, server: SpeechService) -> CALLBACK_TYPE:
        """Take a speech server and return how to take it away."""
        self.speech_servers[entry_id] = server
        self.engines_changed()

        @callback
        def remove() -> None:
            self.speech_servers.pop(entry_id, None)
            self.engines_changed()

        return remove

    @callback
    def on_engines_changed(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when a speech server came or went."""
        self._engine_listeners.append(listener)
        return lambda: self._engine_listeners.remove(listener)

    @callback
    def engines_changed(self) -> None:
        """Tell whoever depends on engines."""
        for listener in list(self._engine_listeners):
            listener()


def _limit_s(turn: Turn) -> float:
    """Return how long a turn may stay as it is; a finished timeline tells when its sound ends."""
    # A voice that broke off has finished its timeline while the answer is still written.
    if not (turn.timeline_done and turn.speech.closed):
        return STATE_LIMITS_S[turn.state]
    grace_s = REPORT_GRACE_S if turn.reports_sound else 0.0
    return turn.timeline.duration_ms / 1000 + grace_s
