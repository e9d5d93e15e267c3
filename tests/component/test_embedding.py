"""An embedding model of the owner's reads what was said, and recall asks it."""

from collections.abc import AsyncGenerator
from datetime import timedelta

from fake_llm import FakeLlm, Reply
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory import NewMessage, Role, Scope, Store
from custom_components.waifu_rt3d.remembering.embedding import (
    EMBEDDING,
    async_read_on,
    async_vector,
)

from .cards import Card
from .models import answer, begin_provider

ALICE = Scope(person="alice")


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Serve models."""
    server = await FakeLlm().start()
    yield server
    await server.stop()


@pytest.fixture
def store(companion: MockConfigEntry, core: HomeAssistant) -> Store:
    """Return the memory of the house."""
    store = core.data[HOUSE].store
    assert store is not None
    return store


async def add_reader(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm, kind: str
) -> None:
    """Set a server up, with a model that makes vectors."""
    form = await begin_provider(core, companion, kind)
    form = await answer(core, form, url=fake.url, api_key=fake.key)
    form = await answer(core, form, model="tiny-tools", embedding_model="letters")
    await answer(core, form)


async def say(store: Store, *texts: str) -> list[int]:
    """Store what Alice said."""
    session = await store.create_session(ALICE, character="default")
    return [
        await store.add_message(
            ALICE, NewMessage(session_id=session.id, role=Role.USER, text=text, created_ms=number)
        )
        for number, text in enumerate(texts, 1)
    ]


@pytest.mark.parametrize("kind", ["compatible", "ollama"])
async def test_what_was_said_is_read_and_found_by_its_meaning(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm, store: Store, kind: str
) -> None:
    """Every message gets a vector within a minute, once; a question is compared with them."""
    await add_reader(core, companion, fake, kind)
    first, _ = await say(store, "zzzz zz", "aaaa aa")
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=61))
    await core.async_block_till_done(wait_background_tasks=True)
    assert [body["input"] for body in fake.embedded] == [["aaaa aa", "zzzz zz"]]
    assert {body["model"] for body in fake.embedded} == {"letters"}
    vector = await async_vector(core, "zz zzz")
    assert vector is not None
    pytest.importorskip("numpy")
    found = await store.related(ALICE, "zz zzz", vector=vector)
    assert found[0].message_id == first
    await async_read_on(core)
    assert len(fake.embedded) == 2
    await say(store, "bbb")
    await async_read_on(core)
    assert fake.embedded[-1]["input"] == ["bbb"]


async def test_a_server_that_fails_costs_no_memory(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm, store: Store
) -> None:
    """What it could not read waits for it; a question is then found by its words."""
    await add_reader(core, companion, fake, "compatible")
    await say(store, "zzzz zz")
    fake.reply = Reply(status=500, error="out of memory")
    await async_read_on(core)
    assert core.data[EMBEDDING].failed
    assert await async_vector(core, "zz") is None
    fake.reply = Reply()
    await async_read_on(core)
    assert not core.data[EMBEDDING].failed
    assert await store.without_vector("letters", limit=9) == []


async def test_without_such_a_model_nothing_is_sent(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm, store: Store
) -> None:
    """No server, no vectors."""
    await say(store, "zzzz zz")
    await async_read_on(core)
    assert await async_vector(core, "zz") is None
    assert fake.embedded == []


async def test_a_turn_asks_for_the_meaning(
    core: HomeAssistant,
    companion: MockConfigEntry,
    fake: FakeLlm,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What a person says is compared as well, within the patience of a turn."""
    await add_reader(core, companion, fake, "compatible")
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    server = next(s for s in companion.subentries.values() if s.subentry_type == "provider")
    character = next(s for s in companion.subentries.values() if s.subentry_type == "character")
    core.config_entries.async_update_subentry(
        companion, character, data={**character.data, "model": server.subentry_id}
    )
    await core.async_block_till_done()
    await card.call(
        type="waifu_rt3d/turn/start", text="What do you think about clouds?", speak=False
    )
    await card.until("turn", state="heard")
    assert fake.embedded[-1]["input"] == ["What do you think about clouds?"]
