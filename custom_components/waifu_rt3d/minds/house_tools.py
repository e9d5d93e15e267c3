"""The tools of one question: what a model is told of them, and how they are called."""

from dataclasses import dataclass

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps
import probatio as vol

from ..const import DOMAIN, LOGGER
from ..llm import OwnApi
from ..providers.base import Message, Role, ToolCall, ToolSpec
from ..turns.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A tool that the model called, and what it answered."""

    call: llm.ToolInput
    result: llm.ToolResult


async def async_tools(asked: Asked) -> llm.APIInstance:
    """Return the tools that the character may use: the house's that were ticked, and its own."""
    known = {api.id: api for api in llm.async_get_apis(asked.hass)}
    wanted = [known[api_id] for api_id in asked.character.house_tools if api_id in known]
    # Assist brings the character's own tools with it.
    if not any(api.id == llm.LLM_API_ASSIST for api in wanted):
        wanted.insert(0, OwnApi(asked.hass))
    api = wanted[0] if len(wanted) == 1 else llm.MergedAPI(wanted)
    return await api.async_get_api_instance(asked.user_input.as_llm_context(DOMAIN))


def specs(api: llm.APIInstance | None) -> list[ToolSpec]:
    """Return the tools as a model is told of them."""
    if api is None:
        return []
    return [
        ToolSpec(
            name=tool.name,
            description=tool.description or "",
            parameters=vol.to_openapi(
                tool.parameters, custom_serializer=api.custom_serializer, openapi_version="3.1.0"
            ),
        )
        for tool in api.tools
    ]


async def async_use(api: llm.APIInstance | None, call: ToolCall) -> ToolUse:
    """Call a tool; what goes wrong is told to the model, which may do better."""
    if call.invalid is not None:
        return refused(call, "The arguments are not a JSON object")
    if api is None:
        return refused(call, "There are no tools")
    wanted = _input(call)
    try:
        result = await api.async_call_tool(wanted)
    except (HomeAssistantError, vol.Invalid) as err:
        LOGGER.debug("A tool failed: %s", err)
        return refused(call, str(err) or type(err).__name__)
    return ToolUse(call=wanted, result=result)


def refused(call: ToolCall, reason: str) -> ToolUse:
    """Return the answer of a tool that did nothing."""
    return ToolUse(call=_input(call), result=llm.ToolResult(data={"error": reason}, error=True))


def answer_of(use: ToolUse) -> Message:
    """Return a tool's answer as the model reads it."""
    data = {"error": True, **use.result.data} if use.result.error else use.result.data
    return Message(
        role=Role.TOOL,
        text=json_dumps(data),
        tool_call_id=use.call.id,
        tool_name=use.call.tool_name,
    )


def _input(call: ToolCall) -> llm.ToolInput:
    """Return a call as Home Assistant takes it."""
    return llm.ToolInput(
        tool_name=call.name, tool_args=dict(call.arguments), id=call.id, external=True
    )
