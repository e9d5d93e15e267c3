"""A dashboard with the companion's card and the demo home beside it."""

from .house_client import House
from .rooms import DEVICES

URL_PATH = "demo-home"
# Without a room, it asks where it hangs, and the first meeting waits until that is said.
CARD = {"type": "custom:waifu-rt3d-card"}


async def add_dashboard(house: House) -> str:
    """Make the dashboard and return its path."""
    await house.call(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title="Demo home",
        icon="mdi:home-heart",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    tiles = [{"type": "tile", "entity": device.entity_id} for device in DEVICES]
    sections = [
        {"type": "grid", "cards": [CARD]},
        {"type": "grid", "cards": tiles},
    ]
    view = {"title": "Home", "path": "home", "type": "sections", "sections": sections}
    await house.call("lovelace/config/save", url_path=URL_PATH, config={"views": [view]})
    return f"/{URL_PATH}/home"
