"""Who answers in a room, and to which word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.components.assist_pipeline import async_get_pipelines
from homeassistant.components.assist_satellite import (
    AssistSatelliteConfiguration,
    AssistSatelliteWakeWord,
)
from homeassistant.core import HomeAssistant, callback

from ..cast.character import Character
from ..house import House
from ..stage.clock import RemoteClock
from ..stage.markup import complete
from ..turns.turn import Turn
from .room import Room

MOST_WAKE_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Why a run is asked for (contracts §4: `wake`)."""

    word: str | None = None
    snr_db: float | None = None
    at_ms: float | None = None
    """On our clock."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any], clock: RemoteClock) -> Wake:
        """Read what the satellite says; what makes no sense is not known."""
        word, snr_db, at_ms = data.get("name"), data.get("snr_db"), data.get("at_ms")
        return cls(
            word=word if isinstance(word, str) else None,
            snr_db=float(snr_db) if isinstance(snr_db, int | float) else None,
            at_ms=clock.ours(at_ms) if clock.known and isinstance(at_ms, int | float) else None,
        )


@callback
def chosen_pipeline(hass: HomeAssistant, select: str | None) -> str | None:
    """Return the pipeline that is chosen in a select entity, nothing where none is."""
    chosen = hass.states.get(select) if select else None
    if chosen is None:
        return None
    pipelines = async_get_pipelines(hass)
    return next((each.id for each in pipelines if each.name == chosen.state), None)


@callback
def character_of(house: House, pipeline: str | None) -> Character | None:
    """Return the character of a pipeline, the default where the pipeline is none of ours."""
    characters = house.characters.values()
    named = next((each for each in characters if each.pipeline == pipeline), None)
    return named or house.default_character


@callback
def wake_configuration(room: Room) -> AssistSatelliteConfiguration:
    """Return the wake words of a room as core asks for them."""
    words = room.wake_words
    return AssistSatelliteConfiguration(
        available_wake_words=[
            AssistSatelliteWakeWord(id=word.name, wake_word=word.phrase, trained_languages=[])
            for word in words
        ],
        active_wake_words=[word.name for word in words if word.active],
        max_active_wake_words=min(MOST_WAKE_WORDS, len(words)),
    )


@callback
def apologise(house: House, character: Character | None, turn: Turn) -> None:
    """Answer words that were heard but not understood; the voice is attached already."""
    if character is None:
        return
    ears = next(iter(house.listening_servers), None)
    line = house.words.not_understood(
        character,
        house.hass.config.language,
        commands_only=ears is not None and ears.info.grammar,
    )
    turn.think()
    turn.say(complete(line))
