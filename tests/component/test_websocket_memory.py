"""The card's commands about what was said before, over a real websocket."""

from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE

from .agents import StreamingAgent
from .cards import Card

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "contract" / "websocket-memory.json").read_text("utf-8")
)


@pytest.fixture
async def card(
    companion: MockConfigEntry, core: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def ask(card: Card, command: str, **fields: Any) -> Any:
    """Ask the memory and return its answer."""
    reply = await card.call(type=f"waifu_rt3d/{command}", **fields)
    assert reply["success"], reply
    return reply["result"]


async def refused(card: Card, command: str, **fields: Any) -> dict[str, Any]:
    """Ask for what is not given and return the refusal."""
    reply = await card.call(type=f"waifu_rt3d/{command}", **fields)
    assert not reply["success"]
    assert reply["error"]["translation_domain"] == "waifu_rt3d"
    return dict(reply["error"])


async def heard(core: HomeAssistant, card: Card) -> None:
    """Let the sound of the running turn be over and stored."""
    await card.until("timeline", final=True)
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=60))
    await card.until("turn", state="heard")
    await core.async_block_till_done()


async def say(core: HomeAssistant, card: Card, text: str, **fields: Any) -> str:
    """Say something, let the answer be heard, and return the session."""
    del card.envelopes[:]
    started = await ask(card, "turn/start", text=text, speak=False, **fields)
    await heard(core, card)
    return str(started["session_id"])


async def texts(card: Card, session_id: str) -> list[str]:
    """Return what a session shows."""
    found = await ask(card, "session/history", session_id=session_id)
    return [message["text"] for message in found["messages"]]


async def test_sessions_are_made_listed_and_changed(core: HomeAssistant, card: Card) -> None:
    """What is said is in a session that can be renamed, pinned, archived and found again."""
    first = await say(core, card, "What do you think about clouds?")
    second = (await ask(card, "session/create", title="Rain"))["id"]
    assert await say(core, card, "And about rain?", session_id=second) == second
    assert await texts(card, first) == ["What do you think about clouds?", "Sure! Here I am."]
    listed = await ask(card, "session/list")
    assert [(s["id"], s["title"]) for s in listed["sessions"]] == [
        (second, "Rain"),
        (first, "What do you think about clouds?"),
    ]
    assert listed["more"] is False
    await ask(card, "session/pin", session_id=first, pinned=True)
    renamed = await ask(card, "session/rename", session_id=first, title="Clouds")
    assert (renamed["title"], renamed["pinned"]) == ("Clouds", True)
    assert (await ask(card, "session/list", limit=1))["sessions"][0]["id"] == first
    await ask(card, "session/archive", session_id=first, archived=True)
    assert (await ask(card, "session/continue"))["id"] == second
    archived = await ask(card, "session/list", archived=True)
    assert [s["id"] for s in archived["sessions"]] == [first]


async def test_deleted_session_can_come_back_for_a_minute(core: HomeAssistant, card: Card) -> None:
    """It is gone from every list at once, comes back when wanted, and goes for good."""
    session = await say(core, card, "Do you like thunder?")
    await ask(card, "session/delete", session_id=session)
    assert (await ask(card, "search", words="thunder"))["hits"] == []
    assert (await refused(card, "session/history", session_id=session))["code"] == "not_found"
    assert (await ask(card, "session/restore", session_id=session))["id"] == session
    assert len((await ask(card, "search", words="thunder"))["hits"]) == 1
    await ask(card, "session/delete", session_id=session)
    store = core.data[HOUSE].store
    assert store is not None
    store._now_ms = lambda: round(dt_util.utcnow().timestamp() * 1000) + 120_000
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(minutes=2))
    await core.async_block_till_done()
    assert (await refused(card, "session/restore", session_id=session))["code"] == "not_found"
    assert (await ask(card, "session/list", deleted=True))["sessions"] == []


