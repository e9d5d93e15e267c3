"""Who speaks, and who may follow."""

from homeassistant.core import Context, HomeAssistant

from .stage.bus import HOUSEHOLD, Audience
from .turn import HOUSEHOLD_PERSON, Person


async def person_of(hass: HomeAssistant, context: Context) -> Person:
    """Return the person behind a context; runs of satellites carry no user."""
    if context.user_id is None:
        return HOUSEHOLD_PERSON
    user = await hass.auth.async_get_user(context.user_id)
    return Person(user_id=context.user_id, name=user.name if user else None)


def audience_of(person: Person) -> Audience:
    """Return who may follow: a person's turn is that person's, the household's everybody's."""
    if person.user_id is None:
        return HOUSEHOLD
    return Audience(user_ids=frozenset({person.user_id}))
