"""Removing the integration takes away what it made; what was said goes when the owner says so, and not before."""

from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.components.frontend import DATA_PANELS
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.dashboard import CARD_URL, PANEL_PATH
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.remembering.care import async_night, database_path
from custom_components.waifu_rt3d.remembering.leaving import ISSUE_LEFT

from .agents import StreamingAgent
from .processes import free_port

SAID = "The tides were late on Tuesday."


def issues(core: HomeAssistant) -> set[str]:
    """Return the repairs of ours."""
    return {issue_id for domain, issue_id in ir.async_get(core).issues if domain == DOMAIN}


async def speech_entry(core: HomeAssistant) -> MockConfigEntry:
    """Return a speech server that is away, with a repair of its own."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Cellar",
        data={"kind": "speech", "host": "127.0.0.1", "port": free_port(), "pairing_key": None},
    )
    entry.add_to_hass(core)
    await core.config_entries.async_setup(entry.entry_id)
    await core.services.async_call(
        DOMAIN, "preflight", {}, blocking=True, return_response=True, context=Context()
    )
    assert f"preflight_server_{entry.entry_id}" in issues(core)
    return entry


@pytest.mark.usefixtures("socket_enabled")
async def test_everything_that_was_made_goes(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Pipelines, page, resource, entities, devices and repairs; the files stay until somebody decides."""
    speech = await speech_entry(core)
    pipeline = next(iter(companion.subentries.values())).data["pipeline"]
    assert PANEL_PATH in core.data[DATA_PANELS]
    assert await core.config_entries.async_remove(speech.entry_id)
    assert not [one for one in issues(core) if one.endswith(speech.entry_id)]
    assert ISSUE_LEFT not in issues(core)
    assert await core.config_entries.async_remove(companion.entry_id)
    await core.async_block_till_done()
    assert pipeline not in core.data["assist_pipeline"].pipeline_store.data
    assert PANEL_PATH not in core.data[DATA_PANELS]
    resources = core.data[LOVELACE_DATA].resources.async_items()
    assert not [one for one in resources if CARD_URL in one["url"]]
    assert not [one for one in er.async_get(core).entities.values() if one.platform == DOMAIN]
    for entry in (speech, companion):
        assert not dr.async_entries_for_config_entry(dr.async_get(core), entry.entry_id)
    assert issues(core) == {ISSUE_LEFT}
    assert database_path(core).is_file()


class Repair:
    """The question about the files, asked as the frontend does."""

    def __init__(self, client: Any, flow: dict[str, Any]) -> None:
        self._client = client
        self.flow = flow

    @classmethod
    async def open(cls, core: HomeAssistant, hass_client: ClientSessionGenerator) -> Repair:
        """Open the repair."""
        assert await async_setup_component(core, "repairs", {})
        client = await hass_client()
        data = {"handler": DOMAIN, "issue_id": ISSUE_LEFT}
        answer = await client.post("/api/repairs/issues/fix", json=data)
        assert answer.status == HTTPStatus.OK
        return cls(client, await answer.json())

    async def submit(self) -> dict[str, Any]:
        """Say yes."""
        answer = await self._client.post(f"/api/repairs/issues/fix/{self.flow['flow_id']}", json={})
        assert answer.status == HTTPStatus.OK
        result: dict[str, Any] = await answer.json()
        return result


@pytest.mark.usefixtures("socket_enabled")
async def test_files_go_when_the_owner_says_so(
    core: HomeAssistant, companion: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """The folder is gone, stays gone at night, and a companion that is added again begins anew."""
    folder = Path(core.config.path(DOMAIN))
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "exports" / "all.zip").write_text(SAID)
    assert await core.config_entries.async_remove(companion.entry_id)
    repair = await Repair.open(core, hass_client)
    assert repair.flow["description_placeholders"] == {"folder": str(folder)}
    assert folder.is_dir()
    assert (await repair.submit())["type"] == "create_entry"
    assert not folder.exists()
    assert issues(core) == set()
    await async_night(core)
    assert not folder.exists()
    again = MockConfigEntry(domain=DOMAIN, data=dict(companion.data), title="waifu-rt3d")
    again.add_to_hass(core)
    assert await core.config_entries.async_setup(again.entry_id)
    assert core.data[HOUSE].store is not None
    assert database_path(core).is_file()


@pytest.mark.usefixtures("socket_enabled")
async def test_files_stay_when_somebody_began_anew_meanwhile(
    core: HomeAssistant, companion: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """A question that still stands open in another window takes nothing from the new companion."""
    assert await core.config_entries.async_remove(companion.entry_id)
    repair = await Repair.open(core, hass_client)
    again = MockConfigEntry(domain=DOMAIN, data=dict(companion.data), title="waifu-rt3d")
    again.add_to_hass(core)
    assert await core.config_entries.async_setup(again.entry_id)
    answer = await repair.submit()
    assert (answer["type"], answer["reason"]) == ("abort", "used_again")
    assert database_path(core).is_file()
    assert core.data[HOUSE].store is not None


@pytest.mark.usefixtures("socket_enabled")
async def test_only_an_admin_may_delete_the_files(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Home Assistant itself asks for that right."""
    assert await core.config_entries.async_remove(companion.entry_id)
    assert await async_setup_component(core, "repairs", {})
    client = await hass_client(hass_read_only_access_token)
    data = {"handler": DOMAIN, "issue_id": ISSUE_LEFT}
    answer = await client.post("/api/repairs/issues/fix", json=data)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert database_path(core).is_file()


@pytest.mark.usefixtures("socket_enabled")
async def test_folder_that_can_not_be_deleted_is_told(
    core: HomeAssistant, companion: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """The question stays; who adds the companion again is not asked any more."""
    assert await core.config_entries.async_remove(companion.entry_id)
    repair = await Repair.open(core, hass_client)
    refused = PermissionError(13, "Permission denied")
    with patch(
        "custom_components.waifu_rt3d.remembering.leaving.shutil.rmtree", side_effect=refused
    ):
        answer = await repair.submit()
    assert (answer["type"], answer["reason"]) == ("abort", "not_deleted")
    assert "Permission denied" in answer["description_placeholders"]["reason"]
    assert issues(core) == {ISSUE_LEFT}
    again = MockConfigEntry(domain=DOMAIN, data=dict(companion.data), title="waifu-rt3d")
    again.add_to_hass(core)
    assert await core.config_entries.async_setup(again.entry_id)
    assert issues(core) == set()


async def test_removed_character_leaves_no_dead_assistant(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent
) -> None:
    """Its pipeline goes with it; where that was preferred, Home Assistant's own takes over."""
    store = core.data["assist_pipeline"].pipeline_store
    assert core.config_entries.async_add_subentry(
        companion,
        ConfigSubentry(
            data=MappingProxyType({"person": "rowan", "model": agent.entity_id}),
            subentry_type="character",
            title="Rowan",
            unique_id="rowan",
        ),
    )
    await core.async_block_till_done()
    rowan = next(one for one in companion.subentries.values() if one.title == "Rowan")
    pipeline = rowan.data["pipeline"]
    store.async_set_preferred_item(pipeline)
    assert core.config_entries.async_remove_subentry(companion, rowan.subentry_id)
    await core.async_block_till_done()
    assert pipeline not in store.data
    preferred = store.data[store.async_get_preferred_item()]
    assert preferred.conversation_engine == "conversation.home_assistant"
    assert core.states.get("conversation.rowan") is None
    assert [one.name for one in core.data[HOUSE].characters.values()] == ["Mira"]
