"""Characters that think with the owner's own models, at a real server on this machine."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
import json
from typing import Any
from unittest.mock import patch

from fake_llm import FakeLlm, Reply
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import Integration
from homeassistant.requirements import RequirementsNotFound
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.characters.cast import CAST
from custom_components.waifu_rt3d.characters.written import Moment
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.flows import find_servers
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.minds import model_servers
from custom_components.waifu_rt3d.minds.talks import TALKS, Talks
from custom_components.waifu_rt3d.stage.markup import MarkupParser
from custom_components.waifu_rt3d.turns.pipeline import async_run_text
from custom_components.waifu_rt3d.turns.prefill import PREFILLS, HeardFrom, prefill, rehearse
from custom_components.waifu_rt3d.turns.turn import HOUSEHOLD_PERSON, Origin, Turn, current_turn

from .agents import StreamingAgent
from .cards import Card
from .models import add_provider, answer, begin_provider, think_with

WORDS = ("[hap", "py] Hel", "lo. [gesture:", "wave] I am here.")


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models that cuts its answers at odd places."""
    server = await FakeLlm(reply=Reply(words=WORDS), chunk_bytes=5).start()
    yield server
    await server.stop()


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card in a home with a lamp."""
    assert await async_setup_component(core, "llm", {})
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"lamp": {"name": "reading lamp"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.lamp", True)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def begin(card: Card, text: str) -> str:
    """Say something and return the id of the turn."""
    del card.envelopes[:]
    reply = await card.call(type="waifu_rt3d/turn/start", text=text, speak=False)
    return str(reply["result"]["turn_id"])


async def say(card: Card, text: str) -> str:
    """Say something and return the spoken answer when the turn is over for us."""
    await begin(card, text)
    await card.until("timeline", final=True)
    return spoken(card)


def spoken(card: Card) -> str:
    """Return what was spoken so far."""
    return "".join(data["speech"] for data in card.of("text"))


def plain(lines: tuple[str, ...]) -> set[str]:
    """Return written lines without their tags."""
    found = set()
    for line in lines:
        parser = MarkupParser()
        found.add((parser.feed(line).speech + parser.finish().speech).strip())
    return found


async def move(hass: HomeAssistant, seconds: float) -> None:
    """Let time pass."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    for _ in range(20):
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", ["compatible", "ollama", "anthropic", "llama_cpp", "koboldcpp"])
async def test_character_thinks_with_own_model(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, kind: str
) -> None:
    """The model's tags become cues; the prompt holds the character, the rules and the moment."""
    await think_with(core, companion, model=await add_provider(core, companion, fake, kind=kind))
    assert await say(card, "What do you think about clouds?") == "Hello. I am here."
    cues = [cue["name"] for data in card.of("timeline") for cue in data["cues"]]
    assert cues == ["happy", "wave"]
    (request,) = fake.requests
    sent = str(request)
    assert "star charts" in sent
    assert "You are an AI" in sent
    last = request["messages"][-1]
    assert last["role"] == "user"
    assert "What do you think about clouds?" in str(last["content"])
    assert "Now:" in str(last["content"])


