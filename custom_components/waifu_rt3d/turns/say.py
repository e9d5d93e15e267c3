"""Let a character say something of itself: for automations, and to test it."""

from collections.abc import Sequence
from contextlib import aclosing

from homeassistant.components import conversation
from homeassistant.components.assist_pipeline import async_get_pipeline
from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.components.conversation import HOME_ASSISTANT_AGENT
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, intent
from homeassistant.util.ulid import ulid_now

from ..cast.character import Character
from ..cast.personas import persona_for
from ..characters.prompt import system_text
from ..characters.written import Moment
from ..const import DOMAIN, LOGGER
from ..house import HOUSE, House
from ..minds.delegate import Delegate, Question, controls_house
from ..minds.model_servers import MODEL_SERVERS, ModelServer
from ..minds.tool_policy import plain_words
from ..providers.base import Message, Request, Role, TextDelta
from ..providers.errors import ProviderError
from ..providers.patience import Deadlines, Patience, answered
from ..remembering.turns import Place
from ..stage.markup import complete
from .turn import HOUSEHOLD_PERSON, Origin, Turn, current_turn

_TASK = {
    "en": "Tell this to the people in the room, in your own words and in one or two sentences."
    " Change no fact, no number and no name, and do nothing else: {text}",
    "de": "Sag das den Menschen im Raum mit deinen eigenen Worten, in ein, zwei Sätzen."
    " Ändere keine Tatsache, keine Zahl und keinen Namen, und tu sonst nichts: {text}",
}
_TEST = {"en": "Who are you?", "de": "Wer bist du?"}
_PATIENCE = Patience(deadlines=Deadlines(first_s=20, between_s=10, total_s=30))
"""An announcement does not wait long for nicer words."""
_REWORDED_TOKENS = 200


async def async_say(
    hass: HomeAssistant, character: Character, text: str, rooms: Sequence[str], *, reword: bool
) -> Turn:
    """Say a text (markup is understood) in rooms, and show it on every card."""
    if reword:
        text = await _async_reworded(hass, character, text)
    turn = await _async_begin(hass, character)
    turn.think()
    write_text(turn, text)
    turn.finish_text()
    await async_speak_in(hass, turn, rooms)
    return turn


async def async_say_line(
    hass: HomeAssistant,
    character: Character,
    moment: Moment,
    rooms: Sequence[str],
    *,
    about: str = "",
) -> Turn:
    """Say a written line in rooms, after the name of what it is `about`; nothing of it is remembered."""
    turn = await _async_begin(hass, character, Place(passing=True))
    turn.think()
    line = hass.data[HOUSE].words.line(character, hass.config.language, moment)
    write_text(turn, f"{plain_words(about)}. {line}" if about else line)
    turn.finish_text()
    await async_speak_in(hass, turn, rooms)
    return turn


async def async_test(house: House, character: Character) -> None:
    """Let a character answer who it is, with its model and its voice; raise what is broken."""
    hass = house.hass
    turn = await _async_begin(hass, character)
    current_turn.set(turn)
    agent_id = character.entity_id(hass, Platform.CONVERSATION)
    result = await conversation.async_converse(
        hass,
        text=_TEST.get(hass.config.language[:2], _TEST["en"]),
        conversation_id=None,
        context=Context(),
        language=hass.config.language,
        agent_id=agent_id,
    )
    rooms = rooms_of(hass, character)
    await async_speak_in(hass, turn, rooms)
    if turn.error is not None or result.response.error_code is not None:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="test_failed",
            translation_placeholders={"name": character.name, "reason": turn.error or "unknown"},
        )


def rooms_of(hass: HomeAssistant, character: Character) -> list[str]:
    """Return our satellites that use this character now."""
    house = hass.data[HOUSE]
    found = []
    for entry in er.async_get(hass).entities.values():
        if entry.platform != DOMAIN or entry.domain != SATELLITE_DOMAIN:
            continue
        chosen = _chosen_pipeline(hass, entry)
        is_default = chosen is None and character == house.default_character
        if is_default or (chosen is not None and chosen == character.pipeline):
            found.append(entry.entity_id)
    return [
        room for room in found if (state := hass.states.get(room)) and state.state != "unavailable"
    ]


