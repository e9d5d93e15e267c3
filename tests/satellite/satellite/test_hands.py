"""Hands and lights, on pins that exist only here."""

import asyncio
from collections.abc import Callable
from typing import override

from gpiozero.pins.mock import MockFactory, MockPin
import pytest
from satellite_room import Room

from waifu_satellite.config import ConfigError
from waifu_satellite.hands import Pins, hands, parse_pins

type Play = Callable[..., None]


class GroundedPin(MockPin):
    """A pin whose switch is closed already when it is first read."""

    @override
    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self._change_state(False)


def test_button_light_and_mute_switch(play_scene: Play) -> None:
    """The button wakes and the light shows it; the switch really closes the device."""

    async def scene(room: Room) -> None:
        factory = MockFactory()
        button, switch, light = (factory.pin(number) for number in (17, 22, 5))
        with hands(room.satellite, "button=17, mute=22, led=5", factory):
            button.drive_low()
            await asyncio.sleep(0.05)
            assert room.last("wake")[1]["origin"] == "button"
            assert light.state
            button.drive_high()
            room.satellite.stop()
            await asyncio.sleep(0.05)
            assert not light.state
            switch.drive_low()
            await asyncio.sleep(0.05)
            assert room.state == "muted"
            assert light.state
            opened = room.microphone.opened
            switch.drive_high()
            await asyncio.sleep(0.05)
            assert room.state == "idle"
            assert room.microphone.opened == opened + 1
            room.satellite.identify()
        factory.close()

    play_scene(scene)


def test_switch_that_is_off_at_the_start_keeps_the_microphone_closed(play_scene: Play) -> None:
    """The hardware's word holds from the first moment."""

    async def scene(room: Room) -> None:
        factory = MockFactory(pin_class=GroundedPin)
        with hands(room.satellite, "mute=22,rgb=5:6:13", factory):
            await asyncio.sleep(0.05)
            assert room.state == "muted"
            assert factory.pin(5).state
            assert not factory.pin(6).state
        factory.close()

    play_scene(scene)


def test_pins_are_read_or_refused_in_one_sentence() -> None:
    """What is no pin is said."""
    assert parse_pins("button=17,rgb=5:6:13") == Pins(button=17, rgb=(5, 6, 13))
    assert parse_pins("") == Pins()
    for text in ("button", "button=x", "rgb=1:2", "bell=4"):
        with pytest.raises(ConfigError, match="is no pin"):
            parse_pins(text)
