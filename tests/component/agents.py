"""Conversation agents that stream, as any integration's agent would."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Literal, override

from homeassistant.components import conversation
from homeassistant.const import MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import EntityComponent


class StreamingAgent(conversation.ConversationEntity):
    """Answer with given pieces; `gate` holds a piece back until it is set."""

    _attr_supports_streaming = True
    _attr_name = "Scripted"
    _attr_unique_id = "scripted"
    entity_id = "conversation.scripted"

    def __init__(self, pieces: list[str]) -> None:
        """Know what to say."""
        self.pieces = pieces
        self.asked: list[conversation.ConversationInput] = []
        self.logs: list[list[conversation.Content]] = []
        self.closed = 0

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return that any language will do."""
        return MATCH_ALL

    async def _pieces(self) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Yield the answer; overridden by agents that wait or fail."""
        yield {"role": "assistant"}
        for piece in self.pieces:
            yield {"content": piece}

    @override
    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Stream the answer."""
        self.asked.append(user_input)
        self.logs.append(list(chat_log.content))
        try:
            async for _ in chat_log.async_add_delta_content_stream(self.entity_id, self._pieces()):
                pass
        finally:
            self.closed += 1
        return conversation.async_get_result_from_chat_log(user_input, chat_log)


class HeldAgent(StreamingAgent):
    """Say the first piece, then wait until somebody lets it go on."""

    def __init__(self, pieces: list[str]) -> None:
        """Hold after the first piece."""
        super().__init__(["Let me see. ", "There was once a house."])
        self.gate = asyncio.Event()

    @override
    async def _pieces(self) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Yield the first piece, and the others when the gate opens."""
        yield {"role": "assistant", "content": self.pieces[0]}
        await self.gate.wait()
        for piece in self.pieces[1:]:
            yield {"content": piece}


async def add_agent(hass: HomeAssistant, agent: StreamingAgent) -> None:
    """Put an agent into the conversation component."""
    component: EntityComponent[conversation.ConversationEntity] = hass.data[
        conversation.DATA_COMPONENT
    ]
    await component.async_add_entities([agent])