def _chosen_pipeline(hass: HomeAssistant, satellite: er.RegistryEntry) -> str | None:
    """Return the pipeline that a room has chosen, nothing where it takes the house's character."""
    unique_id = f"{satellite.unique_id.removesuffix('-assist_satellite')}-pipeline"
    select = er.async_get(hass).async_get_entity_id(Platform.SELECT, DOMAIN, unique_id)
    state = hass.states.get(select) if select else None
    if state is None or state.state in ("preferred", "unknown", "unavailable"):
        return None
    house = hass.data[HOUSE]
    for character in house.characters.values():
        if character.pipeline and async_get_pipeline(hass, character.pipeline).name == state.state:
            return character.pipeline
    return ""


async def _async_begin(hass: HomeAssistant, character: Character, place: Place = Place()) -> Turn:
    """Make a turn of the household."""
    turn = await hass.data[HOUSE].async_begin_turn(
        character=character, person=HOUSEHOLD_PERSON, origin=Origin.ASSIST, place=place
    )
    turn.reports_sound = False
    return turn


def write_text(turn: Turn, text: str) -> None:
    """Put a complete text into a turn."""
    turn.say(complete(text))


async def async_speak_in(hass: HomeAssistant, turn: Turn, rooms: Sequence[str]) -> None:
    """Let rooms speak what a turn says; without a room only the mouth moves."""
    current_turn.set(turn)
    text = turn.speech.text
    try:
        if rooms and text:
            await hass.services.async_call(
                SATELLITE_DOMAIN,
                "announce",
                {ATTR_ENTITY_ID: list(rooms), "message": text, "preannounce": False},
                blocking=True,
            )
    finally:
        turn.mime()
        if turn.segments and not turn.ended.is_set() and rooms:
            turn.close()


async def _async_reworded(hass: HomeAssistant, character: Character, text: str) -> str:
    """Return a text in the words of a character, the text itself where its model fails."""
    language = hass.config.language
    task = _TASK.get(language[:2], _TASK["en"]).format(text=text)
    server = hass.data[MODEL_SERVERS].get(character.model)
    try:
        if server is not None:
            return await _async_by_server(hass, character, server, task) or text
        if character.untrusted and controls_house(hass, character.model):
            return text  # a stranger's prompt must not reach an agent that acts by itself
        if character.model != HOME_ASSISTANT_AGENT:
            return await _async_by_agent(hass, character, task) or text
    except (HomeAssistantError, ProviderError) as err:
        LOGGER.warning("A text could not be reworded and is said as it stands: %s", err)
        return text
    response = intent.IntentResponse(language=language)
    response.response_type = intent.IntentResponseType.QUERY_ANSWER
    return hass.data[HOUSE].words.command(character, response, text)


async def _async_by_server(
    hass: HomeAssistant, character: Character, server: ModelServer, task: str
) -> str:
    """Return the words of one of the owner's models."""
    language = hass.config.language
    request = Request(
        model=server.model,
        system=system_text(persona_for(hass.data[HOUSE], character, language)),
        messages=(Message(role=Role.USER, text=task),),
        max_tokens=_REWORDED_TOKENS,
        options=server.options,
    )
    servers = hass.data[MODEL_SERVERS]
    async with aclosing(answered([lambda: servers.stream(server, request)], _PATIENCE)) as deltas:
        texts = [delta.text async for delta in deltas if isinstance(delta, TextDelta)]
    return "".join(texts).strip()


async def _async_by_agent(hass: HomeAssistant, character: Character, task: str) -> str:
    """Return the words of a conversation agent."""
    language = hass.config.language
    question = Question(
        text=task,
        conversation_id=f"waifu-say-{ulid_now()}",
        language=language,
        context=Context(),
        device_id=None,
        satellite_id=None,
        extra_system_prompt=system_text(persona_for(hass.data[HOUSE], character, language)),
    )
    delegate = Delegate(hass, character.model)
    async with aclosing(delegate.stream(question)) as pieces:
        text = "".join([piece async for piece in pieces])
    failed = delegate.result is not None and delegate.result.response.error_code is not None
    return "" if failed else text.strip()
