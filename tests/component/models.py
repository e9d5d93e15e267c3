"""A language model of the owner's, as the tests set one up: through the forms, at a real server."""

from typing import Any

from fake_llm import FakeLlm
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry


async def begin_provider(hass: HomeAssistant, companion: MockConfigEntry, kind: str) -> Any:
    """Open the form of a new language model and choose its kind."""
    form = await hass.config_entries.subentries.async_init(
        (companion.entry_id, "provider"), context={"source": "user"}
    )
    return await answer(hass, form, kind=kind)


async def answer(hass: HomeAssistant, form: Any, **values: Any) -> Any:
    """Send a form of a subentry."""
    flows = hass.config_entries.subentries
    result = await flows.async_configure(form["flow_id"], values)
    await hass.async_block_till_done()
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        result = await flows.async_configure(form["flow_id"])
        await hass.async_block_till_done()
    return result


async def add_provider(
    hass: HomeAssistant,
    companion: MockConfigEntry,
    fake: FakeLlm,
    *,
    kind: str = "compatible",
    model: str = "tiny-tools",
) -> str:
    """Set up a language model and return the id of its subentry."""
    known = set(companion.subentries)
    form = await begin_provider(hass, companion, kind)
    form = await answer(hass, form, url=fake.url, api_key=fake.key)
    form = await answer(hass, form, model=model)
    await answer(hass, form)
    fake.requests.clear()
    (new,) = set(companion.subentries) - known
    return new


async def think_with(hass: HomeAssistant, companion: MockConfigEntry, **changes: Any) -> None:
    """Change the options of the first character."""
    character = next(s for s in companion.subentries.values() if s.subentry_type == "character")
    hass.config_entries.async_update_subentry(
        companion, character, data={**character.data, **changes}
    )
    await hass.async_block_till_done()
