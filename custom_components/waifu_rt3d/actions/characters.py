"""Actions for automations: say, ask, perform, look_at, sleep, wake."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from homeassistant.components import tts
from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, Platform
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType
import probatio as vol

from ..cast.avatar_files import animations
from ..cast.character import Character
from ..cast.presence import PRESENCE, Doing
from ..characters.written import Moment
from ..companion import named_character
from ..const import CONF_CHARACTER, DOMAIN
from ..house import HOUSE
from ..stage.cues import CueKind, CueName, read_tag
from ..turns.pipeline import WAV_OUTPUT
from ..turns.say import async_say, async_say_line, rooms_of
from .rights import async_check_control

ATTR_ROOMS = "rooms"
_CHARACTER = {vol.Optional(CONF_CHARACTER): cv.string}
_INTENSITY = vol.All(vol.Coerce(float), vol.Range(min=0, max=1))
_WHO = {
    **_CHARACTER,
    vol.Optional(ATTR_ROOMS, default=list): cv.entities_domain(SATELLITE_DOMAIN),
}
type Handler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]

GAZES = ("user", "left", "right", "up", "down", "away")

SAY = vol.Schema(
    {
        **_CHARACTER,
        vol.Required("message"): vol.All(cv.string, vol.Length(min=1, max=2000)),
        vol.Optional("reword", default=False): cv.boolean,
        vol.Optional(ATTR_ROOMS, default=list): cv.entities_domain(SATELLITE_DOMAIN),
    }
)
ASK = vol.Schema(
    {
        **_CHARACTER,
        vol.Required("question"): vol.All(cv.string, vol.Length(min=1, max=2000)),
        vol.Required("room"): cv.entity_domain(SATELLITE_DOMAIN),
        vol.Optional("answers"): [
            {
                vol.Required("id"): cv.string,
                vol.Required("sentences"): vol.All(cv.ensure_list, [cv.string]),
            }
        ],
    }
)
PERFORM = vol.All(
    vol.Schema(
        {
            **_WHO,
            vol.Optional("emotion"): cv.string,
            vol.Optional("intensity", default=1.0): _INTENSITY,
            vol.Optional("gesture"): cv.string,
        }
    ),
    cv.has_at_least_one_key("emotion", "gesture"),
)
LOOK_AT = vol.Schema({**_WHO, vol.Required("direction"): vol.In(GAZES)})
ALONE = vol.Schema(_WHO)
WAKE = vol.Schema({**_WHO, vol.Optional("silent", default=False): cv.boolean})


@callback
def async_setup_character_services(hass: HomeAssistant) -> None:
    """Register the actions."""

    async def say(call: ServiceCall) -> ServiceResponse:
        rooms: list[str] = call.data[ATTR_ROOMS]
        lost = [room for room in rooms if _is_lost(hass, room)]
        turn = await async_say(
            hass,
            character_of(hass, call),
            call.data["message"],
            rooms,
            reword=call.data["reword"],
        )
        return {"turn_id": turn.id, "text": turn.speech.text, "lost": list(lost)}

    async def ask(call: ServiceCall) -> ServiceResponse:
        return await _async_ask(hass, call)

    async def perform(call: ServiceCall) -> ServiceResponse:
        cues = _cues_of(call)
        who = _each(hass, call, lambda one: hass.data[PRESENCE].perform(one.id, cues))
        return {"cues": [{"kind": cue.kind.value, "name": cue.name} for cue in cues], **who}

    async def look_at(call: ServiceCall) -> ServiceResponse:
        gaze = CueName(kind=CueKind.GAZE, name=call.data["direction"])
        return _each(hass, call, lambda one: hass.data[PRESENCE].perform(one.id, [gaze]))

    async def sleep(call: ServiceCall) -> ServiceResponse:
        return _each(hass, call, lambda one: hass.data[PRESENCE].sleep(one.id, asleep=True))

    async def wake(call: ServiceCall) -> ServiceResponse:
        return await _async_wake(hass, call)

    for name, handler, schema in (
        ("say", say, SAY),
        ("ask", ask, ASK),
        ("perform", perform, PERFORM),
        ("look_at", look_at, LOOK_AT),
        ("sleep", sleep, ALONE),
        ("wake", wake, WAKE),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            _controlled(hass, handler),
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


def _controlled(hass: HomeAssistant, handler: Handler) -> Handler:
    """Call a handler for those who may control the character and the rooms that are named."""

    async def run(call: ServiceCall) -> ServiceResponse:
        rooms = [*call.data.get(ATTR_ROOMS, ()), *filter(None, [call.data.get("room")])]
        body = character_of(hass, call).entity_id(hass, Platform.CONVERSATION)
        await async_check_control(hass, call.context, [*rooms, *filter(None, [body])])
        _check_rooms(hass, rooms)
        return await handler(call)

    return run


@callback
def _check_rooms(hass: HomeAssistant, rooms: Iterable[str]) -> None:
    """Refuse a room that there is not: core passes over it, and nobody would ever know."""
    for room in rooms:
        if hass.states.get(room) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="room_missing",
                translation_placeholders={"room": room},
            )


@callback
def _is_lost(hass: HomeAssistant, room: str) -> bool:
    """Say whether a room's satellite is not connected: core passes over it without a word."""
    return hass.states.is_state(room, STATE_UNAVAILABLE)


