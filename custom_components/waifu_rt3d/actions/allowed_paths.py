"""Where actions may read and write files."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..memory import Scope
from ..remembering.forgetting import FILES
from ..remembering.rights import MemoryRefusal


async def async_allowed_path(hass: HomeAssistant, given: str, scope: Scope) -> Path:
    """Return a path that whoever is behind the action may touch.

    A person has a folder of their own, where nobody else's export can be read from. Administrators
    and automations, who could read the files anyway, have what the owner allowed besides.
    """
    user = await hass.auth.async_get_user(scope.person)
    everywhere = user is None or user.is_admin
    folder = Path(hass.config.path(DOMAIN, FILES))
    own = folder if user is None else folder / user.id
    return allowed_path(hass, given, own, [folder] if everywhere else [own], everywhere=everywhere)


def allowed_path(
    hass: HomeAssistant, given: str, own: Path, open_to: list[Path], *, everywhere: bool
) -> Path:
    """Return a path in folders that are open, or where the owner allowed it; a bare name is in `own`."""
    try:
        resolved = (own / given).resolve()
    except (OSError, ValueError) as err:  # a null or half a character is in no file's name
        raise MemoryRefusal("path_not_allowed", given) from err
    inside = any(resolved.is_relative_to(folder) for folder in open_to)
    if not inside and not (everywhere and hass.config.is_allowed_path(str(resolved))):
        raise MemoryRefusal("path_not_allowed", given)
    return resolved
