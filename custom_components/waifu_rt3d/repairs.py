"""Repairs that can be made with a click."""

from typing import override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .remembering.leaving import async_delete_files


class FilesLeftFlow(ConfirmRepairFlow):
    """Delete what the integration left, once that is confirmed."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then delete; where the disk refuses, say so and leave the question open."""
        if user_input is not None:
            if self.hass.config_entries.async_entries(DOMAIN):
                # Somebody began anew while the question stood open elsewhere.
                return self.async_abort(reason="used_again")
            try:
                await async_delete_files(self.hass)
            except OSError as err:
                return self.async_abort(
                    reason="not_deleted", description_placeholders={"reason": str(err)}
                )
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow of the one repair that has one."""
    return FilesLeftFlow()
