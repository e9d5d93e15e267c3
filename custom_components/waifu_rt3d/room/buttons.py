"""Buttons of a room's satellite."""

from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity
from homeassistant.const import EntityCategory

from ..entity import WaifuConfigEntry
from .entity import RoomEntity
from .room import Room


def room_buttons(entry: WaifuConfigEntry, room: Room) -> list[RoomButton]:
    """Return the buttons of a satellite."""
    identify = RoomButton(entry, room, "identify", "identify")
    identify._attr_entity_category = EntityCategory.CONFIG  # noqa: SLF001 - made just above
    identify._attr_device_class = ButtonDeviceClass.IDENTIFY  # noqa: SLF001 - made just above
    return [
        RoomButton(entry, room, "listen", "press"),
        RoomButton(entry, room, "stop", "stop"),
        identify,
    ]


class RoomButton(RoomEntity, ButtonEntity):
    """A button that does what one in the room would do."""

    def __init__(self, entry: WaifuConfigEntry, room: Room, key: str, event: str) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, key)
        self._event = event

    @override
    async def async_press(self) -> None:
        """Tell the satellite."""
        await self.room.async_send(self._event)
