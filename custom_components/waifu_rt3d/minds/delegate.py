"""Let another conversation agent of this Home Assistant think for a character."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from homeassistant.components import conversation
from homeassistant.const import ATTR_SUPPORTED_FEATURES
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import chat_session, intent, llm

from ..const import DOMAIN, LOGGER
from ..memory import Role
from ..stage.receipt import Part
from ..turns.receipts import helper_of_entity
from ..turns.tools_used import note_response, note_tool
from ..turns.turn import Turn
from .commands import spoken
from .exposure import STRANGER
from .tool_policy import brings_text, tool_named

_FAILED = intent.IntentResponseErrorCode.UNKNOWN
"""What core makes of an agent's exception."""
NEW_LOG = 2
"""A chat log that knows no more than a system prompt and the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is passed on to the other agent."""

    text: str
    conversation_id: str
    """Not a ULID, so that core keeps it however long the pause was."""
    language: str
    context: Context
    device_id: str | None
    satellite_id: str | None
    extra_system_prompt: str | None
    history: tuple[tuple[Role, str], ...] = ()
    """The last words of the session: what the agent is told when it does not know them."""
    rewound: bool = False
    """Whether the session goes on from another place than the agent remembers."""


@dataclass(slots=True)
class Delegate:
    """One question to another agent: a stream of its text, then its result."""

    hass: HomeAssistant
    agent_id: str
    turn: Turn | None = None
    """The turn that is answered, where there is one: it is told who thinks and what is used."""
    strict: bool = False
    """Whether its own error is a failure; else its words are the answer."""
    result: conversation.ConversationResult | None = None

    async def stream(self, question: Question) -> AsyncGenerator[str]:
        """Yield the agent's text as it is written; an agent without deltas gives it in one piece.

        The agent runs in a task of its own: its chat log must not be ours, and closing this
        generator cancels it.
        """
        if self.turn is not None:
            helper = helper_of_entity(self.hass, self.agent_id)
            self.turn.receipt.note(Part.THOUGHT, helper)
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        task = self.hass.async_create_background_task(
            self._converse(question, pieces), f"{DOMAIN} agent {self.agent_id}"
        )
        written = False
        try:
            while (piece := await pieces.get()) is not None:
                written = True
                yield piece
            self.result = await task
            if self.turn is not None:
                note_response(self.turn, self.result.response)
            if self.strict and self.result.response.error_code is _FAILED:
                # Core says in its place what went wrong, in English and for programmers.
                LOGGER.debug("An agent failed: %s", spoken(self.result.response))
                raise HomeAssistantError(translation_domain=DOMAIN, translation_key="model_failed")
            if not written:
                yield spoken(self.result.response)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _converse(
        self, question: Question, pieces: asyncio.Queue[str | None]
    ) -> conversation.ConversationResult:
        """Ask the agent in a chat log of its own and pass its deltas on."""
        user_input = conversation.ConversationInput(
            text=question.text,
            context=question.context,
            conversation_id=question.conversation_id,
            device_id=question.device_id,
            satellite_id=question.satellite_id,
            language=question.language,
            agent_id=self.agent_id,
            extra_system_prompt=question.extra_system_prompt,
        )
        listener = _DeltaListener(pieces, self.turn)
        try:
            with (
                chat_session.async_get_chat_session(self.hass, question.conversation_id) as session,
                conversation.async_get_chat_log(
                    self.hass, session, user_input, chat_log_delta_listener=listener
                ) as chat_log,
            ):
                _remind(chat_log, question, self.agent_id)
                return await conversation.async_converse(
                    self.hass,
                    text=question.text,
                    conversation_id=question.conversation_id,
                    context=question.context,
                    language=question.language,
                    agent_id=self.agent_id,
                    device_id=question.device_id,
                    satellite_id=question.satellite_id,
                    extra_system_prompt=question.extra_system_prompt,
                )
        except ValueError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="agent_missing",
                translation_placeholders={"agent": self.agent_id},
            ) from err
        finally:
            pieces.put_nowait(None)


@callback
def controls_house(hass: HomeAssistant, agent_id: str) -> bool:
    """Return whether an agent may act in the house by tools of its own; one that is not known may."""
    state = hass.states.get(agent_id)
    if state is None:
        return True
    features = state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
    return bool(features & conversation.ConversationEntityFeature.CONTROL)


def _remind(chat_log: conversation.ChatLog, question: Question, agent_id: str) -> None:
    """Tell an agent what was said, where core forgot it or the session took another way."""
    if not question.rewound and len(chat_log.content) > NEW_LOG:
        return
    said: list[conversation.Content] = [
        conversation.UserContent(content=text)
        if role is Role.USER
        else conversation.AssistantContent(agent_id=agent_id, content=text)
        for role, text in question.history
        if text and role in (Role.USER, Role.ASSISTANT)
    ]
    chat_log.content[1:-1] = said


class _DeltaListener:
    """Keep the assistant's text of chat log deltas and part its messages by a space."""

    def __init__(self, pieces: asyncio.Queue[str | None], turn: Turn | None) -> None:
        """Write into `pieces`, and tell the turn of the tools that are used."""
        self._pieces = pieces
        self._turn = turn
        self._calls: dict[str, llm.ToolInput] = {}
        self._role: str | None = None
        self._last = " "

    @callback
    def __call__(self, chat_log: conversation.ChatLog, delta: dict[str, Any]) -> None:
        """Take one delta."""
        for call in delta.get("tool_calls") or ():
            self._calls[call.id] = call
        if delta.get("role") == "tool_result" and self._turn is not None:
            self._use(self._turn, chat_log, delta)
        if role := delta.get("role"):
            self._role = str(role)
            if self._role == "assistant" and not self._last.isspace():
                self._put(" ")
        content = delta.get("content")
        if self._role == "assistant" and isinstance(content, str) and content:
            self._put(content)

    def _use(self, turn: Turn, chat_log: conversation.ChatLog, delta: dict[str, Any]) -> None:
        """Take the result of a tool; core gives it as a dict."""
        unknown = llm.ToolInput(tool_name=delta["tool_name"], tool_args={})
        call = self._calls.pop(delta["tool_call_id"], unknown)
        result = llm.ToolResult(**delta["result"])
        if brings_text(tool_named(chat_log.llm_api, call.tool_name)):
            turn.untrusted = True
            turn.exposed_to = STRANGER
        note_tool(chat_log.hass, turn, chat_log.llm_api, call, result)

    def _put(self, text: str) -> None:
        """Pass text on."""
        self._pieces.put_nowait(text)
        self._last = text[-1]
