"""Make the characters that came with imported conversations."""

import json

from homeassistant.core import HomeAssistant

from ..characters.cards.errors import CardError
from ..const import LOGGER
from ..house import HOUSE
from ..memory.api.exchanging import Imported
from ..memory.exchange.growing import ForeignCharacter
from .cards import async_add_character, async_import_card


async def async_make_characters(hass: HomeAssistant, imported: Imported) -> list[str]:
    """Make those that are told of in more than a name and are new here; return their names.

    Only for administrators. Like those of any card, they may use nothing in the house yet.
    """
    known = {one.name.casefold() for one in hass.data[HOUSE].characters.values()}
    made: list[str] = []
    for one in imported.characters:
        if not one.system_prompt.strip() or one.name.casefold() in known:
            continue
        try:
            card = await async_import_card(hass, _card(one))
        except CardError as err:
            LOGGER.warning("The character %s of an import was not made: %s", one.name, err)
            continue
        async_add_character(hass, card, name=one.name)
        known.add(one.name.casefold())
        made.append(one.name)
    return made


def _card(character: ForeignCharacter) -> bytes:
    """Return a character as a card of version 2."""
    traits = character.extra.get("personality_traits")
    fields = {
        "name": character.name,
        "description": "",
        "personality": traits if isinstance(traits, str) else "",
        "scenario": "",
        "first_mes": "",
        "mes_example": "",
        "system_prompt": character.system_prompt,
        "extensions": {"waifu_rt3d_5_29": character.extra},
    }
    card = {"spec": "chara_card_v2", "spec_version": "2.0", "data": fields}
    return json.dumps(card, ensure_ascii=False).encode()
