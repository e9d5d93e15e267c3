"""The options of a satellite's entry: whose it is, and what becomes of the music."""

from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers import selector
import probatio as vol

from ..room.media import CONF_MEDIA_ACTION, CONF_MEDIA_PLAYERS, Action
from ..room.speaker import ASK, CONF_PERSON, HOUSEHOLD
from .people_choice import people_choice


class RoomOptionsFlow(OptionsFlowWithReload):
    """Change what holds for one room."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go to the only step, which has a name of its own for its texts."""
        return await self.async_step_room(user_input)

    async def async_step_room(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        schema = vol.Schema(
            {
                vol.Required(CONF_PERSON, default=HOUSEHOLD): await self._person(),
                vol.Optional(CONF_MEDIA_PLAYERS, default=[]): selector.EntitySelector(
                    selector.EntitySelectorConfig(domain=MEDIA_PLAYER, multiple=True)
                ),
                vol.Required(CONF_MEDIA_ACTION, default=Action.DUCK.value): selector.SelectSelector(
                    selector.SelectSelectorConfig(
                        options=[action.value for action in Action],
                        translation_key=CONF_MEDIA_ACTION,
                    )
                ),
            }
        )
        return self.async_show_form(
            step_id="room",
            data_schema=self.add_suggested_values_to_schema(schema, self.config_entry.options),
        )

    async def _person(self) -> selector.SelectSelector:
        """Return the choice of whom a satellite belongs to."""
        # Labels of the two first are translated, those of people are their names.
        fixed = [selector.SelectOptionDict(value=each, label=each) for each in (HOUSEHOLD, ASK)]
        return selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=[*fixed, *await people_choice(self.hass)], translation_key="room_person"
            )
        )
