"""Turns that begin with text: a card's new question, or an old one that is answered anew."""

from dataclasses import dataclass

from homeassistant.components import websocket_api
from homeassistant.core import Context, HomeAssistant

from ..cast.character import Character
from ..const import DOMAIN
from ..house import HOUSE
from ..memory import Message
from ..remembering.turns import Place
from ..room.rooms import device_of_card
from ..stage.cues import Cue, CueKind
from ..stage.markup import Piece
from .pipeline import async_run_speech, async_run_text
from .turn import Origin, Person, Turn, current_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What is asked, of whom, and where it belongs."""

    text: str
    character: Character
    place: Place
    speak: bool


async def async_answer(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    context: Context,
    typed: Typed,
) -> Turn:
    """Begin a turn of the user who is logged in; its envelopes come through the subscription."""
    person = Person(user_id=connection.user.id, name=connection.user.name)
    return await async_type(hass, person, connection_key(connection), context, typed)


async def async_type(
    hass: HomeAssistant, person: Person, owner: str | None, context: Context, typed: Typed
) -> Turn:
    """Begin a turn of a person; the connection `owner`, if any, gets its sound."""
    turn = await hass.data[HOUSE].async_begin_turn(
        character=typed.character,
        person=person,
        origin=Origin.CARD,
        owner=owner,
        place=typed.place,
    )
    current_turn.set(turn)
    hass.async_create_background_task(
        async_run_text(
            hass,
            turn,
            typed.text,
            pipeline_id=typed.character.pipeline or "",
            context=context,
            speak=typed.speak,
            device_id=device_of_card(hass, typed.character, turn.start.area),
        ),
        f"{DOMAIN} turn {turn.id}",
        eager_start=False,  # the client learns the turn before its envelopes
    )
    return turn


async def async_speak_again(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    context: Context,
    character: Character,
    answer: Message,
) -> Turn:
    """Speak a stored answer once more, with its cues, for the card that asks."""
    turn = await hass.data[HOUSE].async_begin_turn(
        character=character,
        person=Person(user_id=connection.user.id, name=connection.user.name),
        origin=Origin.CARD,
        owner=connection_key(connection),
        place=Place(session_id=answer.session_id, again_of=answer.id, passing=True),
    )
    current_turn.set(turn)

    async def run() -> None:
        turn.think()
        display = answer.display if answer.display is not None else answer.text
        turn.say(Piece(display=display, speech=answer.text, cues=_cues(answer)))
        turn.finish_text()
        await async_run_speech(hass, turn, pipeline_id=character.pipeline or "", context=context)

    hass.async_create_background_task(run(), f"{DOMAIN} again {turn.id}", eager_start=False)
    return turn


def _cues(answer: Message) -> tuple[Cue, ...]:
    """Return the cues of a stored answer at their places in its text."""
    return tuple(
        Cue(
            kind=CueKind(cue["kind"]),
            name=str(cue["name"]),
            intensity=float(cue["intensity"]),
            offset=int(cue["offset"]),
            hold_ms=int(cue["hold_ms"]),
        )
        for cue in answer.cues
    )


def connection_key(connection: websocket_api.ActiveConnection) -> str:
    """Name a connection for as long as it lives."""
    return f"{id(connection):x}"
