"""The first meeting of a person and a character: a written scene, in three short turns.

The card asks for it when it is opened. Looks round and asks for the name; keeps the name as the
first note; shows one command of this house. A command, or the wish for silence, ends it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
import re
import time
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey
import probatio as vol

from ..cast.personas import greeting_for
from ..characters.small_talk import moment_of
from ..characters.written import Moment
from ..const import DOMAIN, LOGGER
from ..house import HOUSE
from ..memory import Scope, StoreError
from ..minds.commands import async_try_command
from ..remembering.turns import Place, scope_of_turn
from .asked import Asked
from .people import memory_key
from .pipeline import async_run_text
from .turn import Origin, Person, Turn, current_turn
from .typed import connection_key

FIRST_MEETINGS: HassKey[FirstMeetings] = HassKey(f"{DOMAIN}_first_meetings")

PATIENCE_S = 120
"""Who does not answer for so long has something else to do."""
_NAME_WORDS = 3
_NAME_CHARS = 40
_BEFORE_NAME = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|well|oh|um)[,!. ]+)?(?:you (?:can|may) call me|(?:please )?call me|my name is|my name's|"
    r"i am|i'm|it's|mein name ist|ich hei(?:ß|ss)e|ich bin(?: der| die)?|nenn mich|sag)\s+",
    re.IGNORECASE,
)
_SKIP = re.compile(r"\b(skip|no|nope|later|nein|nicht|später|überspring\w*)\b", re.IGNORECASE)
_YES = re.compile(
    r"\b(yes|yeah|sure|ok|okay|please|go ahead|ja|gern\w*|klar|bitte|mach)\b", re.IGNORECASE
)
_SHOWN = {
    "light": {"en": "Turn on {name}", "de": "Schalte {name} ein"},
    "switch": {"en": "Turn on {name}", "de": "Schalte {name} ein"},
    "input_boolean": {"en": "Turn on {name}", "de": "Schalte {name} ein"},
}
"""Harmless things, in the order in which they are shown."""


class Step(StrEnum):
    """What the character waits for."""

    NAME = "name"
    SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """A scene that is being played."""

    step: Step
    lines: tuple[str, ...]
    until_s: float
    opening: Turn
    """The turn that began it: who stopped her then wants none of it."""


@dataclass(slots=True)
class FirstMeetings:
    """Scenes of persons and characters, and what is to be said in turns that nobody began."""

    scripts: dict[str, str] = field(default_factory=dict)
    scenes: dict[tuple[str, str], _Scene] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)
    """Who met since the start: the memory knows of a turn only when its sound has ended."""

    def script(self, turn: Turn) -> str | None:
        """Return what a turn of ours is to say, once."""
        return self.scripts.pop(turn.id, None)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the card's command."""
    hass.data[FIRST_MEETINGS] = FirstMeetings()
    websocket_api.async_register_command(hass, ws_meet)


