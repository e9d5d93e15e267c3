"""What a language model is to the rest: a request goes in, small typed deltas come out."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Role(StrEnum):
    """Who a message is from."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call the model asks for."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    invalid: str | None = None
    """What the model wrote instead of arguments, when it was no JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """A block of thinking; with a signature it must be sent back unchanged."""

    text: str
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the conversation."""

    role: Role
    text: str = ""
    thinking: tuple[Thinking, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    tool_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model is asked: the system text and the messages, the newest last."""

    model: str
    system: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 1024
    temperature: float | None = None
    think: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the provider itself, such as `num_ctx`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """Words of the answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingDelta:
    """Words of the thinking, and at its end the signature of the block."""

    text: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCallDelta:
    """A complete call."""

    call: ToolCall


class StopReason(StrEnum):
    """Why the model ended."""

    DONE = "done"
    TOOLS = "tools"
    LENGTH = "length"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDelta:
    """The model has ended."""

    reason: StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDelta:
    """What it cost, in tokens; `cached` of `prompt` were known to the server already."""

    prompt: int
    output: int
    cached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Nothing came for a while; the stream goes on. A gesture or a word bridges it."""


type Delta = TextDelta | ThinkingDelta | ToolCallDelta | StopDelta | UsageDelta | Holding
type Deltas = AsyncGenerator[Delta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a model can do, `None` where nobody says."""

    model: str
    context_tokens: int | None = None
    tools: bool | None = None
    thinking: bool | None = None


class Provider(Protocol):
    """A server of language models."""

    async def models(self) -> list[str]:
        """Return the models it has, sorted."""
        ...

    async def probe(self, model: str) -> Capabilities:
        """Return what a model can do; raise when it is not there."""
        ...

    def stream(self, request: Request) -> Deltas:
        """Yield the answer; closing the generator cancels it at the server."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """A server that also has models which make vectors of texts."""

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text, in their order."""
        ...
