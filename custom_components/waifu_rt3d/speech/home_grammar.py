"""The commands of this house for engines that understand nothing else."""

from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import suppress

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
    intent,
)
from homeassistant.util import language as language_util
from homeassistant.util.hass_dict import HassKey

from ..house import HOUSE
from ..voice.connection import WireError
from ..voice.grammar import CELSIUS, FAHRENHEIT, Grammar, HomeNames, build_grammar, read_selection
from ..voice.service import SpeechService
from ..voice.speech import MICROPHONE

MOST_LIKELY_NAMES = 100
"""A server keeps as many of them, from the first on, as its model takes."""

_MADE: HassKey[dict[str, tuple[HomeNames, Grammar | None]]] = HassKey("waifu_rt3d_grammars")


async def async_home_grammar(hass: HomeAssistant, language: str) -> Grammar | None:
    """Return the grammar of the house in a language, `None` where we have none for it.

    It is made anew when a name, alias or area changed.
    """
    names = _home_names(hass)
    made = hass.data.setdefault(_MADE, {})
    if language not in made or made[language][0] != names:
        grammar = await hass.async_add_executor_job(_build, language, names)
        made[language] = (names, grammar)
    return made[language][1]


@callback
def async_likely_names(hass: HomeAssistant) -> tuple[str, ...]:
    """Return the rooms and exposed things of the house, each once, for recognisers of free speech."""
    names = _home_names(hass)
    things = (name for found in names.names.values() for name in found)
    return tuple(dict.fromkeys([*names.areas, *names.floors, *things]))[:MOST_LIKELY_NAMES]


async def async_warm_ears(hass: HomeAssistant, server: SpeechService) -> None:
    """Let a speech server load its recogniser and this house's grammar before somebody speaks."""
    language = language_of(server, hass.config.language)
    if language is None:
        return
    grammar = await async_home_grammar(hass, language) if server.info.grammar else None
    with suppress(WireError):
        async for _ in server.listen(_silence(), language=language, grammar=grammar):
            pass


def language_of(server: SpeechService, wanted: str) -> str | None:
    """Return the language that a server hears which is nearest to the wanted one."""
    return next(iter(language_util.matches(wanted, server.info.listen_languages)), None)


async def _silence() -> AsyncGenerator[bytes]:
    """Yield a moment of silence (100 ms)."""
    yield bytes(MICROPHONE.rate_hz * MICROPHONE.width // 10)


def _build(language: str, names: HomeNames) -> Grammar | None:
    """Build a grammar from Home Assistant's sentences; reads files."""
    from home_assistant_intents import get_intents  # noqa: PLC0415 - installed by `conversation`

    selection = read_selection(language)
    intents = get_intents(language.partition("-")[0].lower()) if selection else None
    if selection is None or intents is None:
        return None
    return build_grammar(language, intents, selection, names)


@callback
def _home_names(hass: HomeAssistant) -> HomeNames:
    """Return what the people of this house may name by voice."""
    entities = er.async_get(hass)
    names: dict[str, list[str]] = defaultdict(list)
    for state in hass.states.async_all():
        if not async_should_expose(hass, conversation.DOMAIN, state.entity_id):
            continue
        found = intent.async_get_entity_aliases(
            hass, entities.async_get(state.entity_id), state=state
        )
        names[state.domain] += sorted(name for name in found if name)
    areas = ar.async_get(hass).async_list_areas()
    floors = fr.async_get(hass).async_list_floors()
    fahrenheit = hass.config.units.temperature_unit == UnitOfTemperature.FAHRENHEIT
    return HomeNames(
        names={domain: tuple(found) for domain, found in sorted(names.items())},
        areas=tuple(name for area in areas for name in (area.name, *sorted(area.aliases))),
        floors=tuple(name for floor in floors for name in (floor.name, *sorted(floor.aliases))),
        temperatures=FAHRENHEIT if fahrenheit else CELSIUS,
        wake_phrases=tuple(sorted(hass.data[HOUSE].wake_phrases)),
    )
