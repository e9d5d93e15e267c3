"""What may go wrong while something is set up or changed: each time the form says so, and nothing is lost."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from unittest.mock import Mock, patch

from aiohttp import web
from fake_llm import FakeLlm, Reply
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, flush_store
from wyoming.event import Event

from custom_components.waifu_rt3d.config_flow import WaifuConfigFlow
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.flows import find_servers, speech_api, try_model
from custom_components.waifu_rt3d.flows.provider import ProviderFlow
from custom_components.waifu_rt3d.minds.model_servers import Address
from custom_components.waifu_rt3d.providers.errors import NoToolsError, UnavailableError

from .models import add_provider, answer, think_with
from .processes import free_port
from .scripted_wire import scripted
from .test_config_flow import begin, fill


def entry_of(kind: str, **data: Any) -> MockConfigEntry:
    """Return an entry that is not set up."""
    return MockConfigEntry(
        domain=DOMAIN, title="Kitchen", unique_id=kind, data={"kind": kind, **data}
    )


async def test_room_is_given_to_somebody(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """The form of a satellite shows what is chosen and keeps what is changed."""
    room = entry_of("satellite", host="127.0.0.1", port=free_port(), pairing_key=None)
    room.add_to_hass(core)
    options = core.config_entries.options
    form = await options.async_init(room.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "room")
    chosen = {"person": "ask", "media_players": [], "media_action": "pause"}
    done = await options.async_configure(form["flow_id"], chosen)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert room.options == chosen
    again = await options.async_init(room.entry_id)
    shown = {str(key): key.description for key in again["data_schema"].schema}
    assert shown["person"] == {"suggested_value": "ask"}
    await core.async_block_till_done()
    await core.config_entries.async_unload(room.entry_id)
    await flush_store(core.config_entries._store)


def test_only_the_companion_has_characters() -> None:
    """A satellite has options, a server of OpenAI's protocol has neither."""
    kinds = ("companion", "satellite", "speech", "speech_api")
    entries = {kind: entry_of(kind) for kind in kinds}
    assert WaifuConfigFlow.async_get_supported_subentry_types(entries["satellite"]) == {}
    assert (
        ProviderFlow
        in WaifuConfigFlow.async_get_supported_subentry_types(entries["companion"]).values()
    )
    assert [WaifuConfigFlow.async_supports_options_flow(entries[kind]) for kind in kinds] == [
        *(True, True, True, False)
    ]


async def test_satellite_that_moved_is_found_again(
    core: HomeAssistant, socket_enabled: None
) -> None:
    """A wrong address is refused in the form; the companion itself has none to change."""
    room = entry_of("satellite", host="127.0.0.1", port=free_port(), pairing_key=None)
    room.add_to_hass(core)
    form = await room.start_reconfigure_flow(core)
    assert "order" not in {str(key) for key in form["data_schema"].schema}
    refused = await fill(core, form, host="127.0.0.1", port=free_port())
    assert refused["errors"] == {"base": "unreachable"}
    companion = entry_of("companion")
    companion.add_to_hass(core)
    done = await companion.start_reconfigure_flow(core)
    assert done["reason"] == "nothing_to_change"


async def test_key_of_a_model_that_is_gone_is_not_asked_for(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Who deleted it meanwhile has nothing to enter."""
    companion.async_start_reauth(core, data={**companion.data, "provider": "deleted"})
    await core.async_block_till_done()
    assert core.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_info_of_another_shape_is_no_server(
    core: HomeAssistant, socket_enabled: None
) -> None:
    """It answers `info`, and what is in it is no list of voices."""
    async with scripted(Event(type="info", data={"tts": [{"name": 5}]})) as port:
        form = await begin(core, "speech")
        refused = await fill(core, form, host="127.0.0.1", port=port)
    assert refused["errors"] == {"base": "not_wyoming"}


async def test_card_that_was_uploaded_long_ago_is_asked_for_again(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Home Assistant forgets uploads after a while."""
    assert await async_setup_component(core, "file_upload", {})
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"), context={"source": "user"}
    )
    form = await answer(core, form, name="Somebody", person="file")
    refused = await answer(core, form, file="00000000000000000000000000000000")
    assert refused["errors"] == {"file": "upload_missing"}


async def test_form_of_an_imported_character_asks_for_trust(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """And shows who thinks for it, also where that one is away just now."""
    await think_with(core, companion, person="card:0123456789abcdef", model="conversation.away")
    form = await companion.start_subentry_reconfigure_flow(core, next(iter(companion.subentries)))
    fields = {str(key): field for key, field in form["data_schema"].schema.items()}
    assert "untrusted" in fields
    assert "conversation.away" in [one["value"] for one in fields["model"].config["options"]]


async def test_server_that_only_speaks_hears_nothing(hass: HomeAssistant) -> None:
    """The form then shows that it spoke."""
    server: Any = Mock(info=Mock(voices=(), listen_languages=()))
    assert await speech_api._try(hass, server, "en") == ""


@pytest.fixture
async def web_page(socket_enabled: None) -> AsyncGenerator[str]:
    """Return a server that is none of language models: it refuses, or sends without end."""

    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10):
            await response.write(b"x" * 65536)
        return response

    app = web.Application()
    app.add_routes([web.get("/refuse", refuse), web.get("/endless", endless)])
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_what_is_no_model_server_is_not_offered(core: HomeAssistant, web_page: str) -> None:
    """Refusals and endless pages are passed over while servers are looked for."""
    assert not await find_servers._answers(core, f"{web_page}/refuse", "models")
    assert not await find_servers._answers(core, f"{web_page}/endless", "models")


def test_apps_beside_home_assistant_are_asked(hass: HomeAssistant) -> None:
    """Their host names come from the supervisor, when it has told them."""
    apps = {"a": {"hostname": "local-ollama"}, "b": None, "c": {"hostname": ""}}
    with (
        patch.object(find_servers, "is_hassio", return_value=True),
        patch("homeassistant.components.hassio.get_addons_info", side_effect=[apps]),
    ):
        assert find_servers.hosts(hass) == ["127.0.0.1", "local-ollama"]
    with (
        patch.object(find_servers, "is_hassio", return_value=True),
        patch("homeassistant.components.hassio.get_addons_info", side_effect=HomeAssistantError),
    ):
        assert find_servers.hosts(hass) == ["127.0.0.1"]


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models."""
    server = await FakeLlm(reply=Reply(words=("Hello ", "there."))).start()
    yield server
    await server.stop()


async def test_model_that_takes_no_tools_is_tried_without(
    core: HomeAssistant, companion: MockConfigEntry, fake: FakeLlm
) -> None:
    """A figure that can't be measured costs the figure, not the form."""
    await add_provider(core, companion, fake)
    address = Address(kind="compatible", url=fake.url)
    measured, asked = try_model._measured, []

    async def picky(provider: Any, request: Any, context: int | None) -> Any:
        asked.append(bool(request.tools))
        if request.tools:
            raise NoToolsError("no tools here")
        return await measured(provider, request, context)

    with patch.object(try_model, "_measured", picky):
        tried = await try_model.async_try(core, address, "tiny", None)
    assert asked == [True, False]
    assert tried.answer
    with patch.object(try_model, "_measured", side_effect=UnavailableError("gone")):
        figures = await try_model.async_measure(core, address, "tiny", replace(tried))
    assert figures.first_word_s == tried.first_word_s
