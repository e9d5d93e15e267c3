"""How each character is: what it does, what mood it is in, whether it sleeps.

Fed by the bus alone; so it follows every turn, whoever began it, and knows none of the words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
import time
from typing import Any, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_now

from ..characters.cast import sheet_of
from ..characters.mood import Mood, Pad
from ..characters.written import Moment
from ..const import DOMAIN
from ..house import House
from ..stage.bus import EVERYBODY, Envelope, Kind, Subscriber
from ..stage.cues import CueKind, CueName
from ..stage.markup import complete
from ..turns.turn import TurnState

PRESENCE: HassKey[Presence] = HassKey(f"{DOMAIN}_presence")

_STORAGE_VERSION = 1
_SAVE_DELAY_S = 60


class Doing(StrEnum):
    """What a character does."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    ASLEEP = "asleep"


class Happening(StrEnum):
    """What automations may wait for."""

    TURN_STARTED = "turn_started"
    HEARD = "heard"
    TOUCHED = "touched"
    GESTURE = "gesture"
    TURN_ENDED = "turn_ended"
    ASLEEP = "asleep"
    AWAKE = "awake"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something happened with a character; `happening` is empty where only a value changed."""

    character_id: str
    happening: Happening | None = None
    data: dict[str, Any]


type Listener = Callable[[News], None]

_DOING = {
    TurnState.LISTENING: Doing.LISTENING,
    TurnState.THINKING: Doing.THINKING,
    TurnState.SPEAKING: Doing.SPEAKING,
    TurnState.HEARD: Doing.IDLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watcher(Subscriber):
    """A subscriber inside the house: it sees states of all turns, and passes no words on."""

    @override
    def may_see(self, envelope: Envelope) -> bool:
        """Return that audience does not matter here."""
        return envelope.owner is None


class Presence:
    """The characters of the house, as they are now."""

    def __init__(self, hass: HomeAssistant, house: House) -> None:
        """Start with everybody awake and calm."""
        self._house = house
        self._doing: dict[str, Doing] = {}
        self._moods: dict[str, Mood] = {}
        self._turns: dict[str, str] = {}
        """The character of each running turn."""
        self._listeners: list[Listener] = []
        self._store: Store[dict[str, Any]] = Store(hass, _STORAGE_VERSION, f"{DOMAIN}.moods")
        watcher = _Watcher(user_id="", connection="", send=self._take)
        self.stop = house.bus.subscribe(watcher)

    async def async_load(self) -> None:
        """Take the moods of before the restart."""
        for character_id, mood in (await self._store.async_load() or {}).items():
            self._moods[character_id] = Mood(
                now=Pad(**mood["now"]), temperament=Pad(), at_s=mood["at_s"]
            )

    @callback
    def listen(self, listener: Listener) -> CALLBACK_TYPE:
        """Call `listener` with everything that happens."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def doing(self, character_id: str) -> Doing:
        """Return what a character does."""
        return self._doing.get(character_id, Doing.IDLE)

    def mood(self, character_id: str) -> Mood:
        """Return the mood of a character as it has faded by now."""
        mood, temperament = self._moods.get(character_id), self._temperament(character_id)
        if mood is None:
            return Mood.fresh(temperament, time.time())
        # another person may play the character by now
        return replace(mood, temperament=temperament).after(time.time())

    def _temperament(self, character_id: str) -> Pad:
        """Return how a character is at heart."""
        character = self._house.characters.get(character_id)
        return sheet_of(character.person).temperament if character else Pad()

    @callback
    def reset_mood(self, character_id: str) -> None:
        """Let a character be as if nothing had happened."""
        self._moods.pop(character_id, None)
        self._save()
        self._tell(character_id)

    @callback
    def perform(
        self, character_id: str, cues: list[CueName], *, hold_ms: int | None = None
    ) -> None:
        """Let a character show something without a word."""
        placed = [cue.at(0) for cue in cues]
        self._publish(
            character_id,
            {
                "cues": [
                    {
                        "kind": cue.kind.value,
                        "name": cue.name,
                        "intensity": cue.intensity,
                        "hold_ms": cue.hold_ms if hold_ms is None else hold_ms,
                    }
                    for cue in placed
                ]
            },
        )

    @callback
    def come(self, character_id: str, area: str) -> None:
        """Let a character go to a room."""
        self._publish(character_id, {"cues": [], "area": area})

    @callback
    def sleep(self, character_id: str, *, asleep: bool) -> None:
        """Send a character to sleep, or wake it."""
        if (self.doing(character_id) is Doing.ASLEEP) == asleep:
            return
        self._publish(character_id, {"cues": [], "asleep": asleep})

    @callback
    def stir(self, character_id: str) -> None:
        """Wake up as this character does, without a word: the one who wakes it is about to talk."""
        character = self._house.characters.get(character_id)
        self.sleep(character_id, asleep=False)
        if character is not None:
            language = self._house.hass.config.language
            line = self._house.words.line(character, language, Moment.WOKEN)
            cues = complete(line).cues
            self.perform(character_id, [cue.name_only for cue in cues])

    @callback
    def touch(self, character_id: str, place: str) -> None:
        """Take that somebody touched the figure on a screen; who sleeps wakes up."""
        if self.doing(character_id) is Doing.ASLEEP:
            self.stir(character_id)
        self._tell(character_id, Happening.TOUCHED, place=place)

    @callback
    def _publish(self, character_id: str, data: dict[str, object]) -> None:
        """Tell all cards, and through the bus ourselves."""
        self._house.bus.publish(
            ulid_now(), Kind.PERFORM, {"character": character_id, **data}, EVERYBODY
        )

    @callback
    def _take(self, envelope: Envelope) -> None:
        """Follow one envelope."""
        data: dict[str, Any] = envelope.data
        match envelope.kind:
            case Kind.TURN:
                self._take_state(envelope.turn_id, data)
            case Kind.HEARD if data["final"] and (who := self._turns.get(envelope.turn_id)):
                self._tell(who, Happening.HEARD, turn_id=envelope.turn_id)
            case Kind.TIMELINE if who := self._turns.get(envelope.turn_id):
                self._take_cues(who, data["cues"])
            case Kind.PERFORM:
                self._take_performance(data)

    @callback
    def _take_state(self, turn_id: str, data: dict[str, Any]) -> None:
        """Take where a turn stands; a character that is spoken to is awake."""
        who, state = data["character"], TurnState(data["state"])
        if self.doing(who) is Doing.ASLEEP:
            self.stir(who)
        began = turn_id not in self._turns and state is not TurnState.HEARD
        self._turns[turn_id] = who
        self._doing[who] = _DOING[state]
        facts = {"turn_id": turn_id, "origin": data["origin"]}
        if began:
            self._tell(who, Happening.TURN_STARTED, **facts)
        elif state is TurnState.HEARD:
            del self._turns[turn_id]
            self._doing[who] = self._other_turn(who)
            self._tell(who, Happening.TURN_ENDED, **facts, cut=data.get("cut_ms") is not None)
        else:
            self._tell(who)

    def _other_turn(self, who: str) -> Doing:
        """Return what a character does when one of its turns has ended."""
        states = [
            _DOING[turn.state]
            for turn_id, turn in self._house.turns.items()
            if self._turns.get(turn_id) == who
        ]
        return states[-1] if states else Doing.IDLE

    @callback
    def _take_performance(self, data: dict[str, Any]) -> None:
        """Take what a character was told to show."""
        who = data["character"]
        self._take_cues(who, data["cues"])
        if (asleep := data.get("asleep")) is not None:
            self._doing[who] = Doing.ASLEEP if asleep else Doing.IDLE
            self._tell(who, Happening.ASLEEP if asleep else Happening.AWAKE)

    @callback
    def _take_cues(self, who: str, cues: list[dict[str, Any]]) -> None:
        """Let feelings move the mood, and tell gestures."""
        felt = False
        for cue in cues:
            if cue["kind"] == CueKind.EMOTION.value:
                now_s = time.time()
                self._moods[who] = self.mood(who).felt(cue["name"], cue["intensity"], now_s)
                felt = True
            elif cue["kind"] == CueKind.GESTURE.value:
                self._tell(who, Happening.GESTURE, gesture=cue["name"])
        if felt:
            self._save()
            self._tell(who)

    @callback
    def _tell(self, who: str, happening: Happening | None = None, **data: object) -> None:
        """Tell the entities."""
        news = News(character_id=who, happening=happening, data=data)
        for listener in list(self._listeners):
            listener(news)

    @callback
    def _save(self) -> None:
        """Keep the moods over a restart."""
        self._store.async_delay_save(self._stored, _SAVE_DELAY_S)

    def _stored(self) -> dict[str, Any]:
        """Return the moods as they are kept."""
        return {
            who: {
                "now": {
                    "pleasure": mood.now.pleasure,
                    "arousal": mood.now.arousal,
                    "dominance": mood.now.dominance,
                },
                "at_s": mood.at_s,
            }
            for who, mood in self._moods.items()
        }


async def async_open_presence(hass: HomeAssistant, house: House) -> None:
    """Follow the characters of the house, as long as Home Assistant runs."""
    if PRESENCE not in hass.data:
        presence = hass.data[PRESENCE] = Presence(hass, house)
        await presence.async_load()
