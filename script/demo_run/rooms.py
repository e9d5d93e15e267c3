"""Give the demo home's devices their rooms and the other names that people use."""

from dataclasses import dataclass

from .house_client import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An entity, its room and its other names."""

    entity_id: str
    room: str
    aliases: tuple[str, ...] = ()


DEVICES = (
    Device(entity_id="light.kitchen_light", room="Kitchen", aliases=("kitchen lamp",)),
    Device(entity_id="switch.coffee_maker", room="Kitchen", aliases=("coffee machine",)),
    Device(entity_id="light.living_room_light", room="Living Room", aliases=("floor lamp",)),
    Device(entity_id="climate.thermostat", room="Living Room", aliases=("heating",)),
    Device(entity_id="cover.bedroom_blind", room="Bedroom", aliases=("bedroom shade",)),
)


async def furnish(house: House) -> None:
    """Make the rooms, put the devices into them and let assistants see them."""
    # A fresh home has some rooms already.
    known = await house.call("config/area_registry/list")
    rooms: dict[str, str] = {area["name"]: area["area_id"] for area in known}
    for device in DEVICES:
        if device.room not in rooms:
            area = await house.call("config/area_registry/create", name=device.room)
            rooms[device.room] = area["area_id"]
        await house.call(
            "config/entity_registry/update",
            entity_id=device.entity_id,
            area_id=rooms[device.room],
            aliases=list(device.aliases),
        )
    await house.call(
        "homeassistant/expose_entity",
        assistants=["conversation"],
        entity_ids=[device.entity_id for device in DEVICES],
        should_expose=True,
    )
