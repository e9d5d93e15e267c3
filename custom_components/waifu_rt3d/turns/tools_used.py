"""What an answer was made with: tools and the entities that they, or a command, were about."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import intent, llm
from homeassistant.helpers.json import json_dumps
from homeassistant.util.json import json_loads
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN
from ..stage.receipt import Part
from ..stage.steady import epoch_ms
from .receipts import helper_of_tool
from .turn import ToolUse, Turn

_ENTITY = intent.IntentResponseTargetType.ENTITY
_LONGEST_RESULT = 20_000


@callback
def note_response(turn: Turn, response: intent.IntentResponse | None) -> None:
    """Take which entities a command was about."""
    if response is not None:
        turn.touch(_entities_of_response(response))


@callback
def note_tool(
    hass: HomeAssistant,
    turn: Turn,
    api: llm.APIInstance | None,
    call: llm.ToolInput,
    result: llm.ToolResult,
) -> None:
    """Take that a tool was used, how far it reaches and which entities it was about."""
    tool = next((one for one in api.tools if one.name == call.tool_name), None) if api else None
    if tool is not None:
        turn.receipt.note(Part.DONE, helper_of_tool(hass, tool))
    if not call.tool_name.startswith(f"{DOMAIN}__"):
        turn.touch(entities_in(hass, call.tool_args, result.data))
    turn.use_tool(
        ToolUse(
            call_id=call.id or ulid_now(),
            name=(tool.title if tool else None) or call.tool_name,
            arguments=_plain(call.tool_args),
            result=_plain(result.data),
            failed=result.error,
            at_ms=epoch_ms(),
        )
    )


def entities_in(hass: HomeAssistant, arguments: object, result: object) -> list[str]:
    """Return the entities that a tool was given or that its result tells it has touched."""
    found: list[str] = []
    if isinstance(original := getattr(result, "original", None), intent.IntentResponse):
        found += _entities_of_response(original)
    found += [one for one in _named(arguments) if hass.states.get(one)]
    found += [one for one in _successes(result) if hass.states.get(one)]
    return found


def _entities_of_response(response: intent.IntentResponse) -> list[str]:
    """Return the entities that an intent did something with, or told about."""
    done = [one.id for one in response.success_results if one.type == _ENTITY and one.id]
    return done or [state.entity_id for state in response.matched_states]


def _named(value: object) -> Iterator[str]:
    """Yield the values of every `entity_id` in arguments."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "entity_id":
                yield from [inner] if isinstance(inner, str) else map(str, inner or ())
            else:
                yield from _named(inner)


def _successes(result: object) -> Iterator[str]:
    """Yield the entities in the result of one of core's intent tools."""
    data = result.get("data") if isinstance(result, Mapping) else None
    for target in (data.get("success") if isinstance(data, Mapping) else None) or ():
        if isinstance(target, Mapping) and target.get("type") == _ENTITY and target.get("id"):
            yield str(target["id"])


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; one that is very long is cut to a text."""
    text = json_dumps(value)
    return json_loads(text) if len(text) <= _LONGEST_RESULT else text[:_LONGEST_RESULT] + "…"
