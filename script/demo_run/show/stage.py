"""The two rooms of the show: a satellite and a tablet each, and the page that holds them."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from demo_run.entries import add_entry
from demo_run.home import Home
from demo_run.house_client import House, Json
from demo_run.key import new_key
from demo_run.speech_program import satellite, state_folder

URL_PATH = "demo-show"
AREAS: Mapping[str, str] = {"Kitchen": "kitchen", "Living Room": "living_room"}
OPTIONS = "/api/config/config_entries/options/flow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Where each room's satellite takes commands."""

    folder: Path

    def socket(self, room: str) -> Path:
        """Return the control socket of a room's satellite."""
        return state_folder(self.folder, room) / "control.sock"


async def furnish_show(parts: AsyncExitStack, home: Home, loudspeaker: str, quality: str) -> Rooms:
    """Hang a tablet into both rooms, and put a second satellite into the living room.

    The kitchen's satellite is there already. The living room's belongs to the person who types in
    the kitchen: it is she who goes to the other room.
    """
    house = home.running.house
    await _add_tablets(house, quality)
    room = await parts.enter_async_context(
        satellite(
            home.folder,
            new_key(),
            microphone="null",
            loudspeaker=loudspeaker,
            replies=home.folder / "living-replies",
            area="Living Room",
        )
    )
    entry_id = await add_entry(house, "waifu_rt3d", {"next_step_id": "satellite"}, room.address)
    person = (await house.call("auth/current_user"))["id"]
    menu = await house.post(OPTIONS, {"handler": entry_id})
    answer = {"person": person, "media_players": [], "media_action": "duck"}
    for step in ({"next_step_id": "room"}, answer):
        await house.post(f"{OPTIONS}/{menu['flow_id']}", step)
    return Rooms(folder=home.folder)


async def _add_tablets(house: House, quality: str) -> None:
    """Make a dashboard with one view for each tablet."""
    await house.call(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title="Show",
        icon="mdi:movie-open",
        mode="storage",
        show_in_sidebar=False,
        require_admin=False,
    )
    views = [_view(room, area, quality) for room, area in AREAS.items()]
    await house.call("lovelace/config/save", url_path=URL_PATH, config={"views": views})


def _view(room: str, area: str, quality: str) -> Json:
    """Return the view of a room's tablet: the card alone."""
    card = {"type": "custom:waifu-rt3d-card", "layout": "subtitles", "area": area}
    card |= {"framing": "bust", "quality": quality}
    return {"title": room, "path": area.replace("_", "-"), "type": "panel", "cards": [card]}