@websocket_api.websocket_command(
    {vol.Required("type"): "waifu_rt3d/meet", vol.Optional("character"): str}
)
@websocket_api.async_response
async def ws_meet(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Begin the first meeting, if this person and this character never met."""
    house, meetings = hass.data[HOUSE], hass.data[FIRST_MEETINGS]
    character = house.character_or_default(msg.get("character"))
    person = Person(user_id=connection.user.id, name=connection.user.name)
    if (
        character is None
        or character.pipeline is None
        or not await _async_never_met(hass, person, character.id)
    ):
        connection.send_result(msg["id"], {"turn_id": None})
        return
    key = (memory_key(person), character.id)
    meetings.met.add(key)
    language = hass.config.language
    lines = house.words.scene(character, language)
    greeting = greeting_for(house, character, user=person.name or "", language=language)
    turn = await house.async_begin_turn(
        character=character,
        person=person,
        origin=Origin.CARD,
        owner=connection_key(connection),
        place=Place(),
    )
    meetings.scripts[turn.id] = " ".join((greeting or lines[0], *lines[1:3]))
    meetings.scenes[key] = _Scene(
        step=Step.NAME, lines=lines, until_s=time.monotonic() + PATIENCE_S, opening=turn
    )
    connection.send_result(msg["id"], {"turn_id": turn.id})
    current_turn.set(turn)
    hass.async_create_background_task(
        async_run_text(
            hass,
            turn,
            "",
            pipeline_id=character.pipeline,
            context=connection.context(msg),
            speak=True,
        ),
        f"{DOMAIN} first meeting {turn.id}",
        eager_start=False,
    )


async def async_answer(asked: Asked) -> str | None:
    """Go on with the scene of who speaks, if there is one and these words belong to it."""
    meetings = asked.hass.data.get(FIRST_MEETINGS)
    if meetings is None:
        return None
    key = (memory_key(asked.turn.start.person), asked.character.id)
    scene = meetings.scenes.pop(key, None)
    if scene is None or scene.opening.cancelled.is_set() or time.monotonic() > scene.until_s:
        return None
    if _is_unwilling(asked, scene.step):
        return None
    if scene.step is Step.SHOW:
        return await _async_show(asked, scene) if _YES.search(asked.text) else None
    name = name_in(asked.text)
    if name is None:
        return None
    await _async_keep_name(asked, name)
    meetings.scenes[key] = replace(scene, step=Step.SHOW, until_s=time.monotonic() + PATIENCE_S)
    return scene.lines[3].replace("{person}", name)


def name_in(text: str) -> str | None:
    """Return the name in an answer to “what may I call you?”, `None` where there is none."""
    name = _BEFORE_NAME.sub("", text.strip()).strip(" .,!\"'“”„")
    fits = 0 < len(name.split()) <= _NAME_WORDS and len(name) <= _NAME_CHARS
    if not fits or "?" in text or not any(char.isalpha() for char in name):
        return None
    return name[0].upper() + name[1:]


def _is_unwilling(asked: Asked, step: Step) -> bool:
    """Return whether the person wants none of it, or talks of something else."""
    moment = moment_of(asked.text, language=asked.language, name=asked.character.name, hour=12)
    if step is Step.SHOW and moment is Moment.ACKNOWLEDGED:
        moment = None  # a plain yes is an answer here, and no name
    return moment is not None or bool(_SKIP.search(asked.text))


async def _async_never_met(hass: HomeAssistant, person: Person, character_id: str) -> bool:
    """Return whether nothing was ever said between them."""
    store, key = hass.data[HOUSE].store, memory_key(person)
    if store is None or (key, character_id) in hass.data[FIRST_MEETINGS].met:
        return False
    scope = Scope(person=key, character=character_id, household=False)
    try:
        sessions = await store.sessions(scope, limit=5)
    except StoreError as err:
        LOGGER.debug("Whether they met is not known: %s", err)
        return False
    return not any(session.messages for session in sessions)


async def _async_keep_name(asked: Asked, name: str) -> None:
    """Keep the name as the first note; a memory that fails costs the note only."""
    store = asked.hass.data[HOUSE].store
    if store is None:
        return
    german = asked.language.startswith("de")
    text = f"Möchte {name} genannt werden" if german else f"Wants to be called {name}"
    try:
        await store.add_note(
            scope_of_turn(asked.turn), text, audience=asked.turn.start.memory, for_all=True
        )
        await store.name_person(asked.turn.start.memory, name)
    except StoreError as err:
        LOGGER.warning("A name can't be kept: %s", err)


async def _async_show(asked: Asked, scene: _Scene) -> str | None:
    """Do one command of this house, and say how it goes."""
    command = _a_command(asked.hass, asked.language)
    if command is None:
        return None
    user_input = replace(asked.user_input, text=command)
    done = await async_try_command(asked.hass, user_input, asked.chat_log)
    if done is None or done.response.error_code is not None:
        return None
    quoted = f"„{command}.“" if asked.language.startswith("de") else f"“{command}.”"
    return f"{quoted} {done.text} {scene.lines[4]}"


@callback
def _a_command(hass: HomeAssistant, language: str) -> str | None:
    """Return a command for something harmless that is exposed and off."""
    for domain, templates in _SHOWN.items():
        for state in hass.states.async_all(domain):
            if state.state == "off" and async_should_expose(hass, "conversation", state.entity_id):
                template = templates.get(language[:2], templates["en"])
                return template.format(name=state.name)
    return None
