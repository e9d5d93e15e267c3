"""What was said, as the bytes that were sent: only appended to, trimmed in blocks, kept over restarts.

A local model keeps what it has computed for the beginning of a request that it has seen before
(its key-value cache); one changed character near the top costs it the whole conversation again.
"""

import json
from typing import Any, Self

from ..providers.base import Message, Role, Thinking, ToolCall
from .tokens import estimated_tokens

KEPT_SHARE = 0.5
"""Part of the budget that a trim leaves: so the next one is many turns away."""
_MESSAGE_TOKENS = 6
"""What a template writes around a message."""


class History:
    """The messages of a session."""

    def __init__(self, messages: tuple[Message, ...] = ()) -> None:
        """Start with the messages of before."""
        self._messages = list(messages)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return all messages, the oldest first."""
        return tuple(self._messages)

    @property
    def tokens(self) -> int:
        """Return about how long it is."""
        return sum(message_tokens(message) for message in self._messages)

    def add(self, message: Message) -> None:
        """Append a message as it is sent."""
        self._messages.append(message)

    def cut(self, heard: str) -> None:
        """Keep of the last answer only what was heard."""
        if self._messages and self._messages[-1].role is Role.ASSISTANT:
            self._messages[-1] = Message(role=Role.ASSISTANT, text=heard)

    def trim(self, budget_tokens: int) -> bool:
        """Drop the oldest turns when it is too long; tell whether anything went.

        What is left begins with a person's message, and the newest turn always stays.
        """
        if self.tokens <= budget_tokens:
            return False
        starts = [i for i, m in enumerate(self._messages) if m.role is Role.USER]
        kept = starts[-1] if starts else 0
        left = budget_tokens * KEPT_SHARE
        for start in starts:
            if sum(map(message_tokens, self._messages[start:])) <= left:
                kept = start
                break
        del self._messages[:kept]
        return kept > 0

    def to_json(self) -> str:
        """Return the history to be stored."""
        return json.dumps([_written(message) for message in self._messages], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a stored history."""
        return cls(tuple(_read(item) for item in json.loads(text)))


def message_tokens(message: Message) -> int:
    """Return about how long a message is."""
    calls = sum(
        estimated_tokens(f"{c.name}{json.dumps(dict(c.arguments))}") for c in message.tool_calls
    )
    return estimated_tokens(message.text) + calls + _MESSAGE_TOKENS


def _written(message: Message) -> dict[str, Any]:
    """Return a message as JSON."""
    return {
        "role": message.role.value,
        "text": message.text,
        "thinking": [[block.text, block.signature] for block in message.thinking],
        "calls": [[c.id, c.name, dict(c.arguments), c.invalid] for c in message.tool_calls],
        "call_id": message.tool_call_id,
        "tool": message.tool_name,
    }


def _read(item: dict[str, Any]) -> Message:
    """Return a message from JSON."""
    return Message(
        role=Role(item["role"]),
        text=item["text"],
        thinking=tuple(Thinking(text=text, signature=sign) for text, sign in item["thinking"]),
        tool_calls=tuple(
            ToolCall(id=call_id, name=name, arguments=arguments, invalid=invalid)
            for call_id, name, arguments, invalid in item["calls"]
        ),
        tool_call_id=item["call_id"],
        tool_name=item["tool"],
    )
