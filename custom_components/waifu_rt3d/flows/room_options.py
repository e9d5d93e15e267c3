"""The options of a satellite's entry: whose it is, and what becomes of the music."""

from contextlib import AsyncExitStack
from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import selector
import probatio as vol

from ..actions.uploads import uploaded
from ..const import CONF_PAIRING_KEY
from ..room.entity import room_of
from ..room.media import CONF_MEDIA_ACTION, CONF_MEDIA_PLAYERS, Action
from ..room.speaker import ASK, CONF_PERSON, HOUSEHOLD
from ..room.wake_models import WakeModelError, async_bring, read_wake_model
from .people_choice import people_choice

CONF_PHRASE = "phrase"
CONF_MODEL = "model"
CONF_DESCRIPTION = "description"

WAKE_MODEL_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_PHRASE): selector.TextSelector(),
        vol.Required(CONF_MODEL): selector.FileSelector(
            selector.FileSelectorConfig(accept=".onnx,.tflite")
        ),
        vol.Optional(CONF_DESCRIPTION): selector.FileSelector(
            selector.FileSelectorConfig(accept=".json")
        ),
    }
)


class RoomOptionsFlow(OptionsFlowWithReload):
    """Change what holds for one room."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer what can be done; without a pairing key no model is sent."""
        if not self.config_entry.data.get(CONF_PAIRING_KEY):
            return await self.async_step_room(user_input)
        return await self.async_step_room_menu(user_input)

    async def async_step_room_menu(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer what can be done, under a name of its own for its texts."""
        return self.async_show_menu(step_id="room_menu", menu_options=["room", "wake_model"])

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

    async def async_step_wake_model(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a wake word model until the satellite takes it."""
        problem: WakeModelError | None = None
        if user_input is not None:
            try:
                await self._async_bring(user_input)
            except WakeModelError as err:
                problem = err
            except HomeAssistantError:
                problem = WakeModelError("satellite_lost")
            else:
                return self.async_abort(
                    reason="wake_model_kept",
                    description_placeholders={"phrase": user_input[CONF_PHRASE]},
                )
        return self.async_show_form(
            step_id="wake_model",
            data_schema=self.add_suggested_values_to_schema(WAKE_MODEL_SCHEMA, _words(user_input)),
            errors={"base": problem.key} if problem else {},
            # A form with a placeholder needs it in all its states.
            description_placeholders={"reason": "", **_placeholders(problem)},
        )

    async def _async_bring(self, user_input: dict[str, Any]) -> None:
        """Send the uploaded files to the satellite. Raises WakeModelError, HomeAssistantError."""
        loaded = self.config_entry.state is ConfigEntryState.LOADED
        room = room_of(self.config_entry) if loaded else None
        if room is None:
            raise WakeModelError("satellite_lost")
        async with AsyncExitStack() as stack:
            model = await stack.enter_async_context(uploaded(self.hass, user_input[CONF_MODEL]))
            description = None
            if user_input.get(CONF_DESCRIPTION):
                description = await stack.enter_async_context(
                    uploaded(self.hass, user_input[CONF_DESCRIPTION])
                )
            read = await self.hass.async_add_executor_job(
                read_wake_model, user_input[CONF_PHRASE], model, description
            )
        await async_bring(room, read)

    async def _person(self) -> selector.SelectSelector:
        """Return the choice of whom a satellite belongs to."""
        # Labels of the two first are translated, those of people are their names.
        fixed = [selector.SelectOptionDict(value=each, label=each) for each in (HOUSEHOLD, ASK)]
        return selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=[*fixed, *await people_choice(self.hass)], translation_key="room_person"
            )
        )


def _words(user_input: dict[str, Any] | None) -> dict[str, Any]:
    """Return what may be suggested again: an upload is used once."""
    return {CONF_PHRASE: user_input[CONF_PHRASE]} if user_input else {}


def _placeholders(problem: WakeModelError | None) -> dict[str, str]:
    """Return what fills the sentence about a problem."""
    return problem.placeholders if problem else {}