async def test_regenerate_edit_and_walk(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """An answer has alternatives, a question has versions, and the model follows the branch."""
    session = await say(core, card, "Tell me about clouds")
    question, answer = (await ask(card, "session/history", session_id=session))["messages"]

    agent.pieces = ["They are water."]
    del card.envelopes[:]
    again = await ask(card, "message/regenerate", message_id=answer["id"], speak=False)
    assert again["session_id"] == session
    await heard(core, card)
    shown = (await ask(card, "session/history", session_id=session))["messages"]
    assert [m["text"] for m in shown] == ["Tell me about clouds", "They are water."]
    assert len(shown[1]["alternatives"]) == 2
    assert agent.asked[-1].text == "Tell me about clouds"

    agent.pieces = ["Rain is falling water."]
    del card.envelopes[:]
    edited = await ask(
        card, "message/edit", message_id=question["id"], text="Tell me about rain", speak=False
    )
    await heard(core, card)
    assert await texts(card, session) == ["Tell me about rain", "Rain is falling water."]
    changed = await ask(card, "message/get", message_id=edited["message_id"])
    assert changed["edit_of"] == question["id"]

    await ask(card, "message/walk", message_id=answer["id"])
    assert await texts(card, session) == ["Tell me about clouds", "Sure! Here I am."]
    knots = (await ask(card, "session/tree", session_id=session))["messages"]
    assert [k["on_the_way"] for k in knots] == [True, True, False, False, False]

    agent.pieces = ["Goodbye."]
    await say(core, card, "Thank you for clouds", session_id=session)
    said = [c.content for c in agent.logs[-1] if c.role in ("user", "assistant")]
    assert said[:2] == ["Tell me about clouds", "Sure! Here I am."]
    assert not any("rain" in str(text).lower() for text in said)

    copy = await ask(card, "message/branch", message_id=answer["id"])
    assert copy["id"] != session
    assert await texts(card, copy["id"]) == ["Tell me about clouds", "Sure! Here I am."]


async def test_search_finds_marks_and_counts(core: HomeAssistant, card: Card) -> None:
    """Words, phrases and statistics of all that may be seen."""
    session = await say(core, card, "The lighthouse keeper has a grey cat")
    found = await ask(card, "search", words="lightho*")
    (hit,) = found["hits"]
    snippet = hit["snippet"]
    mark = snippet["marks"][0]
    assert snippet["text"][mark["start"] : mark["start"] + mark["length"]] == "lighthouse"
    assert (hit["session_id"], hit["role"]) == (session, "user")
    assert (await ask(card, "search", words='"cat grey"'))["hits"] == []
    error = await refused(card, "search", words="NOT")
    assert error["translation_key"] == "memory_bad_query"
    counted = await ask(card, "statistics")
    assert (counted["messages"], counted["sessions"]) == (2, 1)
    assert {"word": "lighthouse", "count": 1} in counted["top_words"]


async def test_notes_are_recalled_and_shown(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """What was asked to remember reaches the model with its date, and the card sees why."""
    note = await ask(card, "notes/add", text="The bins go out on Tuesday evening")
    await say(core, card, "When do the bins go out, do you know?")
    assert "The bins go out on Tuesday evening" in agent.asked[-1].text
    assert agent.asked[-1].text.endswith("When do the bins go out, do you know?")
    (recalled,) = card.of("recalled")
    assert recalled["memories"][0]["note_id"] == note["note_id"]
    assert "bins" in recalled["memories"][0]["words"]
    turn_id = card.of("turn") and card.envelopes[0]["turn_id"]
    kept = await ask(card, "recalled", turn_id=turn_id)
    assert kept["memories"][0]["note"] == "The bins go out on Tuesday evening"

    await ask(card, "notes/change", note_id=note["note_id"], pinned=True)
    assert (await ask(card, "notes/list"))["notes"][0]["pinned"] is True
    await ask(card, "notes/forget", note_id=note["note_id"])
    assert (await ask(card, "notes/list"))["notes"] == []
    created = await ask(card, "session/create")
    await say(core, card, "When do the bins go out again?", session_id=created["id"])
    assert "Tuesday" not in agent.asked[-1].text


async def test_older_talk_is_recalled_in_a_new_session(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """What was said in another session comes back when it matters; this session's does not twice."""
    await say(core, card, "My sister Ottilie keeps bees in Freiburg")
    fresh = await ask(card, "session/create")
    await say(core, card, "Where does Ottilie keep her bees?", session_id=fresh["id"])
    assert "Freiburg" in agent.asked[-1].text.partition("</context>")[0]
    await say(core, card, "And what does Ottilie keep, once more?", session_id=fresh["id"])
    context = agent.asked[-1].text.partition("</context>")[0]
    assert "Where does Ottilie keep her bees?" not in context


async def test_private_session_leaves_nothing(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """It is on no disk, in no list and no search; when it is deleted nothing is left of it."""
    private = await ask(card, "session/create", private=True)
    assert private["private"] is True
    session = await say(core, card, "My quixotic secret is safe", session_id=private["id"])
    assert session == private["id"]
    assert await texts(card, session) == ["My quixotic secret is safe", "Sure! Here I am."]
    assert (await ask(card, "search", words="quixotic"))["hits"] == []
    assert (await ask(card, "session/list", empty=True))["sessions"] == []
    assert quoting(core, "quixotic") == []
    await ask(card, "session/delete", session_id=session)
    assert core.data[HOUSE].bus.turns_with("session_id", session) == set()
    await refused(card, "session/history", session_id=session)
    # a card that goes on with it does not make it a stored one
    again = await say(core, card, "My quixotic secret goes on", session_id=session)
    assert again.startswith("private-")
    assert quoting(core, "quixotic") == []


def quoting(core: HomeAssistant, words: str) -> list[str]:
    """Return the files of the configuration that hold the words."""
    return [
        path.name
        for path in Path(core.config.config_dir).rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


async def test_export_is_fetched_by_its_owner_and_imported_again(
    core: HomeAssistant,
    card: Card,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    """What leaves is complete, is given to nobody else, and comes in again."""
    await say(core, card, "Do you know the song of the wind?")
    offered = await ask(card, "export", format="json")
    assert offered["sessions"] == 1
    http = await hass_client()
    response = await http.get(offered["url"])
    assert response.status == 200
    body = await response.read()
    assert b"song of the wind" in body
    stranger = await hass_client(hass_read_only_access_token)
    assert (await stranger.get(offered["url"].partition("?")[0])).status == 404

    form = aiohttp.FormData()
    form.add_field("file", body, filename="talk.json")
    uploaded = await (await http.post("/api/file_upload", data=form)).json()
    imported = await ask(card, "import", file_id=uploaded["file_id"])
    assert (imported["kind"], imported["messages"]) == ("waifu-rt3d", 2)
    assert len((await ask(card, "search", words="wind"))["hits"]) == 2
    assert (await refused(card, "import", file_id=uploaded["file_id"]))[
        "translation_key"
    ] == "upload_missing"

    form = aiohttp.FormData()
    form.add_field("file", body[: len(body) // 2], filename="talk.json")
    broken = await (await http.post("/api/file_upload", data=form)).json()
    error = await refused(card, "import", file_id=broken["file_id"])
    assert error["translation_key"] == "memory_bad_import"
    assert len((await ask(card, "session/list"))["sessions"]) == 2


async def test_a_guessed_encoding_is_told(
    core: HomeAssistant, card: Card, hass_client: ClientSessionGenerator
) -> None:
    """The result names it, and so does the last event: a page sees those alone."""
    said = "Schöne Grüße aus Köln, bis später!"
    chat = {"messages": [{"role": "user", "content": said}]}
    form = aiohttp.FormData()
    form.add_field("file", json.dumps(chat, ensure_ascii=False).encode("cp1252"), filename="c.json")
    uploaded = await (await (await hass_client()).post("/api/file_upload", data=form)).json()
    imported = await ask(card, "import", file_id=uploaded["file_id"])
    assert imported["encoding"] == "Windows-1252"
    assert {"stored": 1, "total": 1, "encoding": "Windows-1252"} in card.envelopes
    assert await texts(card, imported["session_ids"][0]) == [said]


async def test_everything_about_me_is_deleted(core: HomeAssistant, card: Card) -> None:
    """No row, no file and no envelope quotes a person who wants to be forgotten."""
    await say(core, card, "I am afraid of abracadabra spiders")
    await ask(card, "notes/add", text="abracadabra")
    await ask(card, "retention/set", days=30, messages=None)
    assert (await ask(card, "retention/get")) == {"days": 30, "messages": None}
    seen = core.data[HOUSE].bus.seq
    reply = await card.call(type="waifu_rt3d/forget_me")
    assert not reply["success"]  # without a yes nothing happens
    counted = await ask(card, "forget_me", confirm=True)
    assert counted["messages"] == 2
    assert quoting(core, "abracadabra") == []
    assert (await ask(card, "session/list"))["sessions"] == []
    assert (await ask(card, "notes/list"))["notes"] == []
    assert (await ask(card, "retention/get")) == {"days": None, "messages": None}
    late = Card(card.client)
    await late.call(type="waifu_rt3d/subscribe", after_seq=0)
    await late.call(type="waifu_rt3d/clock")
    assert not any("abracadabra" in json.dumps(e) for e in late.envelopes)
    assert core.data[HOUSE].bus.seq == seen
    await ask(card, "forget_me", confirm=True)  # nobody is known any more, and that is fine


async def test_commands_are_as_the_contract_says(core: HomeAssistant, card: Card) -> None:
    """Every command of the golden file is taken, and every result has the fields it shows."""
    house = core.data[HOUSE]
    session = await say(core, card, "Do clouds ever sleep?")
    messages = (await ask(card, "session/history", session_id=session))["messages"]
    note = await ask(card, "notes/add", text="Clouds sleep")
    await say(core, card, "Do clouds really sleep?", session_id=session)
    turn_id = card.envelopes[0]["turn_id"]
    names = {
        "SESSION": session,
        "QUESTION": messages[0]["id"],
        "ANSWER": messages[1]["id"],
        "NOTE": note["note_id"],
        "TURN": turn_id,
    }
    for example in GOLDEN["commands"]:
        message = {k: names.get(v, v) if isinstance(v, str) else v for k, v in example.items()}
        reply = await card.call(**message)
        known = GOLDEN["results"][example["type"]]
        if "error" in known:
            assert reply["error"]["translation_key"] == known["error"], example
        else:
            assert reply["success"], (example, reply)
            assert shape(reply["result"]) == shape(known), example
    for turn in list(house.turns.values()):
        turn.close()
    await core.async_block_till_done()


def shape(value: Any) -> Any:
    """Return the fields of a document, without what is in them; a null stands for anything."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None
