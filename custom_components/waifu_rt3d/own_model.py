"""Let one of the owner's own models answer: prompt, stream, tools, deadlines, fallback."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial

from homeassistant.components.conversation import SystemContent
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir, llm
from homeassistant.helpers.json import json_dumps
import probatio as vol

from .asked import Asked
from .characters.prompt import Budget, build
from .characters.written import Moment
from .circumstances import circumstances_of
from .const import DOMAIN, LOGGER
from .house import HOUSE
from .model_servers import MODEL_SERVERS, ModelServer
from .providers.base import (
    Deltas,
    Holding,
    Message,
    Request,
    Role,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
)
from .providers.errors import NoToolsError, ProviderError
from .providers.patience import Patience, answered
from .receipts import helper_of_model
from .stage.receipt import Part
from .talks import TALKS, Talk
from .tools_used import note_tool

MAX_ROUNDS = 10
"""How often a model may go on after its tools have answered, as core allows."""
_ANSWER_TOKENS = 1024
_ANSWER_SHARE = 4
"""A small context gives at most a quarter to the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A tool that the model called, and what it answered."""

    call: llm.ToolInput
    result: llm.ToolResult


type Words = AsyncGenerator[str | ToolUse]


@dataclass(slots=True)
class _Spoken:
    """What the model has said in one round."""

    text: str = ""
    thinking: list[Thinking] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)

    def message(self, *, with_calls: bool) -> Message:
        """Return it as the model sees it again."""
        return Message(
            role=Role.ASSISTANT,
            text=self.text,
            thinking=tuple(self.thinking),
            tool_calls=tuple(self.calls) if with_calls else (),
        )

    def think(self, delta: ThinkingDelta) -> None:
        """Take a piece of thinking; its signature comes last."""
        open_block = (
            self.thinking[-1] if self.thinking and not self.thinking[-1].signature else None
        )
        if open_block is None:
            self.thinking.append(Thinking(text=delta.text, signature=delta.signature))
        else:
            self.thinking[-1] = Thinking(
                text=open_block.text + delta.text, signature=delta.signature
            )


class OwnModel:
    """One question to the owner's models: the first that answers."""

    def __init__(self, asked: Asked, servers: Sequence[ModelServer]) -> None:
        """Ask the first of the servers, the others when it does not answer."""
        self._asked = asked
        self._servers = servers
        self._held = False

    async def stream(self) -> Words:
        """Yield the words as markup, and the tools that were used between them."""
        asked, turn = self._asked, self._asked.turn
        house, talks = asked.hass.data[HOUSE], asked.hass.data[TALKS]
        talk = await talks.async_talk(house.store, turn, asked.chat_log)
        api = await self._house_tools()
        request = self._request(talk, api)
        try:
            async for item in self._rounds(request, talk, api):
                yield item
        except ProviderError as err:
            raise _translated(err, self._servers[0]) from err
        finally:
            talk.drop_unanswered(turn.id)
            turn.sent = talk.sent(turn.id)

    def _request(self, talk: Talk, api: llm.APIInstance | None) -> Request:
        """Return the request; what the person said is in the talk from now on."""
        asked = self._asked
        smallest = min(server.context_tokens for server in self._servers)
        request = build(
            asked.persona(api.api_prompt if api else ""),
            talk.history,
            model=self._servers[0].model,
            said=asked.text,
            circumstances=circumstances_of(asked),
            tools=_specs(api),
            budget=Budget(context=smallest, answer=min(_ANSWER_TOKENS, smallest // _ANSWER_SHARE)),
        )
        talk.turns.append(asked.turn.id)
        talk.trimmed()
        asked.chat_log.llm_api = api
        asked.chat_log.content[0] = SystemContent(content=request.system)
        asked.chat_log.async_trace({"messages": asked.chat_log.content, "tools": request.tools})
        return request

    async def _rounds(self, request: Request, talk: Talk, api: llm.APIInstance | None) -> Words:
        """Ask, use the tools that were called for, and go on until there are none."""
        for _ in range(MAX_ROUNDS):
            spoken = _Spoken()
            complete = False
            try:
                async with aclosing(self._round(request, spoken)) as words:
                    async for word in words:
                        yield word
                complete = True
            finally:
                if spoken.text or (complete and spoken.calls):
                    talk.add(self._asked.turn.id, spoken.message(with_calls=complete))
            if not spoken.calls:
                return
            for call in spoken.calls:
                use = await _use(api, call)
                note_tool(self._asked.hass, self._asked.turn, api, use.call, use.result)
                talk.add(self._asked.turn.id, _answer_of(call, use.result))
                yield use
            if spoken.text and not spoken.text[-1].isspace():
                yield " "
            request = replace(request, messages=talk.history.messages)

    async def _round(self, request: Request, spoken: _Spoken) -> AsyncGenerator[str]:
        """Yield the words of one answer; thinking and calls are kept in `spoken`."""
        choices = [partial(self._open, server, request) for server in self._servers]
        async with aclosing(answered(choices, Patience())) as deltas:
            async for delta in deltas:
                match delta:
                    case TextDelta():
                        spoken.text += delta.text
                        yield delta.text
                    case ThinkingDelta():
                        spoken.think(delta)
                    case ToolCallDelta():
                        spoken.calls.append(delta.call)
                    case Holding() if not self._held:
                        self._held = True
                        yield f"{self._line(Moment.WAITING)} "

    async def _open(self, server: ModelServer, request: Request) -> Deltas:
        """Yield the answer of a server, without tools if it turns out not to know any."""
        servers = self._asked.hass.data[MODEL_SERVERS]
        self._asked.turn.receipt.note(Part.THOUGHT, helper_of_model(server))
        fitted = replace(
            request,
            model=server.model,
            options=server.options,
            tools=request.tools if server.tools else (),
        )
        try:
            async with aclosing(servers.stream(server, fitted)) as deltas:
                async for delta in deltas:
                    yield delta
        except NoToolsError:
            if not fitted.tools:
                raise
            _report_no_tools(self._asked.hass, server)
            async with aclosing(servers.stream(server, replace(fitted, tools=()))) as deltas:
                async for delta in deltas:
                    yield delta

    async def _house_tools(self) -> llm.APIInstance | None:
        """Return the tools that the character may use in the house."""
        asked = self._asked
        wanted = list(asked.character.house_tools)
        known = {api.id for api in llm.async_get_apis(asked.hass)}
        found = [api_id for api_id in wanted if api_id in known]
        if not found or not any(server.tools for server in self._servers):
            return None
        return await llm.async_get_api(asked.hass, found, asked.user_input.as_llm_context(DOMAIN))

    def _line(self, moment: Moment) -> str:
        """Return a written line of the character."""
        return self._asked.words.line(self._asked.character, self._asked.language, moment)


def _specs(api: llm.APIInstance | None) -> list[ToolSpec]:
    """Return the tools as a model is told of them."""
    return [
        ToolSpec(
            name=tool.name,
            description=tool.description or "",
            parameters=vol.to_openapi(
                tool.parameters, custom_serializer=api.custom_serializer, openapi_version="3.1.0"
            ),
        )
        for tool in (api.tools if api else ())
        if api is not None
    ]


async def _use(api: llm.APIInstance | None, call: ToolCall) -> ToolUse:
    """Call a tool; what goes wrong is told to the model, which may do better."""
    wanted = llm.ToolInput(
        tool_name=call.name, tool_args=dict(call.arguments), id=call.id, external=True
    )
    if call.invalid is not None:
        return ToolUse(call=wanted, result=_refused("The arguments are not a JSON object"))
    if api is None:
        return ToolUse(call=wanted, result=_refused("There are no tools"))
    try:
        result = await api.async_call_tool(wanted)
    except (HomeAssistantError, vol.Invalid) as err:
        LOGGER.debug("A tool failed: %s", err)
        result = _refused(str(err) or type(err).__name__)
    return ToolUse(call=wanted, result=result)


def _refused(reason: str) -> llm.ToolResult:
    """Return the answer of a tool that did nothing."""
    return llm.ToolResult(data={"error": reason}, error=True)


def _answer_of(call: ToolCall, result: llm.ToolResult) -> Message:
    """Return a tool's answer as the model reads it."""
    data = result.data if not result.error else {"error": True, **result.data}
    return Message(role=Role.TOOL, text=json_dumps(data), tool_call_id=call.id, tool_name=call.name)


def _translated(err: ProviderError, server: ModelServer) -> HomeAssistantError:
    """Return the failure as a sentence for the person."""
    LOGGER.debug("No model answered: %s", err)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=err.key,
        translation_placeholders={"name": server.name},
    )


def _report_no_tools(hass: HomeAssistant, server: ModelServer) -> None:
    """Tell the owner that a model can't use the house."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"no_tools_{server.id}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="no_tools",
        translation_placeholders={"name": server.name, "model": server.model},
    )
