"""The options of the companion's entry: what holds for all characters."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers import selector
import probatio as vol

from ..const import CONF_AVATARS_BY_ALL


class CompanionOptionsFlow(OptionsFlow):
    """Change what holds for all characters; nothing is reloaded."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            return self.async_create_entry(data={**self.config_entry.options, **user_input})
        options = self.config_entry.options
        schema = vol.Schema(
            {
                vol.Required(
                    CONF_AVATARS_BY_ALL, default=options.get(CONF_AVATARS_BY_ALL, False)
                ): selector.BooleanSelector(),
            }
        )
        return self.async_show_form(step_id="init", data_schema=schema)
