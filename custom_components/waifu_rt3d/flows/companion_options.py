"""The options of the companion's entry: what holds for all characters."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers import selector
import probatio as vol

from ..cast.noticing import DEFAULT_SLEEP_AFTER_MIN
from ..const import (
    CONF_AVATARS_BY_ALL,
    CONF_CHILDREN,
    CONF_NOTICES,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_SLEEP_AFTER_MIN,
    CONF_WATCHED,
)
from .people_choice import people_choice

_NOTICED = ["light", "switch", "sun", "event", "binary_sensor", "person", "device_tracker"]
_NOTICED += ["weather", "timer"]
_PRESENCE = ["binary_sensor", "person", "device_tracker"]


class CompanionOptionsFlow(OptionsFlow):
    """Change what holds for all characters; nothing is reloaded."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options; a field that is left empty is empty from now on."""
        people = selector.SelectSelectorConfig(
            options=await people_choice(self.hass), multiple=True
        )
        asked = _asked().extend(
            {vol.Optional(CONF_CHILDREN, default=[]): selector.SelectSelector(people)}
        )
        if user_input is not None:
            names = {str(field) for field in asked.schema}
            kept = {k: v for k, v in self.config_entry.options.items() if k not in names}
            return self.async_create_entry(data={**kept, **user_input})
        schema = self.add_suggested_values_to_schema(asked, dict(self.config_entry.options))
        return self.async_show_form(step_id="init", data_schema=schema)


def _asked() -> vol.Schema:
    """Return the fields that are the same in every house."""
    return vol.Schema(
        {
            vol.Optional(CONF_NOTICES): _entities(_NOTICED),
            vol.Optional(CONF_QUIET_FROM): selector.TimeSelector(),
            vol.Optional(CONF_QUIET_UNTIL): selector.TimeSelector(),
            vol.Optional(CONF_WATCHED): _entities(_PRESENCE),
            vol.Optional(CONF_SLEEP_AFTER_MIN, default=DEFAULT_SLEEP_AFTER_MIN): (
                selector.NumberSelector(
                    selector.NumberSelectorConfig(
                        min=1,
                        max=240,
                        step=1,
                        mode=selector.NumberSelectorMode.BOX,
                        unit_of_measurement="min",
                    )
                )
            ),
            vol.Optional(CONF_AVATARS_BY_ALL, default=False): selector.BooleanSelector(),
        }
    )


def _entities(domains: list[str]) -> selector.EntitySelector:
    """Return a field for any number of entities."""
    return selector.EntitySelector(selector.EntitySelectorConfig(domain=domains, multiple=True))
