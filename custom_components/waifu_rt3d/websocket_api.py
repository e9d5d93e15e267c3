"""The card's websocket commands (contract `websocket`), open to every user of Home Assistant.

Each answers only what its user may see: a turn's audience is checked on every command.
"""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
import probatio as vol

from . import websocket
from .cast.character import Character
from .cast.presence import PRESENCE
from .cast.shown import shown_characters
from .const import DOMAIN, LARGEST_INTEGER
from .house import HOUSE, House
from .remembering.rights import is_household
from .remembering.turns import Place
from .speech.speaking import lose_sound
from .stage.bus import Envelope, Subscriber
from .stage.steady import epoch_ms
from .turns.spoken import Spoken, async_listen
from .turns.turn import CancelReason, Precision, Turn
from .turns.typed import Typed, async_answer, connection_key

MAX_TEXT_CHARS = 8000

type Message = dict[str, Any]


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register every command."""
    for command in (
        ws_subscribe,
        ws_characters,
        ws_turn_start,
        ws_turn_listen,
        ws_turn_cancel,
        ws_turn_played,
        ws_clock,
        ws_touch,
    ):
        websocket_api.async_register_command(hass, command)
    websocket.async_register(hass)


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/subscribe",
        vol.Optional("after_seq"): vol.All(int, vol.Range(min=0, max=LARGEST_INTEGER)),
    }
)
@callback
def ws_subscribe(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Send every envelope that this user may see, from now or from a number on."""
    house = hass.data[HOUSE]

    @callback
    def send(envelope: Envelope) -> None:
        connection.send_event(msg["id"], envelope.as_dict())

    connection.send_result(msg["id"], {"seq": house.bus.seq, "characters": shown_characters(hass)})
    subscriber = Subscriber(
        user_id=connection.user.id,
        connection=connection_key(connection),
        send=send,
        lives_here=is_household(connection.user),
    )
    stop = house.bus.subscribe(subscriber, msg.get("after_seq"))

    @callback
    def unsubscribe() -> None:
        stop()
        if not house.bus.is_listening(subscriber.connection):
            _cancel_owned(house, subscriber.connection)

    connection.subscriptions[msg["id"]] = unsubscribe


@websocket_api.websocket_command({vol.Required("type"): "waifu_rt3d/characters"})
@callback
def ws_characters(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Return the characters of the house."""
    connection.send_result(msg["id"], shown_characters(hass))


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/turn/start",
        vol.Required("text"): vol.All(str, vol.Length(min=1, max=MAX_TEXT_CHARS)),
        vol.Optional("character"): str,
        vol.Optional("session_id"): vol.All(str, vol.Length(min=1, max=64)),
        vol.Optional("area"): vol.All(str, vol.Length(min=1, max=64)),
        vol.Optional("speak", default=True): bool,
    }
)
@websocket_api.async_response
async def ws_turn_start(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Begin a typed turn; its envelopes come through the subscription."""
    character = _character(hass, connection, msg)
    if character is None:
        return
    if not msg["text"].strip():
        connection.send_error(msg["id"], websocket_api.ERR_INVALID_FORMAT, "The text is empty")
        return
    typed = Typed(
        text=msg["text"].strip(),
        character=character,
        place=Place(session_id=msg.get("session_id"), area=msg.get("area")),
        speak=msg["speak"],
    )
    turn = await async_answer(hass, connection, connection.context(msg), typed)
    connection.send_result(msg["id"], {"turn_id": turn.id, "session_id": turn.start.session_id})


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/turn/listen",
        vol.Optional("character"): str,
        vol.Optional("session_id"): vol.All(str, vol.Length(min=1, max=64)),
        vol.Optional("area"): vol.All(str, vol.Length(min=1, max=64)),
        vol.Optional("speak", default=True): bool,
        vol.Optional("hold", default=False): bool,
        vol.Optional("check", default=False): bool,
    }
)
@websocket_api.async_response
async def ws_turn_listen(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Begin a spoken turn; the sound follows in binary messages with the number in the result."""
    character = _character(hass, connection, msg)
    if character is None:
        return
    spoken = Spoken(
        character=character,
        place=Place(session_id=msg.get("session_id"), area=msg.get("area")),
        speak=msg["speak"],
        hold=msg["hold"],
        check=msg["check"],
    )
    turn, handler_id = await async_listen(hass, connection, connection.context(msg), spoken)
    connection.send_result(
        msg["id"],
        {"turn_id": turn.id, "session_id": turn.start.session_id, "handler_id": handler_id},
    )


@websocket_api.websocket_command(
    {vol.Required("type"): "waifu_rt3d/turn/cancel", vol.Required("turn_id"): str}
)
@callback
def ws_turn_cancel(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Stop a turn; stopping one that is over is no error."""
    if turn := _visible_turn(hass, connection, msg["turn_id"]):
        turn.cancel(CancelReason.USER)
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/turn/played",
        vol.Required("turn_id"): str,
        vol.Required("state"): vol.In(["started", "finished", "stopped", "lost"]),
        vol.Required("audio_ms"): vol.All(vol.Coerce(int), vol.Range(min=0, max=LARGEST_INTEGER)),
    }
)
@callback
def ws_turn_played(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Take a card's report about the sound of the turn that it began."""
    turn = _visible_turn(hass, connection, msg["turn_id"])
    if turn is not None and turn.start.owner == connection_key(connection):
        _take_played(turn, msg["state"], msg["audio_ms"])
    connection.send_result(msg["id"], {})


def _take_played(turn: Turn, state: str, audio_ms: int) -> None:
    """Take what the card tells of its sound."""
    if state == "lost":
        lose_sound(turn, audio_ms)
        return
    playing = state == "started"
    turn.sound_at(audio_ms, epoch_ms(), playing=playing, precision=Precision.REPORTED)
    if not playing:
        turn.sound_stopped(audio_ms, complete=state == "finished")


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/touch",
        vol.Optional("character"): str,
        vol.Optional("place", default="body"): vol.In(("head", "body", "hand")),
    }
)
@callback
def ws_touch(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message) -> None:
    """Take that the figure on the screen was touched; a guest's touch starts no automation."""
    character = _character(hass, connection, msg)
    if character is None:
        return
    if PRESENCE in hass.data and is_household(connection.user):
        hass.data[PRESENCE].touch(character.id, msg["place"])
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command({vol.Required("type"): "waifu_rt3d/clock"})
@callback
def ws_clock(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message) -> None:
    """Return our time, for a card that relates its clock to ours."""
    connection.send_result(msg["id"], {"epoch_ms": epoch_ms()})


@callback
def _character(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> Character | None:
    """Return the character that is spoken to; where there is none the command is refused."""
    character = hass.data[HOUSE].character_or_default(msg.get("character"))
    if character is not None and character.pipeline is not None:
        return character
    connection.send_error(
        msg["id"],
        websocket_api.ERR_NOT_FOUND,
        "This character is not set up",
        translation_domain=DOMAIN,
        translation_key="character_missing",
    )
    return None


@callback
def _cancel_owned(house: House, owner: str) -> None:
    """Stop the turns of a client that is gone: nobody would hear them."""
    for turn in list(house.turns.values()):
        if turn.start.owner == owner:
            turn.cancel(CancelReason.LOST)


def _visible_turn(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, turn_id: str
) -> Turn | None:
    """Return a running turn that this user may see; another's turn looks like none."""
    turn = hass.data[HOUSE].turns.get(turn_id)
    user = connection.user
    if turn is None or not turn.start.audience.includes(user.id, lives_here=is_household(user)):
        return None
    return turn
