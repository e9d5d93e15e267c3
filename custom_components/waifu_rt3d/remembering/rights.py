"""Who may ask the memory for what, and its errors as sentences that are translated."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..house import HOUSE
from ..memory import (
    HOUSEHOLD,
    BadImport,
    BadQuery,
    NotAllowed,
    NotFound,
    Scope,
    Store,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
)

_KEYS: tuple[tuple[type[StoreError], str], ...] = (
    (NotFound, "memory_not_found"),
    (NotAllowed, "memory_not_allowed"),
    (BadQuery, "memory_bad_query"),
    (BadImport, "memory_bad_import"),
    (StoreFull, "memory_full"),
    (StoreReadOnly, "memory_read_only"),
    (StoreDamaged, "memory_damaged"),
    (StoreError, "memory_closed"),
)


class MemoryRefusal(HomeAssistantError):
    """Say in the person's language why the memory did not do what was asked."""

    def __init__(self, key: str, reason: str = "") -> None:
        """Name the sentence; `reason` is what it says further."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"reason": reason},
        )


def store_of(hass: HomeAssistant) -> Store:
    """Return the memory of the house."""
    store = hass.data[HOUSE].store
    if store is None:
        raise MemoryRefusal("memory_closed")
    return store


def scope_of(user: User) -> Scope:
    """Return what a user may see: their own, and the household's if they live here.

    An administrator sees no more than anybody else: what others said is theirs.
    """
    return Scope(person=user.id, household=is_household(user))


def is_household(user: User) -> bool:
    """Return whether a user lives here; guests with a read-only login see only their own."""
    groups = {group.id for group in user.groups}
    return (
        user.is_active
        and not user.system_generated
        and (user.is_owner or bool(groups & {GROUP_ID_ADMIN, GROUP_ID_USER}))
    )


async def async_scope_of(hass: HomeAssistant, context: Context) -> Scope:
    """Return what the one behind an action may see; an automation acts for the household."""
    if context.user_id is None:
        return Scope(person=HOUSEHOLD)
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise MemoryRefusal("memory_not_allowed")
    return scope_of(user)


def key_of(error: StoreError) -> str:
    """Return the translation key of the memory's error."""
    return next(key for kind, key in _KEYS if isinstance(error, kind))


@contextmanager
def told() -> Iterator[None]:
    """Raise the memory's errors as translated sentences."""
    try:
        yield
    except StoreError as err:
        raise MemoryRefusal(key_of(err), str(err)) from err
