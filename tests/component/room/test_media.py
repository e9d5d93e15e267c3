"""The room's music while somebody talks."""

from homeassistant.core import HomeAssistant, ServiceCall, callback
import pytest

from custom_components.waifu_rt3d.room.media import RoomMedia

RADIO = "media_player.radio"


class Radio:
    """A media player that does what it is told, and remembers it."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.called: list[str] = []
        for name in ("volume_set", "media_pause", "media_play"):
            hass.services.async_register("media_player", name, self.take)
        self.show("playing", 0.6)

    def show(self, state: str, volume: float | None) -> None:
        """Be in a state."""
        attributes = {} if volume is None else {"volume_level": volume}
        self.hass.states.async_set(RADIO, state, attributes)

    @property
    def volume(self) -> float | None:
        """Return how loud it is."""
        state = self.hass.states.get(RADIO)
        return state.attributes.get("volume_level") if state else None

    @callback
    def take(self, call: ServiceCall) -> None:
        """Do what is asked."""
        self.called.append(call.service)
        match call.service:
            case "volume_set":
                self.show("playing", call.data["volume_level"])
            case "media_pause":
                self.show("paused", self.volume)
            case "media_play":
                self.show("playing", self.volume)


@pytest.fixture
def radio(hass: HomeAssistant) -> Radio:
    """Return a radio that plays."""
    return Radio(hass)


def media(hass: HomeAssistant, action: str) -> RoomMedia:
    """Return a room with the radio in it."""
    return RoomMedia(hass, {"media_players": [RADIO], "media_action": action})


async def test_music_is_ducked_and_put_back(hass: HomeAssistant, radio: Radio) -> None:
    """Once for the whole talk, and back to exactly what it was."""
    room = media(hass, "duck")
    for state in ("wake_pending", "listening", "thinking", "speaking"):
        await room.async_follow(state)
    assert radio.volume == 0.15
    await room.async_follow("idle")
    assert radio.volume == 0.6
    assert radio.called == ["volume_set", "volume_set"]


async def test_music_is_paused_and_goes_on(hass: HomeAssistant, radio: Radio) -> None:
    """The owner's choice."""
    room = media(hass, "pause")
    await room.async_follow("listening")
    assert hass.states.is_state(RADIO, "paused")
    await room.async_follow("idle")
    assert hass.states.is_state(RADIO, "playing")


async def test_what_somebody_changed_meanwhile_stays(hass: HomeAssistant, radio: Radio) -> None:
    """The end of a talk must not undo what was asked for in it: louder, or off."""
    room = media(hass, "duck")
    await room.async_follow("listening")
    radio.show("playing", 0.8)
    await room.async_follow("idle")
    assert radio.volume == 0.8
    room = media(hass, "pause")
    await room.async_follow("listening")
    radio.show("off", None)
    await room.async_follow("idle")
    assert hass.states.is_state(RADIO, "off")


async def test_silent_player_and_no_choice_are_left_alone(
    hass: HomeAssistant, radio: Radio
) -> None:
    """What does not play is not touched, nor anything where the owner wants nothing done."""
    radio.show("idle", 0.6)
    await media(hass, "duck").async_follow("speaking")
    radio.show("playing", 0.6)
    await media(hass, "nothing").async_follow("speaking")
    assert radio.called == []


async def test_player_without_a_volume_is_paused(hass: HomeAssistant, radio: Radio) -> None:
    """Talking over it would be worse."""
    radio.show("playing", None)
    await media(hass, "duck").async_follow("speaking")
    assert radio.called == ["media_pause"]


async def test_lost_player_does_not_disturb(hass: HomeAssistant) -> None:
    """A player without its actions is logged and left."""
    hass.states.async_set(RADIO, "playing", {"volume_level": 0.5})
    room = media(hass, "duck")
    await room.async_follow("speaking")
    await room.async_follow("idle")
