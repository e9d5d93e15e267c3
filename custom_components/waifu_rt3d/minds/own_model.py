"""Let one of the owner's own models answer: prompt, stream, tools, deadlines, fallback."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial

from homeassistant.components.conversation import SystemContent
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir, llm

from ..cast.personas import Lore
from ..characters import consent_words
from ..characters.prompt import Budget, build
from ..characters.written import Moment
from ..const import DOCUMENTS, DOMAIN, LOGGER
from ..house import HOUSE
from ..providers.base import (
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
    UsageDelta,
)
from ..providers.errors import EmptyAnswerError, NoToolsError, PromptTooLongError, ProviderError
from ..providers.patience import Patience, answered
from ..stage.receipt import Part
from ..turns.asked import Asked
from ..turns.prefill import PREFILLS
from ..turns.receipts import helper_of_model
from ..turns.tools_used import note_tool
from . import consent
from .circumstances import circumstances_of, lore_of
from .exposure import STRANGER
from .house_tools import ToolUse, answer_of, async_tools, async_use, specs
from .model_servers import MODEL_SERVERS, ModelServer
from .talks import TALKS, Talk
from .tool_policy import brings_text, deed, is_own, only_tells, tool_named

MAX_ROUNDS = 10
"""How often a model may go on after its tools have answered, as core allows."""
_ANSWER_TOKENS = 1024
_ANSWER_SHARE = 4
"""A small context gives at most a quarter to the answer."""
_LONG_SHARE = 0.5
"""A talk that fills this part of the context may be what a server has no answer to."""


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
        self._uses: list[ToolUse] = []
        """Tools that did what they were asked for."""

    async def stream(self) -> Words:
        """Yield the words as markup, and the tools that were used between them."""
        asked, turn = self._asked, self._asked.turn
        house, talks = asked.hass.data[HOUSE], asked.hass.data[TALKS]
        await asked.hass.data[PREFILLS].stop(turn.id)
        talk = await talks.async_talk(house.store, turn, asked.chat_log)
        lore = lore_of(asked)
        self._note_stranger(talk, asked.foreign or bool(lore.brought))
        api = await async_tools(asked) if any(one.tools for one in self._servers) else None
        turn.guarded = True
        request = self._request(talk, api, lore)
        try:
            async for item in self._rounds(request, talk, api):
                yield item
        except ProviderError as err:
            raise _translated(err, self._servers[0]) from err
        finally:
            if turn.untrusted or talk.untrusted:
                turn.exposed_to = STRANGER
            talk.drop_unanswered(turn.id)
            turn.sent = talk.sent(turn.id)

    def _request(self, talk: Talk, api: llm.APIInstance | None, lore: Lore) -> Request:
        """Return the request; what the person said is in the talk from now on."""
        asked = self._asked
        smallest = min(server.context_tokens for server in self._servers)
        budget = Budget(context=smallest, answer=min(_ANSWER_TOKENS, smallest // _ANSWER_SHARE))
        request = build(
            asked.persona(api.api_prompt if api else ""),
            talk.history,
            model=self._servers[0].model,
            said=asked.text,
            circumstances=circumstances_of(asked, lore),
            tools=specs(api),
            budget=budget,
        )
        asked.hass.data[PREFILLS].learn(
            asked.character.id, asked.user_input.device_id, request, budget
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
                async with aclosing(self._fitting_round(request, talk, spoken)) as words:
                    async for word in words:
                        yield word
                complete = True
            finally:
                if spoken.text or (complete and spoken.calls):
                    talk.add(self._asked.turn.id, spoken.message(with_calls=complete))
            if not spoken.calls:
                break
            held = self._held_back(api, talk, spoken.calls)
            for call in spoken.calls:
                use = consent.held_back(call) if call in held else await async_use(api, call)
                self._note_stranger(talk, brings_text(tool_named(api, call.name)))
                if not (use.result.error or only_tells(tool_named(api, call.name))):
                    self._uses.append(use)
                if call not in held:
                    note_tool(self._asked.hass, self._asked.turn, api, use.call, use.result)
                talk.add(self._asked.turn.id, answer_of(use))
                yield use
            if held and api is not None:
                question = consent.ask(self._asked, api, held)
                talk.add(self._asked.turn.id, Message(role=Role.ASSISTANT, text=question))
                yield question if not spoken.text else f" {question}"
                return
            if spoken.text and not spoken.text[-1].isspace():
                yield " "
            request = replace(request, messages=talk.history.messages)
        if not self._asked.turn.speech.text:
            yield self._without_words(api)

    def _without_words(self, api: llm.APIInstance | None) -> str:
        """Return what stands for the words of a model that only used tools: what was done."""
        if not self._uses:
            raise EmptyAnswerError("the model only called tools that failed")
        hass, language = self._asked.hass, self._asked.language
        deeds = [
            deed(hass, tool, dict(use.call.tool_args), language)
            for use in self._uses
            if (tool := tool_named(api, use.call.tool_name)) is not None and not is_own(tool)
        ]
        return consent_words.done([one for one in deeds if one], language) if deeds else ""

    def _held_back(
        self, api: llm.APIInstance | None, talk: Talk, calls: list[ToolCall]
    ) -> list[ToolCall]:
        """Return the calls that the person has to confirm, because a stranger may have asked for them."""
        asked = self._asked
        if not (asked.character.untrusted or asked.turn.untrusted or talk.untrusted):
            return []
        return consent.needing_consent(asked.hass, api, calls)

    def _note_stranger(self, talk: Talk, came: bool) -> None:
        """Remember that a stranger's text came before the model."""
        turn = self._asked.turn
        turn.untrusted = turn.untrusted or came
        if turn.untrusted:
            talk.strange.add(turn.id)

    async def _fitting_round(
        self, request: Request, talk: Talk, spoken: _Spoken
    ) -> AsyncGenerator[str]:
        """Yield the words of one answer; a talk that turns out too long for the model is cut once."""
        try:
            async with aclosing(self._round(request, spoken)) as words:
                async for word in words:
                    yield word
        except (PromptTooLongError, EmptyAnswerError) as err:
            if spoken.text or spoken.calls or not self._may_be_too_long(talk, err):
                raise
            talk.history.trim(talk.history.tokens // 2)
            talk.trimmed()
            shorter = replace(request, messages=talk.history.messages)
            async with aclosing(self._round(shorter, spoken)) as words:
                async for word in words:
                    yield word

    def _may_be_too_long(self, talk: Talk, err: ProviderError) -> bool:
        """Return whether a shorter talk may help: some servers answer a long one with nothing."""
        earlier = sum(message.role is Role.USER for message in talk.history.messages) > 1
        smallest = min(server.context_tokens for server in self._servers)
        long = talk.history.tokens > smallest * _LONG_SHARE
        return earlier and (long or isinstance(err, PromptTooLongError))

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
                    case UsageDelta():
                        self._asked.turn.tokens_in += delta.prompt
                        self._asked.turn.tokens_out += delta.output
                    case Holding() if not self._held:
                        self._held = True
                        yield f"{self._line(Moment.WAITING)} "

    async def _open(self, server: ModelServer, request: Request) -> Deltas:
        """Yield the answer of a server, without tools if it turns out not to know any."""
        servers = self._asked.hass.data[MODEL_SERVERS]
        self._asked.turn.receipt.note(Part.THOUGHT, helper_of_model(server))
        self._asked.turn.model = server.model
        fitted = replace(
            request,
            model=server.model,
            options=server.options,
            tools=request.tools if server.tools else (),
        )
        try:
            async with aclosing(self._not_empty(servers.stream(server, fitted))) as deltas:
                async for delta in deltas:
                    yield delta
        except NoToolsError:
            if not fitted.tools:
                raise
            _report_no_tools(self._asked.hass, server)
            bare = servers.stream(server, replace(fitted, tools=()))
            async with aclosing(self._not_empty(bare)) as deltas:
                async for delta in deltas:
                    yield delta

    async def _not_empty(self, deltas: Deltas) -> Deltas:
        """Yield an answer; one with neither words nor calls is a failure, unless tools were its point."""
        answered = bool(self._uses)
        async with aclosing(deltas):
            async for delta in deltas:
                words = isinstance(delta, TextDelta) and bool(delta.text.strip())
                answered = answered or words or isinstance(delta, ToolCallDelta)
                yield delta
        if not answered:
            raise EmptyAnswerError("the model ended without a word for the person")

    def _line(self, moment: Moment) -> str:
        """Return a written line of the character."""
        return self._asked.words.line(self._asked.character, self._asked.language, moment)


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
        learn_more_url=f"{DOCUMENTS}/models.md",
        severity=ir.IssueSeverity.WARNING,
        translation_key="no_tools",
        translation_placeholders={"name": server.name, "model": server.model},
    )