@callback
def character_of(hass: HomeAssistant, call: ServiceCall) -> Character:
    """Return the character that an action names by entity, id or name; the house's where none is."""
    found = named_character(hass.data[HOUSE], call.data.get(CONF_CHARACTER))
    if found is None or PRESENCE not in hass.data:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="character_missing")
    return found


@callback
def _each(
    hass: HomeAssistant, call: ServiceCall, do: Callable[[Character], None]
) -> dict[str, JsonValueType]:
    """Do something with the named character, or with those who answer in the rooms; return who it was."""
    chosen = [character_of(hass, call)]
    if call.data[ATTR_ROOMS] and not call.data.get(CONF_CHARACTER):
        everybody = hass.data[HOUSE].characters.values()
        rooms = set(call.data[ATTR_ROOMS])
        chosen = [one for one in everybody if rooms & set(rooms_of(hass, one))]
        if not chosen:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="nobody_in_rooms"
            )
    for character in chosen:
        do(character)
    return {"characters": [character.id for character in chosen]}


async def _async_wake(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Wake characters; who slept says so, aloud only in the rooms that are named."""
    woken: list[Character] = []

    def wake(character: Character) -> None:
        if hass.data[PRESENCE].doing(character.id) is Doing.ASLEEP:
            woken.append(character)
        hass.data[PRESENCE].sleep(character.id, asleep=False)

    told = _each(hass, call, wake)
    if not call.data["silent"]:
        for character in woken:
            rooms = call.data[ATTR_ROOMS]
            if not call.data.get(CONF_CHARACTER):
                rooms = [room for room in rooms_of(hass, character) if room in rooms]
            await async_say_line(hass, character, Moment.WOKEN, rooms)
    return told


def _cues_of(call: ServiceCall) -> list[CueName]:
    """Return what is to be shown; a word that nobody knows is refused."""
    cues: list[CueName] = []
    for kind in (CueKind.EMOTION, CueKind.GESTURE):
        if (word := call.data.get(kind.value)) is None:
            continue
        brought = _brought(call.hass, word) if kind is CueKind.GESTURE else None
        (cue,) = (brought,) if brought else read_tag(f"{kind.value}:{word}") or (None,)
        if cue is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=f"unknown_{kind.value}",
                translation_placeholders={"name": word},
            )
        amount = call.data["intensity"] if kind is CueKind.EMOTION else 1.0
        cues.append(CueName(kind=kind, name=cue.name, intensity=amount))
    return cues


def _brought(hass: HomeAssistant, word: str) -> CueName | None:
    """Return an animation that somebody brought, by its name; the card knows it by its id."""
    found = (file for file in animations(hass) if file.name.casefold() == word.strip().casefold())
    file = next(found, None)
    return CueName(kind=CueKind.GESTURE, name=file.id) if file else None


async def _async_ask(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Ask in a room, with the voice of the room's character or a named one; return the answer."""
    character = character_of(hass, call)
    if _is_lost(hass, call.data["room"]):
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="satellite_lost")
    data: dict[str, Any] = {
        ATTR_ENTITY_ID: call.data["room"],
        "question": call.data["question"],
        "preannounce": False,
    }
    voice = character.entity_id(hass, Platform.TTS)
    if call.data.get(CONF_CHARACTER) and voice is not None:
        data["question_media_id"] = tts.generate_media_source_id(
            hass, call.data["question"], engine=voice, options=dict(WAV_OUTPUT)
        )
    if answers := call.data.get("answers"):
        data["answers"] = answers
    return await hass.services.async_call(
        SATELLITE_DOMAIN,
        "ask_question",
        data,
        blocking=True,
        context=call.context,
        return_response=True,
    )
