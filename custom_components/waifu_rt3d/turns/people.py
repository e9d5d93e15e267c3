"""Who speaks, and who may follow."""

from homeassistant.core import Context, HomeAssistant

from ..memory import HOUSEHOLD as HOUSEHOLD_KEY
from ..stage.bus import HOUSEHOLD, Audience
from .turn import HOUSEHOLD_PERSON, Person


async def person_of(hass: HomeAssistant, context: Context) -> Person:
    """Return the person behind a context; runs of satellites carry no user."""
    if context.user_id is None:
        return HOUSEHOLD_PERSON
    user = await hass.auth.async_get_user(context.user_id)
    return Person(user_id=context.user_id, name=user.name if user else None)


def memory_key(person: Person) -> str:
    """Return whose memory belongs to a person: the user's own, or the household's."""
    return person.user_id or HOUSEHOLD_KEY


def audience_of(memory: str) -> Audience:
    """Return who may follow what goes into a memory: its person, or everybody in the house."""
    if memory == HOUSEHOLD_KEY:
        return HOUSEHOLD
    return Audience(user_ids=frozenset({memory}))
