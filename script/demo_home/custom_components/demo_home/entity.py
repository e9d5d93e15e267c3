"""What the devices of the demo home have in common."""

from homeassistant.helpers.entity import Entity


class DemoEntity(Entity):
    """A device that keeps its state in memory and pushes it."""

    _attr_should_poll = False

    def __init__(self, key: str, name: str) -> None:
        """Name the device; areas and aliases are given to it like in any home."""
        self._attr_unique_id = key
        self._attr_name = name
