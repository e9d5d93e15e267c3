"""Turns that begin with a card's microphone."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace

from homeassistant.components import websocket_api
from homeassistant.components.assist_pipeline import PipelineStage
from homeassistant.core import Context, HomeAssistant, callback

from ..cast.character import Character
from ..const import DOMAIN
from ..house import HOUSE
from ..remembering.turns import Place
from ..room.rooms import device_of_card
from .pipeline import async_run_audio
from .prefill import HeardFrom, prefill
from .turn import Origin, Person, Turn, current_turn
from .typed import connection_key

BYTES_PER_S = 32000
LONGEST_S = 30.0
"""Nobody holds a button longer; what comes later is dropped."""
SILENT_LINE_S = 5.0
"""A card that sends nothing for so long is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Who is spoken to, where it belongs, and who says when the person has finished."""

    character: Character
    place: Place
    speak: bool
    hold: bool
    """The card ends the listening itself: the person holds a button."""
    check: bool
    """The words are shown to the person first: they are heard and not answered."""


class CardMicrophone:
    """Frames of a card (16 kHz, 16 bit, mono); an empty one is the end."""

    def __init__(self) -> None:
        """Wait for the first frame."""
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = int(LONGEST_S * BYTES_PER_S)
        self._on_end: Callable[[], None] | None = None

    def on_end(self, listener: Callable[[], None]) -> None:
        """Call `listener` when the card says that the person has finished."""
        self._on_end = listener

    @callback
    def take(
        self, _hass: HomeAssistant, _connection: websocket_api.ActiveConnection, data: bytes
    ) -> None:
        """Take a binary message, the handler's number already off."""
        if not data and self._on_end is not None:
            self._on_end()
        if self._left <= 0:
            return
        whole = data[: min(len(data) - len(data) % 2, self._left)]
        self._left = self._left - len(whole) if whole else 0
        self._frames.put_nowait(whole)
        if whole and self._left <= 0:
            self._frames.put_nowait(b"")

    async def frames(self) -> AsyncGenerator[bytes]:
        """Yield the sound until its end."""
        while True:
            try:
                async with asyncio.timeout(SILENT_LINE_S):
                    frame = await self._frames.get()
            except TimeoutError:
                return
            if not frame:
                return
            yield frame


async def async_listen(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    context: Context,
    spoken: Spoken,
) -> tuple[Turn, int]:
    """Begin a turn of the user who is logged in and return it with the number of its frames."""
    microphone = CardMicrophone()
    turn = await hass.data[HOUSE].async_begin_turn(
        character=spoken.character,
        person=Person(user_id=connection.user.id, name=connection.user.name),
        origin=Origin.CARD,
        owner=connection_key(connection),
        place=replace(spoken.place, passing=spoken.check),
    )
    microphone.on_end(lambda: turn.note_time("speech_end"))
    handler_id, unregister = connection.async_register_binary_handler(microphone.take)
    current_turn.set(turn)
    device_id = device_of_card(hass, spoken.character, turn.start.area)
    if not spoken.check:
        prefill(hass, turn, HeardFrom(device_id=device_id))

    async def run() -> None:
        try:
            await async_run_audio(
                hass,
                turn,
                microphone.frames(),
                pipeline_id=spoken.character.pipeline or "",
                context=context,
                speak=spoken.speak,
                finds_end=not spoken.hold,
                last=PipelineStage.STT if spoken.check else None,
                device_id=device_id,
            )
        finally:
            unregister()

    hass.async_create_background_task(run(), f"{DOMAIN} turn {turn.id}", eager_start=False)
    return turn, handler_id
