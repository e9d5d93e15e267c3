"""The agent as Home Assistant sees it."""

from collections.abc import AsyncGenerator
from typing import Literal, override

from homeassistant.components.conversation import (
    AssistantContentDeltaDict,
    ChatLog,
    ConversationEntity,
    ConversationInput,
    ConversationResult,
    async_get_result_from_chat_log,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from . import DemoAgentEntry
from .delivery import pieces
from .mira import Mira, Reply


async def async_setup_entry(
    hass: HomeAssistant, entry: DemoAgentEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the agent."""
    async_add_entities([DemoAgent(Mira(entry.runtime_data), entry.entry_id)])


class DemoAgent(ConversationEntity):
    """Mira, by script."""

    _attr_name = "Demo agent"
    _attr_supports_streaming = True

    def __init__(self, mira: Mira, unique_id: str) -> None:
        """Answer with Mira's words."""
        self._mira = mira
        self._attr_unique_id = unique_id

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return that any language is taken; the answers are English, greetings also German."""
        return "*"

    @override
    async def _async_handle_message(
        self, user_input: ConversationInput, chat_log: ChatLog
    ) -> ConversationResult:
        """Stream the answer into the chat log."""
        reply = self._mira.answer(chat_log.conversation_id, user_input.text, dt_util.now())
        async for _content in chat_log.async_add_delta_content_stream(
            self.entity_id, _deltas(reply)
        ):
            pass
        return async_get_result_from_chat_log(user_input, chat_log)


async def _deltas(reply: Reply) -> AsyncGenerator[AssistantContentDeltaDict]:
    """Yield the reply as a model's stream: `{role}`, then `{content}` for each piece."""
    yield {"role": "assistant"}
    async for piece in pieces(reply.text, reply.duration_s):
        yield {"content": piece}
