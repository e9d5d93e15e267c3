"""What all wire formats share: arguments of tools, the check for empty answers, errors translated."""

from dataclasses import replace
import json
from typing import Any

from ..stage.surrogates import Joiner
from .base import Deltas, StopDelta, TextDelta, ThinkingDelta, ToolCall, ToolCallDelta
from .errors import BadResponseError, EmptyAnswerError, translating

_SHAPELESS = (AttributeError, LookupError, TypeError, ValueError)


def tool_call(call_id: str, name: str, arguments: str | dict[str, Any]) -> ToolCall:
    """Return a call with its arguments read, also when they are JSON inside JSON."""
    value: Any = arguments or "{}"
    for _ in range(2):
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                break
    if isinstance(value, dict):
        return ToolCall(id=call_id, name=name, arguments=value)
    return ToolCall(id=call_id, name=name, arguments={}, invalid=str(arguments))


async def checked(deltas: Deltas) -> Deltas:
    """Yield the deltas of an adapter, with its errors translated and an empty answer made one."""
    said, ended = False, False
    words = Joiner()
    try:
        with translating():
            async for delta in deltas:
                said = said or isinstance(delta, TextDelta | ThinkingDelta | ToolCallDelta)
                ended = ended or isinstance(delta, StopDelta)
                if isinstance(delta, TextDelta):
                    delta = replace(delta, text=words.feed(delta.text))
                yield delta
        if rest := words.finish():
            yield TextDelta(text=rest)
    except _SHAPELESS as err:
        # the SDKs build their objects without looking whether a server wrote what belongs there
        raise BadResponseError("the stream has not the shape that it should have") from err
    finally:
        # Not left to the garbage collector: a cancel has to reach the server at once.
        await deltas.aclose()
    if not said and not ended:
        raise EmptyAnswerError("the stream ended without an answer")
