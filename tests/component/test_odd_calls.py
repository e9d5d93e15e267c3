"""Every command and action answers with a sentence of ours, whatever it is given and whatever house it is in."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN

from .cards import Card
from .test_security import SAMPLES, messages, sample

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    2**70,
    1e308,
    "",
    "\x00\U0001f600\u202e",
    "x" * 70_000,
    "../../etc/passwd",
    [],
    {},
    [[[]]],
)
"""Values that no card of ours sends. JSON knows no others that matter."""


@pytest.fixture
async def bare(core: HomeAssistant) -> AsyncGenerator[HomeAssistant]:
    """Return a house in which the component is loaded, and nothing was set up yet."""
    assert await async_setup_component(core, DOMAIN, {})
    yield core
    await core.async_block_till_done(wait_background_tasks=True)


def odd_messages(core: HomeAssistant) -> Iterator[dict[str, Any]]:
    """Yield each command with each of its fields made odd, one after the other."""
    for message in messages():
        _handler, schema = core.data[WEBSOCKET][message["type"]]
        names = fields(schema) if schema else set()
        for name in names - {"type", "id"}:
            for odd in ODD:
                yield {**message, name: odd}


async def failures(card: Card, asked: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the commands whose answer shows a failure of ours instead of a sentence."""
    found = []
    for message in asked:
        reply = await card.call(**message)
        error = reply.get("error", {})
        unforeseen = error.get("code") in {"unknown_error", "home_assistant_error"}
        if unforeseen and not error.get("translation_key"):
            found.append((message, error))
    return found


async def test_every_command_answers_in_an_empty_house(
    bare: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """No companion, no voice, no room: each is refused or has nothing, and none breaks."""
    card = Card(await hass_ws_client(bare))
    assert not await failures(card, messages())


async def call(core: HomeAssistant, user: User, action: str, data: dict[str, Any]) -> None:
    """Call an action; a refusal has a sentence that can be translated."""
    refusal: HomeAssistantError | None = None
    try:
        await core.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            context=Context(user_id=user.id),
            return_response=core.services.supports_response(DOMAIN, action).value != "none",
        )
    except HomeAssistantError as err:
        refusal = err
    assert refusal is None or refusal.translation_key, (action, data, refusal)


async def test_every_action_answers_in_an_empty_house(
    bare: HomeAssistant, hass_admin_user: User
) -> None:
    """Each is done or says what is missing."""
    for action in bare.services.async_services_for_domain(DOMAIN):
        await call(bare, hass_admin_user, action, SAMPLES.get(action) or sample(bare, action))


def fields(schema: Any) -> set[str]:
    """Return the names that an action takes; a second check of them all may stand around the first."""
    inner = schema.validators[0] if isinstance(schema, vol.All) else schema
    return {str(key) for key in inner.schema}


def fits(schema: Any, data: dict[str, Any]) -> bool:
    """Say whether data pass an action's schema; core's own checks stumble over what is no list."""
    try:
        schema(data)
    except vol.Invalid, TypeError:
        return False
    return True


async def test_odd_data_of_actions_are_refused_or_taken(
    core: HomeAssistant, companion: MockConfigEntry, hass_admin_user: User
) -> None:
    """In no field of any action does a value break what reads it."""
    for action, service in core.services.async_services_for_domain(DOMAIN).items():
        data = SAMPLES.get(action) or sample(core, action)
        for name in fields(service.schema):
            for odd in ODD:
                if fits(service.schema, {**data, name: odd}):
                    await call(core, hass_admin_user, action, {**data, name: odd})
    await core.async_block_till_done(wait_background_tasks=True)


async def test_odd_values_are_refused_or_taken(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """In no field of any command does a value break what reads it."""
    card = Card(await hass_ws_client(core))
    assert not await failures(card, odd_messages(core))
