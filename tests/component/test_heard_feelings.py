"""What a reply feels is heard: the emotions reach the real speech server with their sentences."""

from homeassistant.components import tts
from homeassistant.core import HomeAssistant
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.stage.cues import CueKind, CueName
from custom_components.waifu_rt3d.stage.markup import Piece
from custom_components.waifu_rt3d.turns.turn import HOUSEHOLD_PERSON, Origin, current_turn

from .agents import StreamingAgent
from .cards import Card

SENTENCE = "We are all in the garden now."


@pytest.fixture
async def card(
    core: HomeAssistant,
    companion: MockConfigEntry,
    speech: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> Card:
    """Return a subscribed card of a home with a voice."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


class Heard:
    """The sound of a reply and its segments."""

    def __init__(self, wav: bytes, segments: list[tuple[int, int]]) -> None:
        """Read a WAV stream of 16 bit; `segments` are the times (ms) of their first and last words."""
        at = wav.index(b"data") + 8
        self.rate_hz = int.from_bytes(wav[24:28], "little")
        self.samples = np.frombuffer(wav[at : at + (len(wav) - at) // 2 * 2], np.int16) / 1.0
        self.segments = segments

    def length_ms(self, number: int) -> int:
        """Return the time from the first to the last word of a segment."""
        start, end = self.segments[number]
        return end - start

    def pitch_hz(self, number: int) -> float:
        """Return the median pitch of a segment, by autocorrelation of its loud frames."""
        start, end = (at * self.rate_hz // 1000 for at in self.segments[number])
        size = self.rate_hz // 20
        low, high = self.rate_hz // 300, self.rate_hz // 60
        found = []
        for at in range(start, end - size, size // 2):
            frame = self.samples[at : at + size] - self.samples[at : at + size].mean()
            if np.sqrt((frame**2).mean()) < 600:
                continue
            alike = np.correlate(frame, frame, "full")[size - 1 :]
            best = low + int(alike[low:high].argmax())
            if alike[best] > 0.5 * alike[0]:
                found.append(self.rate_hz / best)
        return float(np.median(found))


async def listen(
    card: Card, agent: StreamingAgent, pieces: list[str], client: ClientSessionGenerator
) -> Heard:
    """Let the model answer with these pieces and return what is heard."""
    agent.pieces = pieces
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text="Where is everybody?")
    audio = await card.until("audio")
    wav = await (await (await client()).get(audio["data"]["url"])).read()
    await card.until("timeline", final=True)
    words = [[word["at_ms"] for word in one["words"]] for one in card.of("timeline")]
    segments = [(found[0], found[-1]) for found in words if found]
    ended = {"turn_id": audio["turn_id"], "state": "finished", "audio_ms": 100}
    await card.call(type="waifu_rt3d/turn/played", **ended)
    return Heard(wav, segments)


async def test_happy_sounds_higher_and_faster_and_sad_lower_and_slower(
    card: Card, agent: StreamingAgent, hass_client: ClientSessionGenerator
) -> None:
    """The same sentence three times in one reply, cut as a model cuts it."""
    pieces = [
        f"[neutral] {SENTENCE[:9]}",
        f"{SENTENCE[9:]} [hap",
        f"py] {SENTENCE}",
        " ",
        "[sad",
        "] ",
    ]
    heard = await listen(card, agent, [*pieces, SENTENCE], hass_client)
    plain, happy, sad = (heard.pitch_hz(number) for number in range(3))
    assert happy > 1.08 * plain
    assert sad < 0.92 * plain
    plain, happy, sad = (heard.length_ms(number) for number in range(3))
    assert happy < plain < sad


async def test_feeling_that_is_known_with_the_end_of_its_sentence_is_heard_in_it(
    card: Card, agent: StreamingAgent, hass_client: ClientSessionGenerator
) -> None:
    """Words without a tag tell their feeling when the sentence is whole: most of it was sent by then."""
    words = "I am so happy for you! Now come in."
    written = await listen(card, agent, [f"[neutral] {words}"], hass_client)
    felt = await listen(card, agent, [word + " " for word in words.split()], hass_client)
    assert felt.pitch_hz(0) > 1.06 * written.pitch_hz(0)


async def test_server_without_feelings_gets_none(
    core: HomeAssistant, card: Card, agent: StreamingAgent, hass_client: ClientSessionGenerator
) -> None:
    """A server that does not say that it can is sent words alone."""
    (server,) = core.data[HOUSE].servers_in_order
    plain = await listen(card, agent, [f"[neutral] {SENTENCE}"], hass_client)
    object.__setattr__(server.info, "feelings", False)
    tagged = await listen(card, agent, [f"[happy] {SENTENCE}"], hass_client)
    assert len(plain.samples) == len(tagged.samples)
    assert tagged.pitch_hz(0) == pytest.approx(plain.pitch_hz(0), rel=0.02)


async def test_same_words_are_kept_by_their_feeling(core: HomeAssistant, card: Card) -> None:
    """Core keeps sounds by their words: an announcement in another mood is another sound."""

    async def announced(name: str) -> bytes:
        house = core.data[HOUSE]
        turn = await house.async_begin_turn(
            character=house.default_character, person=HOUSEHOLD_PERSON, origin=Origin.ASSIST
        )
        cue = CueName(kind=CueKind.EMOTION, name=name).at(0)
        turn.say(Piece(display=SENTENCE, speech=SENTENCE, cues=(cue,)))
        turn.finish_text()
        current_turn.set(turn)
        stream = tts.async_create_stream(core, "tts.mira_voice")
        stream.async_set_message(SENTENCE)
        return b"".join([data async for data in stream.async_stream_result()])

    happy, sad = await announced("happy"), await announced("sad")
    assert len(sad) > 1.2 * len(happy)
    assert await announced("happy") == happy
