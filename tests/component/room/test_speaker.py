"""Who speaks: for manners, never for rights."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.room.speaker import asks_who, async_person_of_room, split_speaker
from custom_components.waifu_rt3d.turns.turn import HOUSEHOLD_PERSON


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("[Anna] turn on the light", "Anna", "turn on the light"),
        (" [Anna Maria]hello", "Anna Maria", "hello"),
        ("turn on the light", None, "turn on the light"),
        ("[] hello", None, "[] hello"),
        ("[12] hello", None, "[12] hello"),
        ("[Anna]", None, "[Anna]"),
        ("say [Anna] hello", None, "say [Anna] hello"),
    ],
)
def test_name_before_the_text(text: str, name: str | None, rest: str) -> None:
    """Only a name at the beginning, before words, is a name."""
    assert split_speaker(text) == (name, rest)


async def test_room_belongs_to_a_person_or_the_household(hass: HomeAssistant) -> None:
    """A person's room has their rights; one of nobody, or of somebody who left, the household's."""
    user = await hass.auth.async_create_user("Anna")
    person = await async_person_of_room(hass, {"person": user.id})
    assert (person.user_id, person.name) == (user.id, "Anna")
    for options in ({}, {"person": "household"}, {"person": "ask"}, {"person": "nobody"}):
        assert await async_person_of_room(hass, options) is HOUSEHOLD_PERSON


async def test_room_may_ask_who_speaks(hass: HomeAssistant) -> None:
    """Where its owner chose so, the character is told that nobody has said who speaks."""
    for answer, options in ((True, {"person": "ask"}), (False, {})):
        entry = MockConfigEntry(domain="waifu_rt3d", options=options)
        entry.add_to_hass(hass)
        known = er.async_get(hass).async_get_or_create(
            "assist_satellite", "waifu_rt3d", f"room-{answer}", config_entry=entry
        )
        assert asks_who(hass, known.entity_id) is answer
    assert not asks_who(hass, None)
    assert not asks_who(hass, "assist_satellite.of_others")
