"""People of the house, to be chosen in a form."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import selector


async def people_choice(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """Return those who have a login, with their names."""
    return [
        selector.SelectOptionDict(value=user.id, label=user.name or user.id)
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    ]
