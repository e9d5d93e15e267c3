"""A button, a mute switch and a light on the pins of a Raspberry Pi (gpiozero)."""

import asyncio
from collections.abc import Callable, Iterator
import contextlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from .config import ConfigError
from .parts import Note
from .satellite import Satellite
from .states import State

HOLD_S: Final = 1.0
BOUNCE_S: Final = 0.02
BLINK_S: Final = 0.15
FORM: Final = "gpio looks like button=17,mute=22,led=5 or button=17,rgb=5:6:13"

type Colour = tuple[float, float, float]


class Shine:
    """How the light tells the state; a single light shows only whether and how it blinks."""

    COLOURS: Final[dict[State, Colour]] = {
        State.WAKE_PENDING: (0.0, 0.4, 1.0),
        State.LISTENING: (0.0, 0.4, 1.0),
        State.FOLLOW_UP: (0.0, 0.4, 1.0),
        State.THINKING: (0.6, 0.0, 1.0),
        State.SPEAKING: (0.0, 1.0, 0.3),
        State.ANNOUNCING: (0.0, 1.0, 0.3),
        State.RINGING: (1.0, 0.6, 0.0),
        State.MUTED: (1.0, 0.0, 0.0),
        State.AUDIO_FAULT: (1.0, 0.0, 0.0),
        State.OFFLINE: (0.2, 0.2, 0.0),
    }
    BLINKING: Final = frozenset({State.THINKING, State.RINGING, State.AUDIO_FAULT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """The pins by their BCM numbers."""

    button: int | None = None
    mute: int | None = None
    led: int | None = None
    rgb: tuple[int, int, int] | None = None


def parse_pins(text: str) -> Pins:
    """Read the setting `gpio`. Raises ConfigError."""
    found: dict[str, Any] = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        name, _, value = part.partition("=")
        numbers = [int(each) for each in value.split(":") if each.isdecimal()]
        wanted = 3 if name == "rgb" else 1
        if name not in Pins.__dataclass_fields__ or len(numbers) != wanted:
            raise ConfigError(f"{part} is no pin; {FORM}")
        found[name] = tuple(numbers) if name == "rgb" else numbers[0]
    return Pins(**found)


@contextlib.contextmanager
def hands(satellite: Satellite, text: str, factory: Any = None) -> Iterator[None]:
    """Let people touch the satellite and see what it does, while the context is open."""
    if not text:
        yield
        return
    pins = parse_pins(text)
    try:
        # An extra: only machines with pins have it.
        gpiozero = import_module("gpiozero")
    except ImportError:
        raise ConfigError(
            "gpiozero is not installed; install waifu-satellite[hands] or leave out gpio"
        ) from None
    with contextlib.ExitStack() as stack:
        try:
            _attach(stack, gpiozero, satellite, pins, factory)
        except gpiozero.exc.GPIOZeroError as err:
            raise ConfigError(f"The pins can't be used: {err}") from err
        yield


def _attach(
    stack: contextlib.ExitStack, gpiozero: Any, satellite: Satellite, pins: Pins, factory: Any
) -> None:
    """Attach what there is; gpiozero calls from threads of its own."""
    loop = asyncio.get_running_loop()

    def soon(work: Callable[[], None]) -> Callable[[], None]:
        def call() -> None:
            loop.call_soon_threadsafe(work)

        return call

    if pins.button is not None:
        button = gpiozero.Button(
            pins.button, bounce_time=BOUNCE_S, hold_time=HOLD_S, pin_factory=factory
        )
        stack.callback(button.close)
        button.when_pressed = soon(satellite.press)
        # Whoever keeps it pressed wants silence.
        button.when_held = soon(satellite.stop)
    if pins.mute is not None:
        switch = gpiozero.Button(pins.mute, bounce_time=BOUNCE_S, pin_factory=factory)
        stack.callback(switch.close)
        switch.when_pressed = soon(lambda: satellite.mute(muted=True))
        switch.when_released = soon(lambda: satellite.mute(muted=False))
        if switch.is_pressed:
            satellite.mute(muted=True)
    if pins.led is not None or pins.rgb is not None:
        light = _light(gpiozero, pins, factory)
        stack.callback(light.close)
        stack.callback(satellite.watch(lambda note: _note(light, note)))
        _show(light, satellite.state)


def _light(gpiozero: Any, pins: Pins, factory: Any) -> Any:
    """Return the light."""
    if pins.rgb is not None:
        return gpiozero.RGBLED(*pins.rgb, pwm=False, pin_factory=factory)
    return gpiozero.LED(pins.led, pin_factory=factory)


def _note(light: Any, note: Note) -> None:
    """Show a new state; an identified satellite blinks for a moment."""
    if note.kind == "identify":
        light.blink(BLINK_S, BLINK_S, n=6)
    elif note.kind == "state":
        _show(light, State(str(note.data["state"])))


def _show(light: Any, state: State) -> None:
    """Show a state."""
    colour = Shine.COLOURS.get(state)
    if colour is None:
        light.off()
    elif state in Shine.BLINKING:
        light.blink(BLINK_S, BLINK_S)
    elif hasattr(light, "color"):
        # Without PWM a colour is on or off.
        light.color = tuple(float(part > 0.3) for part in colour)
    else:
        light.on()
