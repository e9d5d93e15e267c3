"""Every form answers what is typed into it with a sentence or takes it, whatever that is."""

from collections.abc import Iterator
import socket
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import selector
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .agents import StreamingAgent
from .models import begin_provider
from .test_config_flow import begin

ODD = (
    "",
    " ",
    "\x00",
    "a b",
    "\u202e\U0001f600\n\t",
    "x" * 70_000,
    "..",
    "10.0..1",
    "x." * 100,
    "[::1",
    ":::",
    "-1",
    "http://",
    "http://[",
    "http://10.0..1/",
    "http://x:99999999/",
    "file:///etc/passwd",
    "https://user:secret@host.invalid:1/a?b=c#d",
)
"""What a person may paste into a field of text."""


@pytest.fixture
def names(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve names as a machine without a network does; a name that can't be one fails first."""
    real = socket.getaddrinfo

    def resolve(host: str | bytes, *more: Any, **options: Any) -> Any:
        if isinstance(host, str):
            host.encode("idna")
        try:
            return real(host, *more, **options)
        except RuntimeError:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def typed(form: Any, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is known of a form with each field of text made odd."""
    schema = form["data_schema"].schema
    for key, kind in schema.items():
        if isinstance(kind, selector.TextSelector):
            for odd in ODD:
                yield {**known, str(key): odd}


async def finish(flows: Any, form: Any, values: dict[str, Any]) -> Any:
    """Send a form and wait for what comes of it; core itself refuses what fits no field."""
    try:
        result = await flows.async_configure(form["flow_id"], values)
    except InvalidData:
        return form
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await flows.hass.async_block_till_done()
        result = await flows.async_configure(form["flow_id"])
    return result


@pytest.mark.parametrize("kind", ["speech", "satellite", "speech_api"])
async def test_addresses(core: HomeAssistant, names: None, kind: str) -> None:
    """Of a server or a satellite."""
    flows = core.config_entries.flow
    form = await begin(core, kind)
    known: dict[str, Any] = {"host": "127.0.0.1", "port": 1}
    if kind == "speech_api":
        known = form["data_schema"]({"url": "http://127.0.0.1:1"})
    for values in typed(form, known):
        result = await finish(flows, form, values)
        assert result["type"] is FlowResultType.FORM, (values, result)


@pytest.mark.parametrize("kind", ["ollama", "openai", "anthropic"])
async def test_address_of_a_model_server(
    core: HomeAssistant, companion: MockConfigEntry, names: None, kind: str
) -> None:
    """With or without a key."""
    form = await begin_provider(core, companion, kind)
    assert form["type"] is FlowResultType.FORM, form
    for values in typed(form, {"url": "http://127.0.0.1:1"}):
        result = await finish(core.config_entries.subentries, form, values)
        assert result["type"] is FlowResultType.FORM, (values, result)


async def test_name_of_a_character(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent
) -> None:
    """Any name makes a character that can be spoken to."""
    flows = core.config_entries.subentries
    known = {"person": "mira", "model": agent.entity_id}
    for name in ODD:
        form = await flows.async_init((companion.entry_id, "character"), context={"source": "user"})
        result = await finish(flows, form, {**known, "name": name})
        assert result["type"] is FlowResultType.CREATE_ENTRY, (name, result)
        await core.async_block_till_done()
    titles = [one.title for one in companion.subentries.values()]
    assert all(0 < len(title) <= 60 and not set(title) & set("\x00\n\t\u202e") for title in titles)
    assert len(core.states.async_entity_ids("conversation")) >= len(titles)
