"""Who may let a character act: whoever may control it, and the rooms in which it does."""

from collections.abc import Iterable

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser


async def async_check_control(
    hass: HomeAssistant, context: Context, entity_ids: Iterable[str]
) -> None:
    """Refuse a user who may not control one of the entities; an automation may.

    Core asks this for actions of entities only: without it a guest who may look at everything and
    switch nothing could still listen in a bedroom. Raises `Unauthorized` or `UnknownUser`.
    """
    if context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    for entity_id in entity_ids:
        if not user.permissions.check_entity(entity_id, POLICY_CONTROL):
            raise Unauthorized(context=context, entity_id=entity_id, permission=POLICY_CONTROL)