async def test_what_an_answer_cost_is_remembered(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The stored answer tells its model, its tokens and how long the person waited."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    await say(card, "What do you think about clouds?")
    await core.async_block_till_done()
    await move(core, 30)
    await core.async_block_till_done()
    listed = await card.call(type="waifu_rt3d/session/list")
    session_id = listed["result"]["sessions"][0]["id"]
    history = await card.call(type="waifu_rt3d/session/history", session_id=session_id)
    asked, answered = history["result"]["messages"]
    details = await card.call(type="waifu_rt3d/message/get", message_id=answered["id"])
    found = details["result"]
    assert found["model"] == "tiny-tools"
    assert found["tokens_in"] > 0
    assert found["tokens_out"] > 0
    assert found["first_token_ms"] >= 0
    assert (asked["role"], asked["text"]) == ("user", "What do you think about clouds?")
    statistics = await card.call(type="waifu_rt3d/statistics")
    assert statistics["result"]["waiting"]["replies"] == 1


async def test_command_costs_the_model_nothing(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A command is done without the model, and the model knows of it afterwards."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    await say(card, "What do you think about clouds?")
    done = await say(card, "Turn on the reading lamp")
    assert len(fake.requests) == 1
    await say(card, "And what of the rain?")
    first, second = fake.requests
    messages = second["messages"]
    assert messages[: len(first["messages"])] == first["messages"]
    roles = [message["role"] for message in messages]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert messages[2]["content"] == "".join(WORDS)
    assert messages[3]["content"] == "Turn on the reading lamp"
    assert messages[4]["content"] == done


async def test_history_survives_a_restart(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The beginning of the next request is what was sent before, byte by byte."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    turn_id = await begin(card, "What do you think about clouds?")
    await card.until("timeline", final=True)
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    await core.async_block_till_done()
    await move(core, 30)
    await core.async_block_till_done()
    core.data[TALKS] = Talks()  # what a restart leaves of it
    await say(card, "And what of the rain?")
    first, second = fake.requests
    length = len(first["messages"])
    assert second["messages"][:length] == first["messages"]
    assert second["messages"][length]["role"] == "assistant"
    assert len(second["messages"]) == length + 2


async def test_model_uses_the_house(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A tool is called through Home Assistant, and the model goes on with its answer."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    call = ("intent__HassTurnOn", {"name": "reading lamp"})
    fake.reply = Reply(words=("[happy] Let me see.",), calls=(call,))

    async def go_on() -> None:
        while len(fake.requests) < 1:
            await asyncio.sleep(0)
        fake.reply = Reply(words=("It is on now.",))

    task = asyncio.create_task(go_on())
    answer_text = await say(card, "It is too dark in here for my taste")
    await task
    first, second = fake.requests
    names = [tool["function"]["name"] for tool in first["tools"]]
    assert names == sorted(names)
    assert call[0] in names
    state = core.states.get("input_boolean.lamp")
    assert state is not None
    assert state.state == "on"
    assert second["messages"][-1]["role"] == "tool"
    assert "reading lamp" in second["messages"][-1]["content"]
    assert answer_text == "Let me see. It is on now."


async def test_model_without_tools_goes_on_without(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A server that refuses tools is asked without them, and the owner is told."""
    provider = await add_provider(core, companion, fake)
    await think_with(core, companion, model=provider)
    fake.reply = Reply(status=400, error="tiny-tools does not support tools")

    async def mend() -> None:
        while not fake.requests:
            await asyncio.sleep(0)
        fake.reply = Reply(words=("No hands, but words.",))

    task = asyncio.create_task(mend())
    text = await say(card, "What do you think about clouds?")
    await task
    assert text == "No hands, but words."
    assert "tools" not in fake.requests[-1]
    assert ir.async_get(core).async_get_issue(DOMAIN, f"no_tools_{provider}") is not None


async def test_waiting_is_bridged_then_the_fallback_answers(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """After four seconds a word holds the line; after a minute, twice, somebody else answers."""
    provider = await add_provider(core, companion, fake)
    other = await FakeLlm(reply=Reply(words=("I am the other one.",))).start()
    try:
        second = await add_provider(core, companion, other, kind="ollama")
        await think_with(core, companion, model=provider, fallback=second)
        fake.reply = Reply(words=(), hang=True)
        await begin(card, "What do you think about clouds?")
        while not fake.requests:
            await asyncio.sleep(0.01)
        await move(core, 6)
        held = (await card.until("text"))["data"]["speech"].strip()
        assert held in plain(CAST["mira"].written("en").lines[Moment.WAITING])
        for requests in (2, 2):
            await move(core, 61)
            await move(core, 61)
            assert len(fake.requests) == requests
        await card.until("timeline", final=True)
        assert spoken(card).endswith("I am the other one.")
        assert len(other.requests) == 1
        await asyncio.wait_for(fake.left.wait(), 60)
    finally:
        await other.stop()


async def test_deed_without_words_is_told(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A small model that calls a tool and says nothing: the house says what was done."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=(), calls=(("intent__HassTurnOn", {"name": "reading lamp"}),))

    async def end() -> None:
        while not fake.requests:
            await asyncio.sleep(0)
        fake.reply = Reply(words=())

    task = asyncio.create_task(end())
    assert await say(card, "It is too dark in here for my taste") == "Done: turn on reading lamp."
    await task
    assert not any(data.get("error") for data in card.of("turn"))


async def test_model_that_never_stops_calling_is_an_apology(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """Tools that fail for ever end in words, not in silence."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=(), calls=(("no_such_tool", {}),))
    text = await say(card, "What do you think about clouds?")
    assert text in plain(CAST["mira"].written("en").lines[Moment.OFFLINE])
    assert len(fake.requests) == 10
    assert any(data.get("error") == "provider_empty" for data in card.of("turn"))


@pytest.mark.parametrize("reply", [Reply(words=()), Reply(words=(), thinking=("Hm. ", "Hm."))])
async def test_answer_without_words_goes_to_the_fallback(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, reply: Reply
) -> None:
    """An ending without a word, also after thinking, is a failure although the status was 200."""
    other = await FakeLlm(reply=Reply(words=("I am the other one.",))).start()
    try:
        first = await add_provider(core, companion, fake)
        second = await add_provider(core, companion, other, kind="ollama")
        await think_with(core, companion, model=first, fallback=second)
        fake.reply = reply
        assert await say(card, "What do you think about clouds?") == "I am the other one."
        assert len(other.requests) == 1
        await think_with(core, companion, fallback=None)
        text = await say(card, "What do you think about rain?")
        assert text in plain(CAST["mira"].written("en").lines[Moment.OFFLINE])
    finally:
        await other.stop()


async def test_talk_that_is_too_long_is_cut_and_goes_on(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A server with a smaller context than it said refuses the talk once; then it is shorter."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    for question in ("What do you think about clouds?", "And what about rain, then?", "And hail?"):
        await say(card, question)
    long = fake.requests[-1]["messages"]
    fake.reply = Reply(status=400, error="the request exceeds the available context size")

    async def mend() -> None:
        seen = len(fake.requests)
        while len(fake.requests) == seen:
            await asyncio.sleep(0)
        fake.reply = Reply(words=("All is well.",))

    task = asyncio.create_task(mend())
    assert await say(card, "And what do you think of fog?") == "All is well."
    await task
    short = fake.requests[-1]["messages"]
    assert len(short) < len(long)
    assert short[0] == long[0]
    assert "fog" in short[-1]["content"]
    await say(card, "And of snow?")
    assert fake.requests[-1]["messages"][: len(short)] == short


async def test_nobody_answers(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A dead server gives an apology in character and the reason for the card; commands go on."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    await fake.stop()
    text = await say(card, "What do you think about clouds?")
    assert text in plain(CAST["mira"].written("en").lines[Moment.OFFLINE])
    await say(card, "Turn on the reading lamp")
    state = core.states.get("input_boolean.lamp")
    assert state is not None
    assert state.state == "on"


async def test_model_that_breaks_off_leaves_its_words_apart(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """What was said stays, and the apology begins as a sentence of its own."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=("Clouds are water. ",), hang=True)
    await begin(card, "What do you think about clouds?")
    await card.until("text")
    fake.hang_up()
    await card.until("timeline", final=True)
    begun, apology = spoken(card).split("water. ")
    assert begun == "Clouds are "
    assert apology in plain(CAST["mira"].written("en").lines[Moment.OFFLINE])


async def test_cancel_reaches_the_server(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """Who stops the character stops the model."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=("Once upon a time ", "there was"), hang=True)
    turn_id = await begin(card, "Tell me a very long story")
    await card.until("text")
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    await asyncio.wait_for(fake.left.wait(), 60)


async def test_untagged_answer_gets_feelings(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """Where a model writes no tag, the words of each sentence tell the feeling."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=("I am so happy ", "for you! ", "It is a sad story, though."))
    await say(card, "I have passed my exam today")
    cues = [cue for data in card.of("timeline") for cue in data["cues"]]
    assert [(cue["kind"], cue["name"], cue["offset"]) for cue in cues] == [
        ("emotion", "happy", 0),
        ("emotion", "sad", 23),
    ]


# -- setting one up ---------------------------------------------------------------------------


async def test_form_shows_how_the_model_did(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm
) -> None:
    """The list of models comes from the server, and the answer is shown before it is kept."""
    fake.key = "sesame"
    form = await begin_provider(core, companion, "llama_cpp")
    assert form["step_id"] == "server"
    wrong = await answer(core, form, url=fake.url, api_key="wrong")
    assert wrong["errors"] == {"api_key": "provider_login"}
    bad = await answer(core, form, url="http://[oops")
    assert bad["errors"] == {"url": "bad_address"}
    form = await answer(core, form, url=fake.url.removeprefix("http://"), api_key="sesame")
    assert form["step_id"] == "model"
    missing = await answer(core, form, model="giant")
    assert missing["errors"] == {"model": "provider_unknown_model"}
    form = await answer(core, form, model="tiny")
    assert form["step_id"] == "tried"
    shown = form["description_placeholders"]
    assert shown["answer"] == "".join(WORDS)
    assert shown["context_tokens"] == "4096"
    assert float(shown["first_word_s"]) >= 0
    assert int(shown["prompt_per_s"]) > 0
    assert int(shown["output_per_s"]) > 0
    done = await answer(core, form)
    assert done["type"] == "create_entry"
    (provider,) = [s for s in companion.subentries.values() if s.subentry_type == "provider"]
    assert provider.title == "tiny (llama.cpp)"
    assert provider.data["api_key"] == "sesame"
    assert provider.data["measured"].keys() == {
        "first_word_s",
        "load_s",
        "prompt_per_s",
        "output_per_s",
    }


async def test_nothing_at_the_address(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm
) -> None:
    """A server that is off gives a sentence."""
    await fake.stop()
    form = await begin_provider(core, companion, "ollama")
    result = await answer(core, form, url=fake.url)
    assert result["errors"] == {"base": "provider_unreachable"}


async def test_missing_software_disables_this_kind_only(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """An SDK that can't be installed gives a sentence and a repair; other kinds go on."""
    broken = RequirementsNotFound("ollama", ["ollama==0.0.0"])
    real = model_servers.async_get_integration_with_requirements

    async def install(hass: HomeAssistant, domain: str) -> Integration:
        if domain == "ollama":
            raise broken
        return await real(hass, domain)

    with patch.object(model_servers, "async_get_integration_with_requirements", install):
        form = await begin_provider(core, companion, "ollama")
        result = await answer(core, form, url=fake.url)
        assert result["errors"] == {"base": "provider_sdk_missing"}
        issue = ir.async_get(core).async_get_issue(DOMAIN, "sdk_missing_ollama")
        assert issue is not None
        assert issue.translation_placeholders == {"packages": "ollama==0.0.0"}
        await think_with(core, companion, model=await add_provider(core, companion, fake))
        assert await say(card, "What do you think about clouds?") == "Hello. I am here."
    await answer(core, form, url=fake.url)
    assert ir.async_get(core).async_get_issue(DOMAIN, "sdk_missing_ollama") is None


async def test_prefix_grows_over_many_turns(
    core: HomeAssistant,
    companion: MockConfigEntry,
    card: Card,
    fake: FakeLlm,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Hours and a restart pass, and each request begins with all of the one before, but for a rare trim."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    long = "[happy] " + "Clouds are a long and winding subject. " * 6
    for number in range(20):
        fake.reply = Reply(words=(f"{long}That was number {number}.",))
        turn_id = await begin(card, f"What do you think about cloud number {number}?")
        await card.until("timeline", final=True)
        if number == 9:
            await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
            freezer.tick(timedelta(seconds=30))
            async_fire_time_changed(core)
            await core.async_block_till_done()
            core.data[TALKS] = Talks()  # what a restart leaves of it
        freezer.tick(timedelta(minutes=17))
    assert len(fake.requests) == 20
    cuts = 0
    for before, after in pairwise(fake.requests):
        assert json.dumps(after["tools"]) == json.dumps(before["tools"])
        sent = [json.dumps(message) for message in before["messages"]]
        again = [json.dumps(message) for message in after["messages"]]
        assert again[0] == sent[0]
        # all that was sent, then the answer and the new question
        grown = again[: len(sent)] == sent and len(again) == len(sent) + 2
        cuts += not grown
        assert grown or len(again) < len(sent)
    assert cuts <= 2


async def test_character_form_offers_the_model(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent, fake: FakeLlm
) -> None:
    """A new model can be chosen beside the agents of Home Assistant, never the character itself."""
    provider = await add_provider(core, companion, fake)
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"), context={"source": "user"}
    )
    schema = form["data_schema"]
    assert schema is not None
    fields: dict[str, Any] = {str(key): value for key, value in schema.schema.items()}
    offered = [option["value"] for option in fields["model"].config["options"]]
    assert offered[0] == provider
    assert agent.entity_id in offered
    assert "conversation.mira" not in offered
    assert {"fallback", "llm_hass_api"} <= fields.keys()


async def test_model_is_changed_without_a_reload(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """Another model of the same server takes the next turn."""
    provider = await add_provider(core, companion, fake)
    await think_with(core, companion, model=provider)
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "provider"),
        context={"source": "reconfigure", "subentry_id": provider},
    )
    form = await answer(core, form, url=fake.url)
    form = await answer(core, form, model="tiny")
    result = await answer(core, form)
    assert result["reason"] == "reconfigure_successful"
    fake.requests.clear()
    await say(card, "What do you think about clouds?")
    assert fake.requests[0]["model"] == "tiny"


async def test_servers_at_known_hosts_are_offered(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What answers on its usual port stands first, and is chosen with its address."""
    port = int(fake.url.rpartition(":")[2])
    ollama = replace(find_servers.KINDS["ollama"], port=port)
    monkeypatch.setattr(find_servers, "KINDS", {"ollama": ollama})
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "provider"), context={"source": "user"}
    )
    (kind,) = form["data_schema"].schema.values()
    first = next(o for o in kind.config["options"] if "127.0.0.1" in o["label"])
    assert first["label"] == f"Ollama (127.0.0.1:{port})"
    form = await answer(core, form, kind=first["value"])
    form = await answer(core, form, url=form["data_schema"]({})["url"])
    assert form["step_id"] == "model"


def test_only_computers_are_asked(hass: HomeAssistant) -> None:
    """Hosts of servers that the owner entered are asked; lamps and services outside are not."""
    for domain, data in (
        ("wyoming", {"host": "10.0.0.2", "port": 10300}),
        ("ollama", {"url": "http://nas.lan:11434"}),
        ("openai_conversation", {"url": "https://api.example.com"}),
        ("hue", {"host": "10.9.9.9"}),
    ):
        MockConfigEntry(domain=domain, data=data).add_to_hass(hass)
    assert find_servers.hosts(hass) == ["127.0.0.1", "10.0.0.2", "nas.lan"]


async def test_refused_key_leads_to_the_model(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """A key that is no longer taken is asked for, and the character goes on without a reload."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.key = "new"
    await say(card, "What do you think about clouds?")
    assert any(data.get("error") == "provider_login" for data in card.of("turn"))
    (flow,) = core.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == "reauth"
    assert flow["step_id"] == "model_key"
    flows = core.config_entries.flow
    wrong = await flows.async_configure(flow["flow_id"], {"api_key": "old"})
    assert wrong["errors"] == {"api_key": "provider_login"}
    done = await flows.async_configure(flow["flow_id"], {"api_key": " new "})
    assert done["reason"] == "reauth_successful"
    await core.async_block_till_done()
    assert await say(card, "What do you think about clouds?") == "Hello. I am here."


async def test_model_is_told_once_what_it_said(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The chat log has the same words without their tags: they are no second answer."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    for sky in ("clouds", "rain", "snow"):
        await say(card, f"What do you think about {sky}?")
    roles = [message["role"] for message in fake.requests[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]


async def test_beginning_is_read_while_somebody_speaks(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """From the wake word on the server reads what the next request begins with, and lets go then."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    await say(card, "What do you think about clouds?")
    fake.reply = Reply(words=(), hang=True)
    house = core.data[HOUSE]
    character = next(iter(house.characters.values()))
    turn = await house.async_begin_turn(
        character=character, person=HOUSEHOLD_PERSON, origin=Origin.SATELLITE
    )
    prefill(core, turn, HeardFrom())
    while len(fake.requests) < 2:
        await asyncio.sleep(0)
    first, read = fake.requests
    assert read["max_tokens"] == 1
    assert read["messages"][0] == first["messages"][0]
    assert read["tools"] == first["tools"]
    await core.data[PREFILLS].stop(turn.id)
    await asyncio.wait_for(fake.left.wait(), 60)
    turn.close()


async def test_answer_is_prepared_in_the_pause(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The memory is asked once, and the server has read the very question before it is asked."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    house = core.data[HOUSE]
    assert house.store is not None
    character = next(iter(house.characters.values()))

    async def run(turn: Turn, text: str) -> None:
        current_turn.set(turn)
        pipeline_id = character.pipeline or ""
        await async_run_text(
            core, turn, text, pipeline_id=pipeline_id, context=Context(), speak=False
        )

    async def begin_turn() -> Turn:
        turn = await house.async_begin_turn(
            character=character, person=HOUSEHOLD_PERSON, origin=Origin.SATELLITE
        )
        prefill(core, turn, HeardFrom())
        return turn

    first = await begin_turn()
    await run(first, "My favourite tea is called Dragonwell.")
    first.close()
    turn = await begin_turn()
    question = "Which tea do I like, Dragonwell?"
    with patch.object(house.store, "recall", wraps=house.store.recall) as recall:
        for text in ("Which tea", question):
            rehearse(core, turn, text, "en")
        while fake.requests[-1]["messages"][-1]["content"].rpartition("\n")[2] != question:
            await asyncio.sleep(0)
        while turn.id in core.data[PREFILLS].running:
            await asyncio.sleep(0)
        read = fake.requests[-1]
        assert read["max_tokens"] == 1
        assert not turn.speech.text
        assert not turn.heard_text
        assert not [one for one in card.envelopes if one["turn_id"] == turn.id]
        await run(turn, question)
        assert [call.args[1] for call in recall.call_args_list].count(question) == 1
    asked = fake.requests[-1]
    assert asked is not read
    assert asked["max_tokens"] > 1
    assert asked["messages"] == read["messages"]
    assert asked["tools"] == read["tools"]
    turn.close()


@pytest.mark.parametrize("text", ["  ", "I want to kill myself"])
async def test_some_words_are_not_prepared_for(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, text: str
) -> None:
    """Distress is shown to no model, not even to be read in advance."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    house = core.data[HOUSE]
    turn = await house.async_begin_turn(
        character=next(iter(house.characters.values())),
        person=HOUSEHOLD_PERSON,
        origin=Origin.SATELLITE,
    )
    core.data[PREFILLS].hearing[turn] = HeardFrom()
    rehearse(core, turn, text, "en")
    assert turn.id not in core.data[PREFILLS].running
    turn.close()
