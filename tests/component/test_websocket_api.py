"""The card's commands, over a real websocket."""

import json
from pathlib import Path

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.voice.wav import WavReader

from .cards import Card


async def test_typed_turn_without_a_voice(
    hass: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Text streams without tags, the mouth moves by the text, cues stand at their words."""
    card = Card(await hass_ws_client(hass))
    subscribed = await card.call(type="waifu_rt3d/subscribe")
    assert [c["name"] for c in subscribed["result"]["characters"]] == ["Mira"]
    started = await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    await card.until("timeline", final=True)

    texts = [e["data"] for e in card.envelopes if e["kind"] == "text"]
    assert "".join(t["speech"] for t in texts) == "Sure! Here I am."
    segments = [e["data"] for e in card.envelopes if e["kind"] == "timeline"]
    assert segments[0]["source"] == "estimated"
    assert segments[0]["turn_id"] == started["result"]["turn_id"]
    cues = {c["name"]: c for s in segments for c in s["cues"]}
    words = {w["offset"]: w["at_ms"] for s in segments for w in s["words"]}
    assert cues["happy"]["at_ms"] == 0
    assert cues["wave"]["at_ms"] == words[len("Sure! ")]


async def test_typed_turn_with_a_voice(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """The reply is a WAV stream whose length is that of the timeline; cues are at their words."""
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    started = await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    turn_id = started["result"]["turn_id"]
    audio = await card.until("audio")
    http = await hass_client()
    response = await http.get(audio["data"]["url"])
    reader = WavReader()
    pcm = reader.feed(await response.read())
    await card.until("timeline", final=True)
    segments = [e["data"] for e in card.envelopes if e["kind"] == "timeline"]
    assert reader.format is not None
    duration_ms = reader.format.duration_ms(len(pcm))
    end = segments[-1]["audio"]
    assert abs(end["start_ms"] + end["duration_ms"] - duration_ms) <= 2
    assert segments[0]["source"] == "exact"
    cues = {c["name"]: c for s in segments for c in s["cues"]}
    words = {w["offset"]: w["at_ms"] for s in segments for w in s["words"]}
    assert cues["wave"]["at_ms"] == words[len("Sure! ")]

    for state in ("started", "finished"):
        await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state=state, audio_ms=0)
    heard = await card.until("turn", state="heard")
    assert heard["data"]["cut_ms"] is None


async def test_answer_is_spoken_again_and_not_stored_again(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Its sound and its cues come anew, as a turn that names the answer and leaves no trace."""
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    begun = await card.call(type="waifu_rt3d/turn/start", text="Are you there?", speak=False)
    await card.until("turn", state="heard")
    await hass.async_block_till_done()
    session_id = begun["result"]["session_id"]
    history = await card.call(type="waifu_rt3d/session/history", session_id=session_id)
    answer = history["result"]["messages"][-1]
    del card.envelopes[:]

    again = await card.call(type="waifu_rt3d/message/speak", message_id=answer["id"])
    audio = await card.until("audio")
    await (await (await hass_client()).get(audio["data"]["url"])).read()
    await card.until("timeline", final=True)
    turn_id = again["result"]["turn_id"]
    await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state="finished", audio_ms=1)
    ended = await card.until("turn", state="heard")
    await hass.async_block_till_done()
    assert ended["data"]["again_of"] == answer["id"]
    assert "".join(text["speech"] for text in card.of("text")) == answer["text"]
    cues = [cue["name"] for segment in card.of("timeline") for cue in segment["cues"]]
    assert cues == ["happy", "wave"]
    after = await card.call(type="waifu_rt3d/session/history", session_id=session_id)
    assert after["result"] == history["result"]


async def test_every_command_is_in_the_documents(
    hass: HomeAssistant, companion: MockConfigEntry
) -> None:
    """What Home Assistant answers to is what docs/asyncapi.json tells of, no more and no less."""
    registered = {name for name in hass.data["websocket_api"] if name.startswith("waifu_rt3d/")}
    document = json.loads((Path(__file__).parents[2] / "docs" / "asyncapi.json").read_text("utf-8"))
    told = {
        message["payload"]["properties"]["type"]["enum"][0]
        for message in document["channels"]["websocket"]["messages"].values()
        if "enum" in message["payload"].get("properties", {}).get("type", {})
    }
    assert told == registered
